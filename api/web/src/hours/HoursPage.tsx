import { Button, DatePicker } from 'antd'
import dayjs from 'dayjs'
import { Suspense, lazy } from 'react'
import { useSearchParams } from 'react-router'

import { useHourly } from '../api/queries'
import type { Counts, HourlyFigures, WindowHour } from '../api/types'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useSpeech } from '../i18n/language'
import { CLASSES, HeatTable } from './HeatTable'
import { BOUNDS, coverageOf, percent, total } from './grades'

const BehaviourChart = lazy(() => import('./BehaviourChart').then((file) => ({ default: file.BehaviourChart })))

export default function HoursPage() {
  const { t } = useSpeech()
  const [address, setAddress] = useSearchParams()
  const date = address.get('date') ?? undefined
  const figures = useHourly(date)
  const shown = figures.data?.date ?? date
  const go = (to: string | undefined) => setAddress(to ? { date: to } : {})
  const shift = (days: number) => shown && go(dayjs(shown).add(days, 'day').format('YYYY-MM-DD'))
  return (
    <div className="page">
      <header>
        <h1>{t('hours.title')}</h1>
        <Button onClick={() => shift(-1)}>{t('hours.previousDay')}</Button>
        <DatePicker value={shown ? dayjs(shown) : null} allowClear={false} onChange={(day) => day && go(day.format('YYYY-MM-DD'))} />
        <Button onClick={() => shift(1)}>{t('hours.nextDay')}</Button>
        <Button type="text" onClick={() => go(undefined)}>{t('hours.today')}</Button>
        {figures.data && <span className="quiet small">{t('hours.zone', { zone: figures.data.time_zone })}</span>}
      </header>
      {figures.isPending && <Loading />}
      {figures.isError && <Failure error={figures.error} retry={() => void figures.refetch()} />}
      {figures.data && <Day figures={figures.data} />}
    </div>
  )
}

function Day({ figures }: { figures: HourlyFigures }) {
  const { t } = useSpeech()
  const busy = { ...figures, hours: busyHours(figures) }
  const cells = figures.hours.flatMap((hour) => hour.windows)
  if (!busy.hours.length)
    return (
      <div className="sheet middle quiet" style={{ height: 240 }}>
        <div><b>{t('hours.noHours')}</b><p>{t('hours.noHours.do')}</p></div>
      </div>
    )
  return (
    <>
      <Sums cells={cells} />
      <div className="sheet" style={{ marginBottom: 12, overflowX: 'auto' }}>
        <HeatTable figures={busy} />
        <Legend />
      </div>
      <div className="sheet">
        <h3>{t('hours.behaviours')}</h3>
        <Behaviours cells={cells} />
      </div>
    </>
  )
}

/** From the first hour in which anything was open or seen to the last. */
function busyHours(figures: HourlyFigures) {
  const busy = (cell: WindowHour) => cell.open_s + cell.observed_s + cell.confirmed + cell.pending + cell.dismissed > 0
  const first = figures.hours.findIndex((hour) => hour.windows.some(busy))
  const last = figures.hours.findLastIndex((hour) => hour.windows.some(busy))
  return first < 0 ? [] : figures.hours.slice(first, last + 1)
}

function Sums({ cells }: { cells: WindowHour[] }) {
  const { t } = useSpeech()
  const sum = total(cells)
  const boxes = [
    [t('hours.compliance'), percent(sum.compliance, t('hours.unobserved'))],
    [t('hours.observed'), percent(coverageOf(sum), '–')],
    [t('hours.confirmed'), sum.confirmed],
    [t('hours.pending'), sum.pending],
    [t('hours.dismissed'), sum.dismissed],
  ]
  return (
    <div className="sums">
      {boxes.map(([label, value]) => (
        <div className="sheet" key={label}>
          <span className="quiet small">{label}</span>
          <b className="figures">{value}</b>
        </div>
      ))}
    </div>
  )
}

function Legend() {
  const { t } = useSpeech()
  return (
    <>
      <div className="legend-row">
        {BOUNDS.map(([grade, least]) => (
          <span key={grade}><i className={CLASSES[grade]} />≥ {percent(least, '')}</span>
        ))}
        <span><i className="low" />&lt; 90%</span>
        <span><i className="unobserved" />{t('hours.unobserved')}</span>
        <span><i className="closed" />– {t('hours.closed')}</span>
        <span>✕ {t('hours.confirmed')}</span>
        <span>? {t('hours.pending')}</span>
        <span>▂ ◐ {t('hours.observed')}</span>
      </div>
      <p className="quiet small" style={{ marginTop: 6 }}>{t('hours.note')}</p>
    </>
  )
}

function Behaviours({ cells }: { cells: WindowHour[] }) {
  const { t } = useSpeech()
  const counts: Record<string, Counts> = {}
  for (const cell of cells)
    for (const [code, more] of Object.entries(cell.by_behaviour)) {
      const before = counts[code] ?? { confirmed: 0, pending: 0, dismissed: 0 }
      counts[code] = {
        confirmed: before.confirmed + more.confirmed,
        pending: before.pending + more.pending,
        dismissed: before.dismissed + more.dismissed,
      }
    }
  if (!Object.keys(counts).length) return <p className="quiet">{t('hours.noEvents')}</p>
  return (
    <Suspense fallback={<Loading />}>
      <BehaviourChart counts={counts} />
    </Suspense>
  )
}
