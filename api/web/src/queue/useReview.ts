import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useEffect, useEffectEvent, useReducer, useRef, useState } from 'react'

import { api } from '../api/client'
import { ProblemError, isProblem } from '../api/problem'
import { keys, prefetchEvidence, useSession } from '../api/queries'
import { reviewApi } from '../api/reviewApi'
import type { Judgement, QueueItem, QueuePage } from '../api/reviewTypes'
import { onClaim } from '../api/stream'
import type { HallEvent } from '../api/types'
import { useWords } from '../app/Failure'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { HeldDecisions } from './heldDecisions'
import { EMPTY, current, review, upcoming } from './reviewQueue'
import { useClaim } from './useClaim'

export const PREFETCHED = 5
export const UNDO_MS = 5000

/** A decision made here: of one event, or of a whole group. */
export interface Made {
  events: QueueItem[]
  said: Judgement
}

export function useReview(page: QueuePage | undefined) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const { t } = useSpeech()
  const me = useSession().data?.username
  const explain = useExplain()
  const [queue, step] = useReducer(review, EMPTY)
  const [undoable, setUndoable] = useState<Made | null>(null)
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set())
  const held = useRef<HeldDecisions<Made>>(null)
  held.current ??= new HeldDecisions<Made>(UNDO_MS)
  const decisions = held.current

  useEffect(() => {
    if (page) step({ type: 'listed', events: page.items.map((one) => (one.claim?.username === me ? { ...one, claim: null } : one)) })
  }, [page, me])
  useEffect(() => prefetchEvidence(client, upcoming(queue, PREFETCHED)), [client, queue])
  useEffect(
    () =>
      onClaim(({ id, username, until }) =>
        step({ type: 'claimed', id, claim: username && until && username !== me ? { username, until } : null }),
      ),
    [me],
  )
  useEffect(() => {
    const leave = () => decisions.flush()
    addEventListener('pagehide', leave)
    return () => {
      removeEventListener('pagehide', leave)
      leave()
    }
  }, [decisions])

  const event = current(queue)
  const isHeld = (id: string) => decisions.all.some((made) => made.events.some((one) => one.id === id))
  const takenBy = useClaim(event?.id ?? null, isHeld, (id) => setSeen((before) => new Set(before).add(id)))

  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.events })
    void client.invalidateQueries({ queryKey: keys.figures })
  }

  const send = useEffectEvent(async (made: Made, leaving: boolean) => {
    setUndoable((now) => (now === made ? (decisions.last ?? null) : now))
    try {
      const [one] = made.events
      if (made.events.length > 1) await reviewApi.judgeGroup(made.events, made.said, leaving)
      else if (one) await reviewApi.judge(one, made.said, leaving)
    } catch (error) {
      for (const one of made.events) await explain(one, error, step)
    }
    refresh()
  })

  const decide = (events: QueueItem[], said: Judgement) => {
    for (const one of events) step({ type: 'decided', event: one })
    const made = { events, said: { ...said, note: said.note?.trim() || null } }
    decisions.hold({ what: made, send: (leaving) => void send(made, leaving) })
    setUndoable(made)
  }

  const undo = () => {
    const made = decisions.undo()
    if (!made) return
    for (const one of [...made.events].reverse()) step({ type: 'returned', event: one })
    setUndoable(decisions.last ?? null)
    void message.info(t('decide.undone'))
  }

  return { queue, event, step, decide, undo, undoable, seen, takenBy }
}

/** Somebody was faster, a permit came, or the server failed: say so and show the event as it is now. */
function useExplain() {
  const { message } = App.useApp()
  const { t, word } = useSpeech()
  const names = useNames()
  const words = useWords()
  return async (item: QueueItem, error: unknown, step: (step: Parameters<typeof review>[1]) => void): Promise<void> => {
    const about = { behaviour: names.what(item), window: names.window(item) }
    const failed = () => {
      step({ type: 'returned', event: item })
      const { title, todo } = words(error)
      void message.error(t('queue.failed', { ...about, why: [title, todo].filter(Boolean).join(' ') }), 8)
    }
    const meant = error instanceof ProblemError ? error.more['event'] : undefined
    // Of a group that was refused because of one event, the others only come back.
    if (typeof meant === 'string' && meant !== item.id) return step({ type: 'returned', event: item })
    if (!isProblem(error, 'event_changed') && !isProblem(error, 'event_withdrawn')) return failed()
    let now: HallEvent
    try {
      now = await api.event(item.id)
    } catch {
      // The event as it is now cannot be had either; what is known is that the decision was not kept.
      return failed()
    }
    if (now.state === 'withdrawn') {
      step({ type: 'withdrawn', id: now.id })
      return void message.info(t('queue.withdrawn', about), 8)
    }
    const last = now.history.at(-1)
    if (now.state === 'pending' || !last) {
      step({ type: 'returned', event: { ...item, ...now } })
      return void message.warning(t('queue.changed', about), 6)
    }
    const told = { who: last.decided_by, verdict: word('verdict', last.verdict), reason: last.reason ? word('reason', last.reason) : '–' }
    void message.warning(t('queue.gone', { ...about, ...told }), 8)
  }
}
