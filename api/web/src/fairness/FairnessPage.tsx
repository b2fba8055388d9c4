import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Button, Empty, Input } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'

import { keys } from '../api/queries'
import { reviewApi } from '../api/reviewApi'
import type { AppealedEvent } from '../api/reviewTypes'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import '../events/events.css'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { dayAndClock } from '../time/hallTime'
import { AgreementPanel } from './AgreementPanel'

/** What windows said against confirmed events, and how far reviewers agree. */
export default function FairnessPage() {
  const { t } = useSpeech()
  return (
    <div className="page">
      <header><h1>{t('nav.fairness')}</h1></header>
      <div className="fairness">
        <Appeals />
        <AgreementPanel />
      </div>
    </div>
  )
}

function Appeals() {
  const { t } = useSpeech()
  const appeals = useQuery({ queryKey: keys.appeals, queryFn: ({ signal }) => reviewApi.appeals(signal) })
  if (appeals.isPending) return <Loading />
  if (appeals.isError) return <Failure error={appeals.error} retry={() => void appeals.refetch()} />
  if (!appeals.data.length)
    return <div className="sheet"><Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<><b>{t('fair.appeals.none')}</b><br />{t('fair.appeals.none.do')}</>} /></div>
  const open = appeals.data.filter((one) => one.appeal.state === 'open')
  const closed = appeals.data.filter((one) => one.appeal.state !== 'open')
  return <section aria-label={t('fair.appeals')}>{[...open, ...closed].map((one) => <OneAppeal key={one.appeal.id} one={one} />)}</section>
}

function OneAppeal({ one: { appeal, event, may_decide } }: { one: AppealedEvent }) {
  const { t, language } = useSpeech()
  const names = useNames()
  const time = (iso: string) => dayAndClock(iso, names.zone, language)
  const tone = { open: 'pending', upheld: 'good', rejected: 'dismissed' }[appeal.state]
  return (
    <article className="sheet appeal">
      <div className="row">
        <b>{names.what(event)}</b> <span>{names.window(event)}</span> <span className="figures quiet">{time(event.started_at)}</span>
        <span className={`tag ${tone}`}>{t(`appeal.${appeal.state}`)}</span>
        <Link to={`/events?event=${event.id}`}>{t('fair.look')}</Link>
      </div>
      <blockquote>{appeal.text}</blockquote>
      <div className="small quiet">{t('fair.by', { who: appeal.made_by ?? t('fair.byLink'), time: time(appeal.made_at) })}</div>
      {appeal.state !== 'open' && (
        <div><span className="quiet">{t('fair.decided', { who: appeal.decided_by ?? '', time: time(appeal.decided_at ?? appeal.made_at) })}</span> {appeal.answer}</div>
      )}
      {appeal.state === 'open' && (may_decide ? <Answer id={appeal.id} /> : <div className="quiet">{t('fair.cannot')}</div>)}
    </article>
  )
}

function Answer({ id }: { id: string }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const [answer, setAnswer] = useState('')
  const decide = useMutation({
    mutationFn: (outcome: 'upheld' | 'rejected') => reviewApi.decideAppeal(id, outcome, answer.trim()),
    onSettled: () => {
      void client.invalidateQueries({ queryKey: keys.events })
      void client.invalidateQueries({ queryKey: keys.figures })
    },
  })
  const ready = answer.trim().length > 0
  return (
    <>
      <Input.TextArea value={answer} maxLength={2000} autoSize={{ minRows: 2, maxRows: 6 }} placeholder={t('fair.answer')} aria-label={t('fair.answer')} onChange={(change) => setAnswer(change.target.value)} />
      <div className="row">
        <Button type="primary" disabled={!ready} loading={decide.isPending} onClick={() => decide.mutate('upheld')}>{t('fair.uphold')}</Button>
        <Button disabled={!ready} loading={decide.isPending} onClick={() => decide.mutate('rejected')}>{t('fair.reject')}</Button>
      </div>
      {decide.isError && <Failure error={decide.error} />}
    </>
  )
}
