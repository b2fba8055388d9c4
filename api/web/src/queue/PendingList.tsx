import { Button } from 'antd'
import { useEffect, useRef } from 'react'

import type { HallEvent } from '../api/types'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { dayAndClock } from '../time/hallTime'

interface Properties {
  events: HallEvent[]
  pending: number
  currentId: string | null
  skipped: readonly string[]
  order: 'oldest' | 'newest'
  turn: () => void
  select: (id: string) => void
}

export function PendingList({ events, pending, currentId, skipped, order, turn, select }: Properties) {
  const { t } = useSpeech()
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    list.current?.querySelector('[aria-current=true]')?.scrollIntoView({ block: 'nearest' })
  }, [currentId])
  return (
    <section className="sheet list" aria-label={t('queue.list')}>
      <header>
        <b className="figures">{t('queue.waiting', { count: pending })}</b>
        <Button size="small" type="text" onClick={turn}>
          {t(order === 'oldest' ? 'queue.oldest' : 'queue.newest')} ⇅
        </Button>
      </header>
      <ol ref={list}>
        {events.map((event) => (
          <li key={event.id}>
            <Card event={event} chosen={event.id === currentId} skipped={skipped.includes(event.id)} select={select} />
          </li>
        ))}
      </ol>
    </section>
  )
}

interface CardProperties {
  event: HallEvent
  chosen: boolean
  skipped: boolean
  select: (id: string) => void
}

function Card({ event, chosen, skipped, select }: CardProperties) {
  const { t, language } = useSpeech()
  const names = useNames()
  return (
    <button
      type="button"
      className="plain card"
      aria-current={chosen}
      onMouseDown={(press) => press.preventDefault()}
      onClick={() => select(event.id)}
    >
      <span className="row">
        <b className="cut">{names.what(event)}</b>
        <span className="small quiet figures">{event.peak_score?.toFixed(2)}</span>
      </span>
      <span className="row small">
        <span className="cut">{names.window(event)}</span>
      </span>
      <span className="row small quiet figures">
        {dayAndClock(event.started_at, names.zone, language)}
        {skipped && <span className="tag">{t('queue.skipped')}</span>}
      </span>
    </button>
  )
}
