import { Button, Input } from 'antd'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'

import type { OwnEvent } from '../api/reviewTypes'
import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n/language'
import { clock, dayAndClock } from '../time/hallTime'
import { OwnFilm } from './OwnFilm'

interface Properties {
  event: OwnEvent
  fetchFilm: () => Promise<Blob>
  send: (text: string) => Promise<OwnEvent>
  sent: (event: OwnEvent) => void
}

/** A confirmed event, why it was confirmed, and the appeal against it. */
export function OwnEventCard({ event, fetchFilm, send, sent }: Properties) {
  const { t, language } = useSpeech()
  const chinese = language === 'zh'
  const time = (iso: string) => dayAndClock(iso, event.time_zone, language)
  const { appeal } = event
  return (
    <article className="sheet appeal">
      <div className="row">
        <h2>{chinese ? event.behaviour_zh : event.behaviour_en}</h2>
        <span>{chinese ? event.window_name : event.window_name_en}</span>
        <span className="figures quiet">{time(event.started_at)}{event.ended_at && `–${clock(event.ended_at, event.time_zone)}`}</span>
        <span className={`tag ${event.state}`}>{t(`state.${event.state}`)}</span>
      </div>
      <div>{chinese ? event.explanation_zh : event.explanation_en}</div>
      <div className="small quiet">
        {t('event.clause', { clause: event.clause })} {event.clause_zh} <span lang="en">{event.clause_en}</span>
      </div>
      {event.has_clip && <OwnFilm fetchFilm={fetchFilm} />}
      {event.note && <div>{t('own.note', { note: event.note })}</div>}
      {appeal && (
        <>
          <div className="small quiet">{t('own.mine', { time: time(appeal.made_at) })} <span className="tag">{t(`appeal.${appeal.state as 'open'}`)}</span></div>
          <blockquote>{appeal.text}</blockquote>
          {appeal.answer && appeal.decided_at && <div><span className="quiet small">{t('own.answer', { time: time(appeal.decided_at) })}</span> {appeal.answer}</div>}
        </>
      )}
      {!appeal && <AppealForm event={event} send={send} sent={sent} until={event.appeal_until && time(event.appeal_until)} />}
    </article>
  )
}

function AppealForm({ event, send, sent, until }: Omit<Properties, 'fetchFilm'> & { until: string | null }) {
  const { t } = useSpeech()
  const [text, setText] = useState('')
  const appeal = useMutation({ mutationFn: () => send(text.trim()), onSuccess: sent })
  const over = !event.appeal_until || Date.parse(event.appeal_until) < Date.now()
  if (over) return <div className="small quiet">{t('own.late')}</div>
  return (
    <>
      <Input.TextArea value={text} maxLength={2000} autoSize={{ minRows: 2, maxRows: 8 }} placeholder={t('own.text')} aria-label={t('own.text')} onChange={(change) => setText(change.target.value)} />
      <div className="row">
        <Button type="primary" disabled={!text.trim()} loading={appeal.isPending} onClick={() => appeal.mutate()}>{t('own.send')}</Button>
        <span className="small quiet figures">{t('own.until', { time: until ?? '' })}</span>
      </div>
      {appeal.isError && <Failure error={appeal.error} />}
    </>
  )
}
