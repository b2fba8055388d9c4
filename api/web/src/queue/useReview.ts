import { useQueryClient } from '@tanstack/react-query'
import { App } from 'antd'
import { useCallback, useEffect, useReducer, useRef, useState } from 'react'

import { api } from '../api/client'
import { isProblem } from '../api/problem'
import { keys, prefetchEvidence } from '../api/queries'
import type { EventsPage, HallEvent, Verdict } from '../api/types'
import { useWords } from '../app/Failure'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { EMPTY, review, upcoming } from './reviewQueue'

const PREFETCHED = 3
export const UNDO_MS = 5000

/** The last decision made here, which can be taken back for a moment. */
export interface Undoable {
  event: HallEvent
  verdict: Verdict
  saved: Promise<HallEvent | null>
}

export function useReview(page: EventsPage | undefined) {
  const client = useQueryClient()
  const { message } = App.useApp()
  const { t, word } = useSpeech()
  const names = useNames()
  const words = useWords()
  const [queue, step] = useReducer(review, EMPTY)
  const [undoable, setUndoable] = useState<Undoable | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)

  useEffect(() => {
    if (page) step({ type: 'listed', events: page.items })
  }, [page])
  useEffect(() => prefetchEvidence(client, upcoming(queue, PREFETCHED)), [client, queue])
  useEffect(() => () => clearTimeout(timer.current), [])

  const about = (event: HallEvent) => ({ behaviour: names.what(event), window: names.window(event) })
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.events })
    void client.invalidateQueries({ queryKey: keys.figures })
  }

  /** Somebody was faster, or the machine added something: say so and show the event as it is now. */
  const explainChange = async (event: HallEvent) => {
    const now = await api.event(event.id)
    if (now.state === 'withdrawn') {
      step({ type: 'withdrawn', id: now.id })
      return void message.info(t('queue.withdrawn', about(event)), 8)
    }
    const last = now.history.at(-1)
    if (now.state === 'pending' || !last) {
      step({ type: 'returned', event: now })
      return void message.warning(t('queue.changed', about(event)), 6)
    }
    const told = { who: last.decided_by, verdict: word('verdict', last.verdict), reason: last.reason ? word('reason', last.reason) : '–' }
    void message.warning(t('queue.gone', { ...about(event), ...told }), 8)
  }

  const failed = async (event: HallEvent, error: unknown): Promise<null> => {
    setUndoable((now) => (now?.event.id === event.id ? null : now))
    try {
      if (isProblem(error, 'event_changed') || isProblem(error, 'event_withdrawn')) {
        await explainChange(event)
        refresh()
        return null
      }
    } catch {
      // The event as it is now cannot be had either; what is known is that the decision was not kept.
    }
    step({ type: 'returned', event })
    const { title, todo } = words(error)
    void message.error(t('queue.failed', { ...about(event), why: [title, todo].filter(Boolean).join(' ') }), 8)
    return null
  }

  const decide = (event: HallEvent, verdict: Verdict, reason: string, note: string) => {
    step({ type: 'decided', event })
    const saved = api
      .decide(event.id, event.etag, verdict, reason, note.trim() || null)
      .catch((error: unknown) => failed(event, error))
    setUndoable({ event, verdict, saved })
    clearTimeout(timer.current)
    timer.current = setTimeout(() => setUndoable(null), UNDO_MS)
    void saved.then((kept) => kept && refresh())
  }

  const undo = useCallback(async () => {
    if (!undoable) return
    setUndoable(null)
    const kept = await undoable.saved
    if (!kept) return
    try {
      step({ type: 'returned', event: await api.undo(kept.id, kept.etag) })
      void message.info(t('decide.undone'))
    } catch (error) {
      void message.error(words(error).title)
    }
    void client.invalidateQueries({ queryKey: keys.events })
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [undoable, client])

  return { queue, step, decide, undo, undoable }
}
