/**
 * The queue as one reviewer sees it: what the server lists, less what was just decided here.
 *
 * A decision hides its event at once. An answer of the server that was under way meanwhile still lists it, so
 * an event stays hidden until its history is longer than our decision made it: then somebody took it back.
 */
import type { Claim, QueueItem } from '../api/reviewTypes'

export interface ReviewQueue {
  /** as the server listed them last */
  listed: readonly QueueItem[]
  /** decided here: event id → length of its history once the decision is in it */
  decided: ReadonlyMap<string, number>
  /** skipped here, in the order of skipping; shown after all others */
  skipped: readonly string[]
  currentId: string | null
}

export type Step =
  | { type: 'listed'; events: readonly QueueItem[] }
  | { type: 'selected'; id: string }
  | { type: 'moved'; by: 1 | -1 }
  | { type: 'decided'; event: QueueItem }
  | { type: 'returned'; event: QueueItem }
  | { type: 'skipped'; id: string }
  | { type: 'withdrawn'; id: string }
  | { type: 'claimed'; id: string; claim: Claim | null }

export const EMPTY: ReviewQueue = { listed: [], decided: new Map(), skipped: [], currentId: null }

/** The events that wait for this reviewer, skipped ones last. */
export function waiting(queue: ReviewQueue): QueueItem[] {
  const here = queue.listed.filter((event) => event.history.length >= (queue.decided.get(event.id) ?? -1) + 1)
  const late = new Set(queue.skipped)
  const again = queue.skipped.flatMap((id) => here.filter((event) => event.id === id))
  return [...together(here.filter((event) => !late.has(event.id))), ...again]
}

/** The events of a group one after the other, where its first one stands. */
function together(events: QueueItem[]): QueueItem[] {
  const members = new Map<string, QueueItem[]>()
  for (const event of events) {
    const group = event.group ?? event.id
    members.set(group, [...(members.get(group) ?? []), event])
  }
  return [...members.values()].flat()
}

/** The waiting events of the group that this one belongs to; itself alone where it belongs to none. */
export function groupOf(queue: ReviewQueue, event: QueueItem): QueueItem[] {
  return event.group ? waiting(queue).filter((one) => one.group === event.group) : [event]
}

export function current(queue: ReviewQueue): QueueItem | null {
  return waiting(queue).find((event) => event.id === queue.currentId) ?? null
}

/** The events after the current one, which will be wanted next. */
export function upcoming(queue: ReviewQueue, count: number): QueueItem[] {
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
    case 'claimed':
      return { ...queue, listed: queue.listed.map((one) => (one.id === step.id ? { ...one, claim: step.claim } : one)) }
  }
}

function hidden(queue: ReviewQueue, event: QueueItem): ReadonlyMap<string, number> {
  return new Map(queue.decided).set(event.id, event.history.length + 1)
}

/** Put an event back, as it is now, and look at it again. */
function returned(queue: ReviewQueue, event: QueueItem): ReviewQueue {
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
  const at = Math.max(waiting(before).findIndex((event) => event.id === before.currentId), 0)
  // What somebody else has on the screen is theirs, as long as there is another.
  const free = [...all.slice(at), ...all.slice(0, at).reverse()].find((event) => !event.claim)
  return { ...next, currentId: (free ?? all[at] ?? all.at(-1))?.id ?? null }
}
