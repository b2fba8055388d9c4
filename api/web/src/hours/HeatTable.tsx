import { Link } from 'react-router'

import type { HourlyFigures, WindowHour } from '../api/types'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { duration } from '../time/duration'
import { hourMinute } from '../time/hallTime'
import { ENOUGH_COVERAGE, coverageOf, gradeOf, percent, total, type Grade } from './grades'

export const CLASSES: Record<Grade, string> = {
  closed: 'closed',
  unobserved: 'unobserved',
  full: 'full',
  high: 'high',
  middle: 'middle-grade',
  low: 'low',
}

/** More columns than this get smaller figures, so that none runs over its neighbour at 1366 pixels. */
const MANY = 14

/** Compliance of each hour and window, with what was really observed of it. */
export function HeatTable({ figures }: { figures: HourlyFigures }) {
  const { t } = useSpeech()
  const names = useNames()
  const windows = figures.hours[0]?.windows.map(({ window }) => window) ?? []
  return (
    <table className={figures.hours.length > MANY ? 'heat many' : 'heat'}>
      <colgroup>
        <col style={{ width: 170 }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col" style={{ textAlign: 'start' }}>{t('hours.window')}</th>
          {figures.hours.map(({ hour }) => (
            <th key={hour} scope="col" className="figures">{hourMinute(hour, figures.time_zone)}</th>
          ))}
          <th scope="col">{t('hours.day')}</th>
        </tr>
      </thead>
      <tbody>
        {windows.map((window) => {
          const cells = figures.hours.map(({ hour, windows: all }) => ({ hour, cell: all.find((one) => one.window === window) }))
          const sum = total(cells.flatMap(({ cell }) => (cell ? [cell] : [])))
          return (
            <tr key={window}>
              <th scope="row">
                <Link to={`/events?window=${encodeURIComponent(window)}&from=${figures.date}&to=${figures.date}`}>{names.windowOf(window)}</Link>
              </th>
              {cells.map(({ hour, cell }) => cell && <Cell key={hour} cell={cell} hour={hourMinute(hour, figures.time_zone)} />)}
              <Cell cell={{ ...sum, window, present_s: 0, by_behaviour: {} }} hour={t('hours.day')} />
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

function Cell({ cell, hour }: { cell: WindowHour; hour: string }) {
  const { t, language } = useSpeech()
  const names = useNames()
  const grade = gradeOf(cell)
  const coverage = coverageOf(cell)
  const label = t('hours.cell', {
    window: names.windowOf(cell.window),
    hour,
    compliance: percent(cell.compliance, t('hours.unobserved')),
    observed: duration(cell.observed_s, language),
    open: duration(cell.open_s, language),
    confirmed: cell.confirmed,
    pending: cell.pending,
    dismissed: cell.dismissed,
  })
  return (
    <td className={CLASSES[grade]} title={label}>
      {grade === 'closed' && <span aria-label={t('hours.closed')}>–</span>}
      {grade === 'unobserved' && <span>{t('hours.unobserved')}</span>}
      {grade !== 'closed' && grade !== 'unobserved' && <b className="figures">{percent(cell.compliance, '–')}</b>}
      {cell.confirmed + cell.pending > 0 && (
        <span className="figures">
          {cell.confirmed > 0 && `✕${cell.confirmed} `}
          {cell.pending > 0 && `?${cell.pending}`}
        </span>
      )}
      {coverage !== null && grade !== 'unobserved' && (
        <>
          {coverage < ENOUGH_COVERAGE && <span className="figures">◐ {percent(coverage, '–')}</span>}
          <div className="cover"><i style={{ width: `${coverage * 100}%` }} /></div>
        </>
      )}
    </td>
  )
}
