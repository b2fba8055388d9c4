/**
 * The queue as one reviewer sees it: what the server lists, less what was just decided here.
 *
 * A decision hides its event at once. An answer of the server that was under way meanwhile still lists it, so
 * an event stays hidden until its history is longer than our decision made it: then somebody took it back.
 */
import type { HallEvent } from '../api/types'

export interface ReviewQueue {
  /** as the server listed them last */
  listed: readonly HallEvent[]
  /** decided here: event id → length of its history once the decision is in it */
  decided: ReadonlyMap<string, number>
  /** skipped here, in the order of skipping; shown after all others */
  skipped: readonly string[]
  currentId: string | null
}

export type Step =
  | { type: 'listed'; events: readonly HallEvent[] }
  | { type: 'selected'; id: string }
  | { type: 'moved'; by: 1 | -1 }
  | { type: 'decided'; event: HallEvent }
  | { type: 'returned'; event: HallEvent }
  | { type: 'skipped'; id: string }
  | { type: 'withdrawn'; id: string }

export const EMPTY: ReviewQueue = { listed: [], decided: new Map(), skipped: [], currentId: null }

/** The events that wait for this reviewer, skipped ones last. */
export function waiting(queue: ReviewQueue): HallEvent[] {
  const here = queue.listed.filter((event) => event.history.length >= (queue.decided.get(event.id) ?? -1) + 1)
  const late = new Set(queue.skipped)
  const again = queue.skipped.flatMap((id) => here.filter((event) => event.id === id))
  return [...here.filter((event) => !late.has(event.id)), ...again]
}

export function current(queue: ReviewQueue): HallEvent | null {
  return waiting(queue).find((event) => event.id === queue.currentId) ?? null
}

/** The events after the current one, which will be wanted next. */
export function upcoming(queue: ReviewQueue, count: number): HallEvent[] {
  const all = waiting(queue)
  const at = all.findIndex((event) => event.id === queue.currentId)
  return all.slice(at + 1, at + 1 + count)
}

export function review(queue: ReviewQueue, step: Step): ReviewQueue {
  switch (step.type) {
    case 'listed':
      return settle({ ...queue, listed: step.events }, queue)
    case 'selected':
      return { ...queue, currentId: step.id }
    case 'moved':
      return { ...queue, currentId: neighbour(queue, step.by) }
    case 'decided':
      return settle({ ...queue, decided: hidden(queue, step.event) }, queue)
    case 'returned':
      return returned(queue, step.event)
    case 'skipped':
      return skip(queue, step.id)
    case 'withdrawn':
      return withdrawn(queue, step.id)
  }
}

function hidden(queue: ReviewQueue, event: HallEvent): ReadonlyMap<string, number> {
  return new Map(queue.decided).set(event.id, event.history.length + 1)
}

/** Put an event back, as it is now, and look at it again. */
function returned(queue: ReviewQueue, event: HallEvent): ReviewQueue {
  const decided = new Map(queue.decided)
  decided.delete(event.id)
  const known = queue.listed.some((one) => one.id === event.id)
  const listed = known ? queue.listed.map((one) => (one.id === event.id ? event : one)) : [event, ...queue.listed]
  const skipped = queue.skipped.filter((id) => id !== event.id)
  return { listed, decided, skipped, currentId: event.id }
}

/** Let go of an event that a permit took away; should it come back, the server lists it again. */
function withdrawn(queue: ReviewQueue, id: string): ReviewQueue {
  const decided = new Map(queue.decided)
  decided.delete(id)
  return settle({ ...queue, decided, listed: queue.listed.filter((event) => event.id !== id) }, queue)
}

function skip(queue: ReviewQueue, id: string): ReviewQueue {
  const moved = { ...queue, skipped: [...queue.skipped.filter((one) => one !== id), id] }
  const after = neighbour(queue, 1)
  return { ...moved, currentId: after === id ? (waiting(moved)[0]?.id ?? null) : after }
}

function neighbour(queue: ReviewQueue, by: 1 | -1): string | null {
  const all = waiting(queue)
  const at = all.findIndex((event) => event.id === queue.currentId)
  const to = at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)
  return all[to]?.id ?? null
}

/** Keep looking at the same event; where it is gone, at the one that took its place. */
function settle(next: ReviewQueue, before: ReviewQueue): ReviewQueue {
  const all = waiting(next)
  if (all.some((event) => event.id === next.currentId)) return next
  const at = waiting(before).findIndex((event) => event.id === before.currentId)
  return { ...next, currentId: (all[Math.max(at, 0)] ?? all.at(-1))?.id ?? null }
}
