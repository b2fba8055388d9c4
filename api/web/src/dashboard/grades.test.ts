import { expect, test } from 'vitest'

import { gradeOf, percent, points } from './grades'

const hour = { open_s: 3600, observed_s: 3600, compliance: 1 as number | null, enough: true }

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
  expect(gradeOf({ ...hour, compliance })).toBe(grade)
})

test('an open hour that nobody saw is not observed, never good or bad', () => {
  expect(gradeOf({ ...hour, observed_s: 0, compliance: null })).toBe('unobserved')
})

test('an hour of which less than half was seen is grey, however good or bad that half was', () => {
  expect(gradeOf({ ...hour, observed_s: 1700, enough: false })).toBe('partly')
  expect(gradeOf({ ...hour, observed_s: 1700, enough: false, compliance: 0.2 })).toBe('partly')
})

test('a closed hour is closed, and so is one of which nothing is stored', () => {
  expect(gradeOf({ ...hour, open_s: 0, observed_s: 0, compliance: null, enough: false })).toBe('closed')
  expect(gradeOf(undefined)).toBe('closed')
})

test('a percentage is never rounded up to a clean hundred', () => {
  expect(percent(0.9999, '–')).toBe('99.9%')
  expect(percent(1, '–')).toBe('100%')
  expect(percent(0.97, '–')).toBe('97%')
  expect(percent(null, '–')).toBe('–')
})

test('a change has its sign', () => {
  expect([1.24, -0.35, 0.04, 0].map(points)).toEqual(['+1.2', '−0.3', '±0', '±0'])
})
