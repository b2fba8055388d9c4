import { Alert, Button, Segmented } from 'antd'
import { useCallback, useEffect, useMemo, useReducer, useState } from 'react'

import { useCameras } from '../api/queries'
import { useSpeech } from '../i18n/language'
import { Board, type Tool } from './Board'
import type { Calibration } from './content'
import { faultsOf } from './draft'
import { isDirty, loaded, outlineOf, step, type Edit, type ZoneName } from './editing'
import { Findings } from './Findings'
import { Header } from './Header'
import { HistoryDrawer } from './HistoryDrawer'
import { HowTo } from './HowTo'
import { drop, keep, kept } from './keptDraft'
import { PointTable, UnitsRow } from './PointTable'
import { usePreview } from './queries'
import { StripForm } from './StripForm'
import { useFaultWords } from './useFaultWords'
import { useLeaveGuard } from './useLeaveGuard'
import { useStill } from './useStill'
import { useUndoKeys } from './useUndoKeys'
import { ZonePanel, nameOf } from './ZonePanel'

/** Works on one camera's calibration until it is saved. */
export function Editor({ camera, calibration }: { camera: string; calibration: Calibration }) {
  const { t, language } = useSpeech()
  const [known, setKnown] = useState(calibration)
  const [resumed, setResumed] = useState(() => kept(camera))
  const [state, dispatch] = useReducer(step, calibration, ({ content, revision }) => {
    const fresh = loaded(content, revision)
    return resumed ? step(fresh, { type: 'resume', draft: resumed.draft, content, revision: resumed.revision }) : fresh
  })
  const draft = state.timeline.now
  const dirty = useMemo(() => isDirty(state), [state])
  const [tool, setTool] = useState<Tool>('floor')
  const [zone, setZone] = useState<ZoneName | null>(null)
  const [drawing, setDrawing] = useState(false)
  const [history, setHistory] = useState(false)
  const still = useStill(camera)
  const preview = usePreview(camera, draft, known.size)
  const moved = useCameras().data?.find(({ id }) => id === camera)?.state === 'moved'
  const faultWords = useFaultWords(known.windows)
  const faults = useMemo(() => faultsOf(draft, known.windows.map(({ id }) => id)), [draft, known.windows])

  const edit = useCallback((one: Edit, stroke?: string) => dispatch({ type: 'edit', edit: one, ...(stroke ? { stroke } : {}) }), [])
  const lift = useCallback(() => dispatch({ type: 'lift' }), [])
  const undo = useCallback(() => dispatch({ type: 'undo' }), [])
  const redo = useCallback(() => dispatch({ type: 'redo' }), [])
  useUndoKeys(undo, redo)
  useLeaveGuard(dirty)
  useEffect(() => {
    if (dirty) keep(camera, { revision: state.revision, draft })
    else drop(camera)
  }, [camera, dirty, draft, state.revision])

  const take = (next: Calibration) => {
    setKnown(next)
    setResumed(null)
    dispatch({ type: 'load', content: next.content, revision: next.revision })
  }
  const pickZone = (next: ZoneName, goOn = outlineOf(draft, next).length < 3) => {
    setZone(next)
    setDrawing(goOn)
  }
  const zoneName = ({ window, side }: ZoneName) => {
    const found = known.windows.find(({ id }) => id === window)
    return `${found ? nameOf(found, language) : window} · ${t(`calibration.zone.${side}`)}`
  }
  return (
    <div className="page calibration">
      <Header
        camera={camera} known={known} draft={draft} revision={state.revision} dirty={dirty}
        finished={!faults.length && !preview.refusal} canUndo={state.timeline.past.length > 0} canRedo={state.timeline.future.length > 0}
        undo={undo} redo={redo} still={still} showHistory={() => setHistory(true)} load={take}
        saved={(next, sent) => { setKnown(next); setResumed(null); dispatch({ type: 'saved', draft: sent, revision: next.revision }) }}
      />
      {(known.stale || moved) && <Alert type="warning" showIcon title={t('calibration.stale')} description={t('calibration.stale.do')} />}
      {resumed && dirty && (
        <Alert
          type="info" showIcon title={t('calibration.resumed')} closable={{ onClose: () => setResumed(null) }}
          action={<Button size="small" onClick={() => take(known)}>{t('calibration.resumed.drop')}</Button>}
        />
      )}
      <div className="bench">
        {/* In the order of the Tab key: from the last point straight on to its metres. */}
        <Segmented
          block
          value={tool}
          onChange={(next: Tool) => setTool(next)}
          options={[{ value: 'floor', label: t('calibration.floor') }, { value: 'zones', label: t('calibration.zones') }]}
        />
        <Board
          still={still} size={known.size} tool={tool} draft={draft} preview={preview} zone={zone} drawing={drawing}
          zoneName={zoneName} pickZone={pickZone} finishZone={() => setDrawing(false)} edit={edit} lift={lift}
        />
        <aside className="sheet">
          {tool === 'floor' ? (
            <>
              <PointTable draft={draft} errors={preview.errors} edit={edit} lift={lift} />
              <div className="row">
                <UnitsRow draft={draft} edit={edit} lift={lift} />
                <Button size="small" style={{ marginInlineStart: 'auto' }} onClick={() => edit({ do: 'addPoint', at: [0.5, 0.5] })}>
                  {t('calibration.point.add')}
                </Button>
              </div>
              <Findings draft={draft} preview={preview} />
              {draft.points.length > 0 && <StripForm draft={draft} edit={edit} lift={lift} />}
              {(draft.lens || draft.straightLines.length > 0) && <p className="small quiet">{t('calibration.lens.kept')}</p>}
            </>
          ) : (
            <ZonePanel windows={known.windows} draft={draft} active={zone} drawing={drawing} pick={pickZone} finish={() => setDrawing(false)} edit={edit} />
          )}
          {dirty && faults.length > 0 && (
            <div className="unfinished small">
              <b>{t('calibration.unfinished')}</b>
              <ul>{faults.map(faultWords).map((fault) => <li key={fault}>{fault}</li>)}</ul>
            </div>
          )}
        </aside>
        <HowTo />
      </div>
      <HistoryDrawer camera={camera} dirty={dirty} shown={history} close={() => setHistory(false)} restored={take} />
    </div>
  )
}
