import { expect, test } from 'vitest'

import type { Flag, Timeline } from '../api/reviewTypes'
import { lanes, shares, spanOf, ticks } from './dayLine'

const flag = (id: string, from: string, until = from): Flag => ({
  id,
  behaviour: 'absence',
  state: 'pending',
  started_at: `2026-03-02T${from}:00Z`,
  until: `2026-03-02T${until}:00Z`,
  away: true,
})
const hour = (at: string, on_s = 0, away_s = 0, unknown_s = 0) => ({ hour: `2026-03-02T${at}:00Z`, on_s, away_s, unknown_s })
const day = (hours: ReturnType<typeof hour>[], flags: Flag[]): Timeline => ({
  date: '2026-03-02',
  time_zone: 'Asia/Shanghai',
  begins_at: '2026-03-01T16:00:00Z',
  ends_at: '2026-03-02T16:00:00Z',
  windows: [{ window: 'w1', hours, flags }],
})

test('the line goes from the first open hour or flag to the last, in whole hours', () => {
  const span = spanOf(day([hour('01:00', 3600), hour('08:00', 0, 3600), hour('12:00')], [flag('a', '09:10', '09:40')]))
  expect(new Date(span?.from ?? 0).toISOString()).toBe('2026-03-02T01:00:00.000Z')
  expect(new Date(span?.to ?? 0).toISOString()).toBe('2026-03-02T10:00:00.000Z')
  expect(span?.share(Date.parse('2026-03-02T05:30:00Z'))).toBeCloseTo(0.5)
  expect(span?.share(0)).toBe(0)
  expect(span && ticks(span).length).toBe(10)
})

test('a day without anything has no line', () => {
  expect(spanOf(day([hour('12:00')], []))).toBeNull()
})

test('flags of one time lie under each other, later ones in the first free row', () => {
  const rows = lanes([flag('a', '01:00', '01:30'), flag('b', '01:10'), flag('c', '01:12'), flag('d', '02:00')])
  expect(rows.map((row) => row.map((one) => one.id))).toEqual([['a', 'd'], ['b'], ['c']])
})

test('an hour is shared by what was seen and what was not', () => {
  expect(shares(hour('01:00', 1800, 900, 900))).toEqual({ on: 0.5, away: 0.25, unknown: 0.25 })
  expect(shares(hour('01:00', 900)).on).toBe(0.25)
})
