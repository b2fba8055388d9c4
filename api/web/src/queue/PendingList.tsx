import { useEffect, useRef, type ReactNode } from 'react'

import type { QueueItem } from '../api/reviewTypes'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { dayAndClock, hourMinute } from '../time/hallTime'

interface Properties {
  events: QueueItem[]
  pending: number
  currentId: string | null
  skipped: readonly string[]
  select: (id: string) => void
  filters: ReactNode
}

/** What waits, in its order; the events of a group are one card. */
export function PendingList({ events, pending, currentId, skipped, select, filters }: Properties) {
  const { t } = useSpeech()
  const list = useRef<HTMLOListElement>(null)
  useEffect(() => {
    const frame = list.current
    const card = frame?.querySelector('[aria-current=true]')
    if (!frame || !card) return
    // Within the list only: on a phone the page must stay where it is.
    const [outer, inner] = [frame.getBoundingClientRect(), card.getBoundingClientRect()]
    if (inner.top < outer.top) frame.scrollTop -= outer.top - inner.top
    else if (inner.bottom > outer.bottom) frame.scrollTop += inner.bottom - outer.bottom
  }, [currentId])
  return (
    <section className="sheet list" aria-label={t('queue.list')}>
      <header>
        <b className="figures">{t('queue.waiting', { count: pending })}</b>
        {filters}
      </header>
      <ol ref={list}>
        {cards(events).map((members) => (
          <li key={members[0]?.id}>
            <Card members={members} currentId={currentId} skipped={skipped} select={select} />
          </li>
        ))}
      </ol>
    </section>
  )
}

/** Neighbours of one group together. */
function cards(events: QueueItem[]): QueueItem[][] {
  const made: QueueItem[][] = []
  for (const event of events) {
    const last = made.at(-1)
    if (event.group && last?.[0]?.group === event.group) last.push(event)
    else made.push([event])
  }
  return made
}

interface CardProperties {
  members: QueueItem[]
  currentId: string | null
  skipped: readonly string[]
  select: (id: string) => void
}

function Card({ members, currentId, skipped, select }: CardProperties) {
  const { t, language } = useSpeech()
  const names = useNames()
  const first = members[0] as QueueItem
  const last = members.at(-1) as QueueItem
  const overdue = first.due_at !== null && Date.parse(first.due_at) < Date.now()
  const claim = members.find((one) => one.claim)?.claim
  return (
    <button
      type="button"
      className="plain card"
      aria-current={members.some((one) => one.id === currentId)}
      onMouseDown={(press) => press.preventDefault()}
      onClick={() => select(first.id)}
    >
      <span className="row">
        <b className="cut">{names.what(first)}</b>
        {members.length > 1 && <span className="tally figures">×{members.length}</span>}
      </span>
      <span className="row small">
        <span className="cut">{names.window(first)}</span>
        {first.peak_score !== null && <span className="quiet figures">{first.peak_score.toFixed(2)}</span>}
      </span>
      <span className="row small quiet figures">
        <span>
          {dayAndClock(first.started_at, names.zone, language)}
          {members.length > 1 && `–${hourMinute(last.started_at, names.zone)}`}
        </span>
        {claim ? <span className="tag">{claim.username}</span>
          : skipped.includes(first.id) ? <span className="tag">{t('queue.skipped')}</span>
          : overdue && <span className="tag warn">{t('queue.overdue')}</span>}
      </span>
    </button>
  )
}
