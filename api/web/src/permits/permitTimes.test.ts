import { expect, test } from 'vitest'

import type { Permit } from '../api/types'
import { around, planOf, quickSpan, spanText, standingOf, type Draft } from './permitTimes'

const ZONE = 'Asia/Shanghai'
const NOW = new Date('2026-03-02T02:04:40Z')
const draft: Draft = { kind: 'leave', window: 'w1', quick: { minutes: 15 }, from: '', to: '', reason: '', standIn: '' }
const permit = {
  starts_at: '2026-03-02T02:00:00Z',
  ends_at: '2026-03-02T02:30:00Z',
  revoked_at: null,
} as Permit

test('a quick span is told by the clock of the hall, in whole minutes', () => {
  expect(quickSpan({ minutes: 15 }, NOW, ZONE)).toEqual({ from: '2026-03-02T10:04', to: '2026-03-02T10:19' })
  expect(quickSpan({ minutes: -30 }, NOW, ZONE)).toEqual({ from: '2026-03-02T09:34', to: '2026-03-02T10:04' })
})

test('a quick span moves on with the clock, times that were set do not', () => {
  const later = new Date(NOW.getTime() + 120_000)
  expect(planOf(draft, later, ZONE)?.starts_at).toBe('2026-03-02T02:06:00.000Z')
  const set: Draft = { ...draft, quick: null, from: '2026-03-02T10:00', to: '2026-03-02T10:30' }
  expect(planOf(set, later, ZONE)).toEqual({
    kind: 'leave',
    window: 'w1',
    starts_at: '2026-03-02T02:00:00.000Z',
    ends_at: '2026-03-02T02:30:00.000Z',
    stand_in_window: null,
  })
})

test('there is no plan before window, times and the stand-in are there', () => {
  expect(planOf({ ...draft, window: '' }, NOW, ZONE)).toBeNull()
  expect(planOf({ ...draft, quick: null }, NOW, ZONE)).toBeNull()
  expect(planOf({ ...draft, kind: 'stand_in' }, NOW, ZONE)).toBeNull()
  expect(planOf({ ...draft, kind: 'stand_in', standIn: 'w2' }, NOW, ZONE)?.stand_in_window).toBe('w2')
  expect(planOf({ ...draft, kind: 'leave', standIn: 'w2' }, NOW, ZONE)?.stand_in_window).toBeNull()
})

test('the minutes around an event hold all of it', () => {
  expect(around('2026-03-02T02:00:30Z', '2026-03-02T02:20:10Z', ZONE)).toEqual({
    from: '2026-03-02T10:00',
    to: '2026-03-02T10:21',
  })
})

test('a span over midnight says both days', () => {
  expect(spanText(permit, ZONE)).toBe('10:00–10:30')
  expect(spanText({ ...permit, ends_at: '2026-03-02T17:00:00Z' }, ZONE)).toBe('03/02 10:00 – 03/03 01:00')
})

test('a permit is coming, in force, over or revoked', () => {
  const at = (text: string) => standingOf(permit, new Date(text))
  expect([at('2026-03-02T01:00:00Z'), at('2026-03-02T02:00:00Z'), at('2026-03-02T02:30:00Z')]).toEqual([
    'coming',
    'inForce',
    'over',
  ])
  expect(standingOf({ ...permit, revoked_at: '2026-03-02T02:01:00Z' }, NOW)).toBe('revoked')
})
