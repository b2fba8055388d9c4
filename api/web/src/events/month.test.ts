import { expect, test } from 'vitest'

import { monthWeeks, monthsOn } from './month'

test.each([
  ['2026-03', '2026-02-23', '2026-04-05', 6],
  ['2027-02', '2027-02-01', '2027-02-28', 4],
  ['2026-11', '2026-10-26', '2026-12-06', 6],
])('%s is shown from %s to %s', (month, first, last, weeks) => {
  const shown = monthWeeks(month)
  expect(shown.length).toBe(weeks)
  expect(shown[0]?.[0]).toBe(first)
  expect(shown.at(-1)?.at(-1)).toBe(last)
  expect(shown.every((week) => week.length === 7)).toBe(true)
})

test('months turn over the year', () => {
  expect(monthsOn('2026-12', 1)).toBe('2027-01-01')
  expect(monthsOn('2026-01', -1)).toBe('2025-12-01')
})
