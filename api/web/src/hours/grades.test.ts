import { expect, test } from 'vitest'

import type { WindowHour } from '../api/types'
import { coverageOf, gradeOf, percent, total } from './grades'

const hour = (differing: Partial<WindowHour> = {}): WindowHour => ({
  window: 'w1',
  open_s: 3600,
  observed_s: 3600,
  present_s: 3600,
  confirmed: 0,
  pending: 0,
  dismissed: 0,
  confirmed_s: 0,
  compliance: 1,
  by_behaviour: {},
  ...differing,
})

test.each([
  [1, 'full'],
  [0.995, 'full'],
  [0.99, 'high'],
  [0.97, 'high'],
  [0.95, 'middle'],
  [0.9, 'middle'],
  [0.4, 'low'],
  [0, 'low'],
])('compliance %d is %s', (compliance, grade) => {
  expect(gradeOf(hour({ compliance }))).toBe(grade)
})

test('an open hour that nobody saw is not observed, never good or bad', () => {
  expect(gradeOf(hour({ observed_s: 0, compliance: null }))).toBe('unobserved')
})

test('a closed hour is closed', () => {
  expect(gradeOf(hour({ open_s: 0, observed_s: 0, compliance: null }))).toBe('closed')
  expect(coverageOf(hour({ open_s: 0, observed_s: 0 }))).toBeNull()
})

test('hours are weighed by what was observed of them', () => {
  const sums = total([
    hour({ observed_s: 3600, confirmed_s: 0 }),
    hour({ observed_s: 400, confirmed_s: 400, compliance: 0 }),
    hour({ observed_s: 0, compliance: null, confirmed_s: 99 }),
  ])
  expect(sums.compliance).toBeCloseTo(0.9)
  expect(total([hour({ observed_s: 0, compliance: null })]).compliance).toBeNull()
})

test('a percentage is never rounded up to a clean hundred', () => {
  expect(percent(0.9999, '–')).toBe('99.9%')
  expect(percent(1, '–')).toBe('100%')
  expect(percent(0.97, '–')).toBe('97%')
  expect(percent(null, '–')).toBe('–')
})
