import { Failure } from '../app/Failure'
import { Linked } from '../app/Linked'
import { Loading } from '../app/Loading'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { duration } from '../time/duration'
import { dayAndClock, hourMinute } from '../time/hallTime'
import { useReviewing, useWorstHours, type BehaviourNumbers, type Days, type ErrorRate, type Interval } from './figures'
import { percent } from './grades'
import { Term } from './Term'

/** What waits, how soon it is decided, how far reviewers agree, and which cameras flag what they confirm. */
export function ReviewingPanel({ days }: { days: Days }) {
  const { t, language } = useSpeech()
  const names = useNames()
  const found = useReviewing(days)
  if (found.isPending) return <Loading />
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />
  const { waiting, decided, reviewers, cameras } = found.data
  const seconds = (value: number | null) => (value === null ? '–' : duration(value, language))
  const late = waiting.overdue > 0 ? t('dashboard.overdue', { count: waiting.overdue }) : ''
  const oldest = waiting.oldest_at ? t('dashboard.oldest', { time: dayAndClock(waiting.oldest_at, names.zone, language) }) : ''
  const slowest = decided.slowest_tenth_s === null ? '' : t('dashboard.slowest', { time: seconds(decided.slowest_tenth_s) })
  return (
    <section className="sheet" aria-label={t('dashboard.reviewing')}>
      <h2>{t('dashboard.reviewing')}</h2>
      <dl className="measures">
        <Measure name={t('dashboard.waiting')} value={<Linked to="/queue" right="review">{waiting.pending}</Linked>} under={[late, oldest]} />
        <Measure name={t('dashboard.median')} value={seconds(decided.median_s)} under={[slowest, decided.sampled ? t('dashboard.sampled', { count: decided.judged }) : '']} />
        <Measure
          name={t('dashboard.agreement')}
          value={percent(reviewers.share, '–')}
          under={[reviewers.pairs ? t('dashboard.agreement.pairs', { pairs: reviewers.pairs, ac1: reviewers.ac1?.toFixed(2) ?? '–' }) : t('dashboard.agreement.none')]}
        />
        <Measure name={t('dashboard.appeals')} value={<Linked to="/fairness" right="review">{waiting.open_appeals}</Linked>} under={[]} />
      </dl>
      <h3>{t('dashboard.cameras')}</h3>
      {cameras.length === 0 && <p className="quiet">{t('dashboard.cameras.none')}</p>}
      <table className="rates">
        <tbody>
          {cameras.map(({ camera, name, confirmed, dismissed, precision }) => (
            <tr key={camera}>
              <th scope="row">{name}</th>
              <td><Share of={precision} /></td>
              <td className="quiet small figures">{t('dashboard.judged', { confirmed, judged: confirmed + dismissed })}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

function Measure({ name, value, under }: { name: string; value: React.ReactNode; under: string[] }) {
  return (
    <div>
      <dt className="quiet small">{name}</dt>
      <dd className="figures">{value}</dd>
      {under.filter(Boolean).map((line) => <dd className="quiet small figures" key={line}>{line}</dd>)}
    </div>
  )
}

/** A share as a bar with its 95 % interval drawn over it. */
export function Share({ of }: { of: Interval | null }) {
  const { t } = useSpeech()
  if (!of) return <span className="quiet">–</span>
  const title = t('dashboard.interval', { low: percent(of.low, ''), high: percent(of.high, '') })
  return (
    <span className="share" title={title}>
      <span className="bar" aria-hidden>
        <i style={{ width: `${of.share * 100}%` }} />
        <u style={{ left: `${of.low * 100}%`, width: `${(of.high - of.low) * 100}%` }} />
      </span>
      <span className="figures">{percent(of.share, '–')}</span>
    </span>
  )
}

/** Rates of each behaviour; a row leads to its events. */
export function RatesTable({ behaviours, address }: { behaviours: BehaviourNumbers[]; address: (behaviour: string) => string }) {
  const { t } = useSpeech()
  const names = useNames()
  const sorted = [...behaviours].sort((a, b) => b.confirmed - a.confirmed || b.pending - a.pending)
  return (
    <table className="rates wide">
      <thead>
        <tr>
          <th scope="col">{t('dashboard.behaviour')}</th>
          <th scope="col"><Term name="per_100_hours" /></th>
          <th scope="col"><Term name="precision" /></th>
        </tr>
      </thead>
      <tbody>
        {sorted.map((one) => (
          <tr key={one.behaviour}>
            <th scope="row"><Linked to={address(one.behaviour)} right="events">{names.behaviour(one.behaviour)}</Linked></th>
            <td className="figures">{one.per_100_hours === null ? '–' : one.per_100_hours.toFixed(1)}</td>
            <td><Share of={one.precision} /></td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

/** Where to look first. */
export function WorstHours({ days, address }: { days: Days; address: (unit: string, bucket: string) => string }) {
  const { t, language } = useSpeech()
  const names = useNames()
  const found = useWorstHours(days)
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />
  const hours = found.data ?? []
  return (
    <section className="sheet" aria-label={t('dashboard.worst')}>
      <h2>{t('dashboard.worst')}</h2>
      {found.data && hours.length === 0 && <p className="quiet">{t('dashboard.worst.none')}</p>}
      <ol className="worst">
        {hours.map((hour) => (
          <li key={`${hour.unit.id}/${hour.bucket}`}>
            <Linked to={address(hour.unit.id, hour.bucket)} right="events">
              <b className="figures">{percent(hour.compliance, '–')}</b>
              <span>{language === 'zh' ? hour.unit.name : hour.unit.name_en}</span>
              <span className="figures">{hour.starts_at.slice(5, 10).replace('-', '/')} {hourMinute(hour.starts_at, names.zone)}</span>
              <span className="quiet small figures">{t('dashboard.worst.breach', { time: duration(hour.breach_s, language) })}{hour.confirmed > 0 && ` ✕${hour.confirmed}`}</span>
            </Linked>
          </li>
        ))}
      </ol>
    </section>
  )
}

/** How right the machine was when it was measured: named wherever its figures are (P14). */
export function ErrorNote({ error }: { error: ErrorRate }) {
  const { t, language } = useSpeech()
  const names = useNames()
  return (
    <details className="quiet small error-rate">
      <summary>{t('dashboard.error', { source: language === 'zh' ? error.source_zh : error.source_en })}</summary>
      <ul>
        {error.behaviours.map(({ behaviour, ...counts }) => (
          <li key={behaviour} className="figures">
            {t('dashboard.error.behaviour', { behaviour: names.behaviour(behaviour), found: counts.found, missed: counts.missed, false: counts.false })}
          </li>
        ))}
      </ul>
    </details>
  )
}
