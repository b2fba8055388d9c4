import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'

import { keys } from '../api/queries'
import { reviewApi } from '../api/reviewApi'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { dayAndClock } from '../time/hallTime'

const percent = (share: number) => `${(share * 100).toFixed(share < 0.1 || share === 1 ? 0 : 1)} %`

/** How far first and second reviewers agree, and where they do not. */
export function AgreementPanel() {
  const { t, word, language } = useSpeech()
  const names = useNames()
  const found = useQuery({ queryKey: keys.agreement, queryFn: ({ signal }) => reviewApi.agreement(signal) })
  if (found.isPending) return <Loading />
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />
  const { pairs, share, ac1, waiting, drawn_share, disagreements } = found.data
  const numbers = [
    [t('agreement.pairs'), pairs],
    [t('agreement.share'), share === null ? '–' : percent(share)],
    [t('agreement.ac1'), ac1 === null ? '–' : ac1.toFixed(2)],
    [t('agreement.waiting'), waiting],
  ] as const
  return (
    <section className="sheet" aria-label={t('agreement.title')}>
      <h2>{t('agreement.title')}</h2>
      <p className="small quiet">{t('agreement.what', { share: percent(drawn_share) })}</p>
      <div className="measures figures">
        {numbers.map(([name, value]) => <div key={name}><b>{value}</b><span className="small quiet">{name}</span></div>)}
      </div>
      <h3>{t('agreement.differ')}</h3>
      {disagreements.length === 0 && <p className="quiet">{t('agreement.differ.none')}</p>}
      <ul className="history">
        {disagreements.map((one) => (
          <li key={one.event}>
            <Link to={`/events?event=${one.event}`}>{names.behaviour(one.behaviour)} · {names.windowOf(one.window)}</Link>{' '}
            <span className="small quiet figures">{dayAndClock(one.started_at, names.zone, language)}</span>
            <div className="small">
              {t('agreement.said', { who: one.first_by, verdict: word('verdict', one.first_verdict) })} ·{' '}
              {t('agreement.said', { who: one.second_by, verdict: word('verdict', one.second_verdict) })}
              {one.second_note && ` · ${one.second_note}`}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )
}
