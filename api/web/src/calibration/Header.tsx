import { ArrowLeftOutlined, RedoOutlined, UndoOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Alert, App, Button, Input, Modal, Tooltip } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'

import { api } from '../api/client'
import { ProblemError, isProblem } from '../api/problem'
import { Failure, useWords } from '../app/Failure'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { clock, dayAndClock } from '../time/hallTime'
import type { Calibration } from './content'
import { contentOf, type Draft } from './draft'
import { calibrationKeys, useInUse } from './queries'
import type { Still } from './useStill'

interface Properties {
  camera: string
  known: Calibration
  draft: Draft
  /** what the draft is based on */
  revision: number
  dirty: boolean
  /** nothing is missing that saving needs */
  finished: boolean
  canUndo: boolean
  canRedo: boolean
  undo: () => void
  redo: () => void
  still: Still
  showHistory: () => void
  load: (calibration: Calibration) => void
  saved: (calibration: Calibration, sent: Draft) => void
}

/** Which camera, what is saved of it, and everything that is done to the whole. */
export function Header({ camera, known, draft, revision, dirty, finished, canUndo, canRedo, undo, redo, still, showHistory, load, saved }: Properties) {
  const { t, language } = useSpeech()
  const names = useNames()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [note, setNote] = useState('')
  const [conflict, setConflict] = useState<ProblemError | null>(null)
  const save = useMutation({
    mutationFn: ({ basis, sent }: { basis: number; sent: Draft }) =>
      api.saveCalibration(camera, basis, contentOf(sent), note.trim() || null),
    onSuccess: (next, { sent }) => {
      void message.success(t('calibration.saved', { revision: next.revision }))
      setNote('')
      setConflict(null)
      saved(next, sent)
      void client.invalidateQueries({ queryKey: calibrationKeys.revisions(camera) })
    },
    onError: (error) => setConflict(error instanceof ProblemError && error.status === 412 ? error : null),
  })
  const theirs = useMutation({ mutationFn: () => api.calibration(camera) })
  const loadTheirs = () => theirs.mutate(undefined, { onSuccess: (next) => { setConflict(null); load(next) } })
  const saveMine = () => theirs.mutate(undefined, { onSuccess: (next) => save.mutate({ basis: next.revision, sent: draft }) })
  const standing = known.revision
    ? `${t('calibration.revision', { revision: known.revision })}${known.saved_at ? ` · ${t('calibration.savedBy', { who: known.saved_by ?? '–', time: dayAndClock(known.saved_at, names.zone, language) })}` : ''}`
    : t('calibration.fromSite')
  return (
    <>
      <header>
        <Link to="/cameras" aria-label={t('calibration.back')} title={t('calibration.back')}><ArrowLeftOutlined /></Link>
        <h1>{t('calibration.title', { camera: names.camera(camera) })}</h1>
        <span className="quiet small">{standing}</span>
        {dirty ? <span className="tag warn">{t('calibration.unsaved')}</span> : <InUse camera={camera} known={known} />}
        <div className="end">
          {still.at && <span className="quiet small figures">{t('calibration.still.at', { time: clock(still.at.toISOString(), names.zone) })}</span>}
          <Button loading={still.fetching} onClick={still.renew}>{t('calibration.still')}</Button>
          <Tooltip title={t('calibration.undo')}><Button icon={<UndoOutlined />} disabled={!canUndo} onClick={undo} aria-label={t('calibration.undo')} /></Tooltip>
          <Tooltip title={t('calibration.redo')}><Button icon={<RedoOutlined />} disabled={!canRedo} onClick={redo} aria-label={t('calibration.redo')} /></Tooltip>
          <Button onClick={showHistory}>{t('calibration.history')}</Button>
          <Input
            className="free-text" value={note} onChange={(change) => setNote(change.target.value)} maxLength={500}
            placeholder={t('calibration.note')} aria-label={t('calibration.note')} style={{ width: 150 }}
          />
          <Button type="primary" disabled={!dirty || !finished} loading={save.isPending} onClick={() => save.mutate({ basis: revision, sent: draft })}>
            {t('calibration.save')}
          </Button>
        </div>
      </header>
      {save.isError && !conflict && <Refusal error={save.error} />}
      {theirs.isError && <Failure error={theirs.error} />}
      <Conflict problem={conflict} busy={theirs.isPending || save.isPending} loadTheirs={loadTheirs} saveMine={saveMine} close={() => { setConflict(null); save.reset() }} />
    </>
  )
}

/** Whether the camera works with what was saved; asked again until it does. */
function InUse({ camera, known }: { camera: string; known: Calibration }) {
  const { t } = useSpeech()
  const told = useInUse(camera, known)
  if (told === null || !known.revision) return null
  if (told === known.revision) return <span className="tag good">{t('calibration.inUse')}</span>
  return <span className="tag pending" title={t('calibration.underWay.what', { revision: told })}>{t('calibration.underWay')}</span>
}

/** A refused calibration says in one sentence what to do; anything else fails like everywhere. */
function Refusal({ error }: { error: unknown }) {
  if (!isProblem(error, 'calibration_refused')) return <Failure error={error} />
  const refused = error as ProblemError
  return <Alert type="error" showIcon title={refused.message} description={refused.detail} />
}

interface ConflictProperties {
  problem: ProblemError | null
  busy: boolean
  loadTheirs: () => void
  saveMine: () => void
  close: () => void
}

/** Somebody else saved meanwhile: who and when, and the ways on. */
function Conflict({ problem, busy, loadTheirs, saveMine, close }: ConflictProperties) {
  const { t } = useSpeech()
  const words = useWords()
  const said = problem && words(problem)
  return (
    <Modal
      open={problem !== null}
      title={said?.title}
      onCancel={close}
      footer={[
        <Button key="look" onClick={close}>{t('calibration.conflict.look')}</Button>,
        <Button key="mine" danger loading={busy} onClick={saveMine}>{t('calibration.conflict.mine')}</Button>,
        <Button key="theirs" type="primary" loading={busy} onClick={loadTheirs}>{t('calibration.conflict.theirs')}</Button>,
      ]}
    >
      <p>{said?.todo}</p>
    </Modal>
  )
}
