import { Alert, Spin } from 'antd'

import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n/language'
import { isOff, type Fit, type Grade } from './content'
import { FEWEST_POINTS, floorFaults, measuredPoints, type Draft } from './draft'
import type { Preview } from './queries'

/** How good the floor is, in one sentence, and what to do about what is not. */
export function Findings({ draft, preview }: { draft: Draft; preview: Preview }) {
  const { t } = useSpeech()
  const count = measuredPoints(draft).length
  if (!draft.points.length) return null
  if (floorFaults(draft).some(({ kind }) => kind === 'tileSize')) return <Alert type="info" showIcon title={t('calibration.fault.tileSize')} />
  if (count < FEWEST_POINTS)
    return <Alert type="info" showIcon title={t('calibration.fit.waiting', { count })} description={t('calibration.fit.waiting.do')} />
  return (
    <div className="findings" aria-live="polite" aria-busy={preview.computing}>
      {preview.refusal && <Alert type="error" showIcon title={preview.refusal.detail || preview.refusal.message} />}
      {preview.failure !== null && <Failure error={preview.failure} />}
      {preview.fit && <Verdict draft={draft} fit={preview.fit} />}
      {!preview.fit && !preview.refusal && preview.failure === null && <span className="quiet"><Spin size="small" /> {t('calibration.fit.computing')}</span>}
    </div>
  )
}

function Verdict({ draft, fit }: { draft: Draft; fit: Fit }) {
  const { t, word } = useSpeech()
  const has = (grade: Grade) => fit.points.some((point) => point.grade === grade)
  // Four points fit any floor exactly: their error says nothing.
  const unchecked = fit.warnings.includes('only_four_points')
  const grade = has('bad') ? 'bad' : unchecked ? 'unchecked' : has('weak') ? 'weak' : 'good'
  const type = grade === 'bad' ? 'error' : grade !== 'good' || fit.warnings.length ? 'warning' : 'success'
  const todo = [
    ...(grade === 'bad' || (grade === 'weak' && fit.points.some(isOff)) ? [t(`calibration.fit.${grade}.do`)] : []),
    ...fit.warnings.map((code) => word('calibration.warning', code)),
    ...(draft.line ? [] : [t('calibration.fit.noLine')]),
  ]
  const line = fit.line_at_m !== null && fit.line_sd_cm !== null
    ? t('calibration.fit.line', { m: fit.line_at_m.toFixed(2), cm: fit.line_sd_cm.toFixed(1) })
    : null
  const what = (
    <>
      {line && <div>{line}</div>}
      {todo.map((sentence) => <div key={sentence}>{sentence}</div>)}
    </>
  )
  const title = t(`calibration.fit.${grade}`, { cm: (fit.worst_cm ?? 0).toFixed(1) })
  return <Alert type={type} showIcon title={title} description={line || todo.length ? what : undefined} />
}
