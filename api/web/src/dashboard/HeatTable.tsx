import { Link } from 'react-router'

import { useSpeech, type Translate } from '../i18n/language'
import { duration } from '../time/duration'
import { hourMinute } from '../time/hallTime'
import type { Bucket, Numbers, Row, Table } from './figures'
import { CLASSES, MARKED_COVERAGE, gradeOf, percent } from './grades'

/** More columns than this get smaller figures, so that none runs over its neighbour at 1366 pixels. */
const MANY = 14
const VERY_MANY = 20

interface Properties {
  windows: Table
  /** left out: the hall has no line of its own */
  hall?: Table | undefined
  /** where a click on a cell leads; nowhere on the wall */
  address?: (unit: string, bucket: string) => string
}

/** Compliance of each window in each hour or day, with what was really observed of it; the hall's own below. */
export function HeatTable({ windows, hall, address }: Properties) {
  const { t, language } = useSpeech()
  const buckets = busyBuckets(windows)
  const title = useBucketNames(windows)
  const rows = new Map(windows.rows.map((row) => [`${row.unit}/${row.bucket}`, row]))
  const whole = new Map(windows.totals.map((total) => [total.unit, total]))
  const halls = new Map(hall?.rows.map((row) => [row.bucket, row]))
  const size = buckets.length > VERY_MANY ? ' many tiny' : buckets.length > MANY ? ' many' : ''
  return (
    <table className={`heat${size}`}>
      <colgroup>
        <col style={{ width: 150 }} />
      </colgroup>
      <thead>
        <tr>
          <th scope="col" style={{ textAlign: 'start' }}>{t('dashboard.window')}</th>
          {buckets.map(({ bucket }) => <th key={bucket} scope="col" className="figures">{title(bucket)}</th>)}
          <th scope="col">{t('dashboard.whole')}</th>
        </tr>
      </thead>
      <tbody>
        {windows.units.map((unit) => {
          const name = language === 'zh' ? unit.name : unit.name_en
          return (
            <tr key={unit.id}>
              <th scope="row">{address ? <Link to={address(unit.id, '')}>{name}</Link> : name}</th>
              {buckets.map(({ bucket }) => (
                <Cell key={bucket} numbers={rows.get(`${unit.id}/${bucket}`)} of={name} time={title(bucket)} to={address?.(unit.id, bucket)} />
              ))}
              <Cell numbers={whole.get(unit.id)} of={name} time={t('dashboard.whole')} to={address?.(unit.id, '')} />
            </tr>
          )
        })}
        {hall && <tr className="sum">
          <th scope="row">{t('dashboard.hall')}</th>
          {buckets.map(({ bucket }) => (
            <Cell key={bucket} numbers={halls.get(bucket)} of={t('dashboard.hall')} time={title(bucket)} to={address?.('', bucket)} />
          ))}
          <Cell numbers={hall.total} of={t('dashboard.hall')} time={t('dashboard.whole')} to={address?.('', '')} />
        </tr>}
      </tbody>
    </table>
  )
}

/** 09:00 for an hour; the day's number, or month and day where a span runs over a month's end. */
export function useBucketNames(table: Pick<Table, 'grain' | 'time_zone' | 'buckets'>): (bucket: string) => string {
  const starts = new Map(table.buckets.map((one) => [one.bucket, one.starts_at]))
  return (bucket) => {
    if (table.grain === 'hour') return hourMinute(starts.get(bucket) ?? bucket, table.time_zone)
    if (table.grain === 'month') return bucket.slice(0, 7)
    return (starts.get(bucket) ?? bucket).slice(5, 10).replace('-', '/')
  }
}

/** Of a day's hours, from the first of which anything is known to the last; days are all shown. */
function busyBuckets(table: Table): Bucket[] {
  if (table.grain !== 'hour') return table.buckets
  const busy = new Set(table.rows.map((row) => row.bucket))
  const first = table.buckets.findIndex(({ bucket }) => busy.has(bucket))
  const last = table.buckets.findLastIndex(({ bucket }) => busy.has(bucket))
  return first < 0 ? [] : table.buckets.slice(first, last + 1)
}

interface CellProperties {
  numbers: Numbers | Row | undefined
  of: string
  time: string
  to: string | undefined
}

function Cell({ numbers, of, time, to }: CellProperties) {
  const { t, language } = useSpeech()
  const grade = gradeOf(numbers)
  const figures = numbers ? saidOf(numbers, t, language) : t('dashboard.closed')
  const label = t('dashboard.cell', { window: of, time, figures })
  const face = <Face numbers={numbers} />
  const events = numbers ? numbers.confirmed + numbers.pending + numbers.dismissed + numbers.expired : 0
  return (
    <td className={CLASSES[grade]} title={label}>
      {to && events > 0 ? <Link to={to}>{face}</Link> : face}
    </td>
  )
}

function Face({ numbers }: { numbers: Numbers | Row | undefined }) {
  const { t } = useSpeech()
  const grade = gradeOf(numbers)
  if (!numbers || grade === 'closed') return <span aria-label={t('dashboard.closed')}>–</span>
  const coverage = numbers.coverage ?? 0
  return (
    <>
      {grade === 'unobserved' ? <span>{t('dashboard.unobserved')}</span> : <b className="figures">{percent(numbers.compliance, '–')}</b>}
      {numbers.confirmed + numbers.pending > 0 && (
        <span className="figures">
          {numbers.confirmed > 0 && `✕${numbers.confirmed} `}
          {numbers.pending > 0 && `?${numbers.pending}`}
        </span>
      )}
      {grade !== 'unobserved' && (
        <>
          {coverage < MARKED_COVERAGE && <span className="figures part">◐ {percent(coverage, '–')}</span>}
          <div className="cover"><i style={{ width: `${Math.min(1, coverage) * 100}%` }} /></div>
        </>
      )}
    </>
  )
}

function saidOf(numbers: Numbers | Row, t: Translate, language: string): string {
  const figures = t('dashboard.cell.figures', {
    compliance: percent(numbers.compliance, t('dashboard.unobserved')),
    observed: duration(numbers.observed_s, language),
    open: duration(numbers.open_s, language),
    confirmed: numbers.confirmed,
    pending: numbers.pending,
    dismissed: numbers.dismissed,
  })
  const revision = 'revision' in numbers ? numbers.revision : 0
  return revision > 0 ? `${figures}; ${t('dashboard.revised', { revision })}` : figures
}
