import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { Button, DatePicker, Segmented } from 'antd'
import dayjs from 'dayjs'
import { Suspense, lazy } from 'react'
import { Link, useNavigate, useSearchParams } from 'react-router'

import { useMay, useWholeHall } from '../api/queries'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { hallDate } from '../time/hallTime'
import { HeatTable, useBucketNames } from './HeatTable'
import { Legend } from './Legend'
import { ErrorNote, RatesTable, ReviewingPanel, WorstHours } from './Panels'
import { Sums } from './Sums'
import './dashboard.css'
import { csvUrl, useByBehaviour, useTable, type Table } from './figures'
import { KINDS, STEP, shifted, spanOf, trendOf, type Kind, type Span } from './spans'

const BehaviourChart = lazy(() => import('./BehaviourChart').then((file) => ({ default: file.BehaviourChart })))
const TrendChart = lazy(() => import('./TrendChart').then((file) => ({ default: file.TrendChart })))

export default function DashboardPage() {
  const [address, setAddress] = useSearchParams()
  const { zone } = useNames()
  const kind = KINDS.find((one) => one === address.get('kind')) ?? 'day'
  const date = address.get('date') ?? hallDate(new Date(), zone)
  const span = spanOf(kind, date)
  const go = (kind: Kind, date: string | undefined) => setAddress({ ...(kind !== 'day' && { kind }), ...(date && { date }) })
  return (
    <div className="page dashboard">
      <Header span={span} date={date} zone={zone} go={go} />
      <Whole span={span} go={go} />
    </div>
  )
}

interface Going {
  span: Span
  go: (kind: Kind, date: string | undefined) => void
}

function Header({ span, date, zone, go }: Going & { date: string; zone: string }) {
  const { t, language } = useSpeech()
  const { kind } = span
  return (
    <header>
      <h1>{t('dashboard.title')}</h1>
      <Segmented
        aria-label={t('dashboard.kind')}
        value={kind}
        onChange={(next) => go(next, date)}
        options={KINDS.map((value) => ({ value, label: t(`dashboard.kind.${value}`) }))}
      />
      <Button icon={<LeftOutlined />} aria-label={t('dashboard.previous')} onClick={() => go(kind, shifted(span, -1))} />
      <DatePicker
        picker={kind === 'day' ? 'date' : kind}
        aria-label={t('dashboard.kind')}
        value={dayjs(date)}
        allowClear={false}
        onChange={(day: dayjs.Dayjs | null) => day && go(kind, day.format('YYYY-MM-DD'))}
      />
      <Button icon={<RightOutlined />} aria-label={t('dashboard.next')} onClick={() => go(kind, shifted(span, 1))} />
      <Button type="text" onClick={() => go(kind, undefined)}>{t('dashboard.now')}</Button>
      <span className="quiet small">{t('dashboard.zone', { zone })}</span>
      <span className="end">
        <Button href={csvUrl({ grain: STEP[kind], level: 'window', from: span.from, to: span.to }, language)} download>{t('dashboard.csv')}</Button>
        <Link to="/wall"><Button>{t('dashboard.wall')}</Button></Link>
      </span>
    </header>
  )
}

function Whole({ span, go }: Going) {
  const { t } = useSpeech()
  const days = { from: span.from, to: span.to }
  const windows = useTable({ grain: STEP[span.kind], level: 'window', ...days, compare: span.kind !== 'month' })
  const answersForAll = useWholeHall()
  const hall = useTable({ grain: STEP[span.kind], level: 'hall', ...days }, undefined, answersForAll)
  const mayRead = useMay('events')
  const failed = [windows, hall].find((one) => one.isError)
  if (failed) return <Failure error={failed.error} retry={() => void failed.refetch()} />
  if (!windows.data || (answersForAll && !hall.data)) return <Loading />
  const address = eventsOf(span, windows.data)
  const drill = mayRead ? { address } : {}
  const nothing = windows.data.rows.length === 0
  return (
    <>
      <Sums table={windows.data} />
      {nothing ? (
        <div className="sheet middle quiet" style={{ height: 200, marginBottom: 12 }}>
          <div><b>{t('dashboard.none')}</b><p>{t('dashboard.none.do')}</p></div>
        </div>
      ) : (
        <section className="sheet" aria-label={t('dashboard.heat')} style={{ marginBottom: 12, overflowX: 'auto' }}>
          <h2>{t('dashboard.heat')} <small className="quiet">{t('dashboard.heat.do')}</small></h2>
          <HeatTable windows={windows.data} hall={hall.data} {...drill} />
          <Legend />
        </section>
      )}
      <div className="halves">
        <div>
          {answersForAll && <Trend span={span} go={go} />}
          <Behaviours span={span} />
        </div>
        <div>
          <WorstHours days={days} address={address} />
          {answersForAll && <ReviewingPanel days={days} />}
        </div>
      </div>
      <ErrorNote error={windows.data.error_rate} />
    </>
  )
}

/** Where the events of a cell are: the list, narrowed to its window and its hour or day. */
function eventsOf(span: Span, table: Pick<Table, 'grain'>): (unit: string, bucket: string, behaviour?: string) => string {
  return (unit, bucket, behaviour = '') => {
    const hourly = bucket.includes('T')
    const day = bucket && !hourly && table.grain === 'day' ? bucket : ''
    const parts = {
      window: unit,
      behaviour,
      ...(hourly ? { hour: bucket } : { from: day || span.from, to: day || span.to }),
    }
    return `/events?${new URLSearchParams(Object.entries(parts).filter(([, value]) => value))}`
  }
}

function Trend({ span, go }: Going) {
  const { t } = useSpeech()
  const found = useTable({ ...trendOf(span), level: 'hall' })
  const name = useBucketNames(found.data ?? { grain: span.kind, time_zone: 'UTC', buckets: [] })
  const choose = (bucket: string) => {
    const start = found.data?.buckets.find((one) => one.bucket === bucket)?.starts_at
    if (start) go(span.kind, start.slice(0, 10))
  }
  return (
    <section className="sheet" aria-label={t('dashboard.trend')}>
      <h2>{t('dashboard.trend')} <small className="quiet">{t(`dashboard.trend.${span.kind}`)}</small></h2>
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      <Suspense fallback={<Loading />}>{found.data && <TrendChart table={found.data} name={name} choose={choose} />}</Suspense>
    </section>
  )
}

function Behaviours({ span }: { span: Span }) {
  const { t } = useSpeech()
  const navigate = useNavigate()
  const level = useWholeHall() ? 'hall' : 'window'
  const mayRead = useMay('events')
  const found = useByBehaviour({ grain: span.kind, level, from: span.from, to: span.to })
  const address = eventsOf(span, { grain: 'day' })
  const behaviours = found.data ?? []
  return (
    <section className="sheet" aria-label={t('dashboard.behaviours')}>
      <h2>{t('dashboard.behaviours')}</h2>
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.data && behaviours.length === 0 && <p className="quiet">{t('dashboard.behaviours.none')}</p>}
      {behaviours.length > 0 && (
        <>
          <Suspense fallback={<Loading />}>
            <BehaviourChart behaviours={behaviours} {...(mayRead && { choose: (code: string) => void navigate(address('', '', code)) })} />
          </Suspense>
          <RatesTable behaviours={behaviours} address={(code) => address('', '', code)} />
        </>
      )}
    </section>
  )
}
