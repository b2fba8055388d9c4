import { expect, test } from 'vitest'

import { EMPTY, current, groupOf, review, upcoming, waiting, type ReviewQueue, type Step } from './reviewQueue'
import { aDecision, anEvent } from './testing'

const [a, b, c, d] = [anEvent('a'), anEvent('b'), anEvent('c'), anEvent('d')]
const after = (...steps: Step[]) => steps.reduce(review, EMPTY)
const ids = (queue: ReviewQueue) => waiting(queue).map((event) => event.id)
const listed: Step = { type: 'listed', events: [a, b, c] }

test('the first event is looked at first', () => {
  expect(current(after(listed))?.id).toBe('a')
})

test('a decision shows the next event before the server has answered', () => {
  const queue = after(listed, { type: 'decided', event: a })
  expect(ids(queue)).toEqual(['b', 'c'])
  expect(queue.currentId).toBe('b')
})

test('an answer that was under way during the decision does not bring the event back', () => {
  const queue = after(listed, { type: 'decided', event: a }, listed)
  expect(ids(queue)).toEqual(['b', 'c'])
})

test('an event that somebody took back later waits again', () => {
  const again = anEvent('a', { history: [aDecision('confirmed'), aDecision('undone')] })
  const queue = after(listed, { type: 'decided', event: a }, { type: 'listed', events: [again, b, c] })
  expect(ids(queue)).toEqual(['a', 'b', 'c'])
  expect(queue.currentId).toBe('b')
})

test('an event that a permit took away waits again when the permit is revoked, though nobody decided it', () => {
  const gone = after(listed, { type: 'decided', event: a }, { type: 'withdrawn', id: 'a' })
  expect(ids(gone)).toEqual(['b', 'c'])
  expect(gone.currentId).toBe('b')
  expect(ids(review(gone, listed))).toEqual(['a', 'b', 'c'])
})

test('an undone or refused decision puts the event back and looks at it', () => {
  const again = anEvent('a', { etag: '"1.2"' })
  const queue = after(listed, { type: 'decided', event: a }, { type: 'returned', event: again })
  expect(current(queue)?.etag).toBe('"1.2"')
  expect(ids(queue)).toEqual(['a', 'b', 'c'])
})

test('an event that the server no longer lists can be put back', () => {
  const steps: Step[] = [listed, { type: 'decided', event: a }, { type: 'listed', events: [b, c] }]
  expect(ids(after(...steps, { type: 'returned', event: a }))).toEqual(['a', 'b', 'c'])
})

test('deciding the last one looks at the one before it', () => {
  const queue = after(listed, { type: 'selected', id: 'c' }, { type: 'decided', event: c })
  expect(queue.currentId).toBe('b')
})

test('deciding everything leaves nothing to look at', () => {
  const queue = after({ type: 'listed', events: [a] }, { type: 'decided', event: a })
  expect(current(queue)).toBeNull()
})

test('new events do not move what is being looked at', () => {
  const queue = after(listed, { type: 'selected', id: 'b' }, { type: 'listed', events: [d, a, b, c] })
  expect(queue.currentId).toBe('b')
})

test('when somebody else decides the event in view, its place is taken by the next one', () => {
  const queue = after(listed, { type: 'selected', id: 'b' }, { type: 'listed', events: [a, c] })
  expect(queue.currentId).toBe('c')
})

test('a skipped event goes to the end and stays there', () => {
  const queue = after(listed, { type: 'skipped', id: 'a' }, { type: 'listed', events: [a, b, c, d] })
  expect(ids(queue)).toEqual(['b', 'c', 'd', 'a'])
  expect(queue.currentId).toBe('b')
})

test('skipping the only event keeps it in view', () => {
  expect(current(after({ type: 'listed', events: [a] }, { type: 'skipped', id: 'a' }))?.id).toBe('a')
})

test('moving stops at both ends', () => {
  expect(after(listed, { type: 'moved', by: -1 }).currentId).toBe('a')
  const end = after(listed, ...Array.from({ length: 5 }, (): Step => ({ type: 'moved', by: 1 })))
  expect(end.currentId).toBe('c')
})

test('the next three are known, so that their clips can be fetched', () => {
  const queue = after({ type: 'listed', events: [a, b, c, d] })
  expect(upcoming(queue, 3).map((event) => event.id)).toEqual(['b', 'c', 'd'])
})

test('what somebody else has on the screen is not what is looked at next, unless nothing else is left', () => {
  const claim = { username: 'second', until: '2026-03-02T01:05:00Z' }
  const held = after(listed, { type: 'claimed', id: 'b', claim }, { type: 'decided', event: a })
  expect(held.currentId).toBe('c')
  expect(review(held, { type: 'decided', event: c }).currentId).toBe('b')
  const free = review(held, { type: 'claimed', id: 'b', claim: null })
  expect(waiting(free)[0]?.claim).toBeNull()
})

test('the events of a group follow each other where the first of them stands', () => {
  const grouped = [anEvent('a', { group: 'a' }), b, anEvent('c', { group: 'a' }), d]
  const queue = after({ type: 'listed', events: grouped })
  expect(ids(queue)).toEqual(['a', 'c', 'b', 'd'])
  expect(groupOf(queue, waiting(queue)[0] ?? a).map((one) => one.id)).toEqual(['a', 'c'])
  expect(groupOf(queue, b).map((one) => one.id)).toEqual(['b'])
})
