import { expect, test } from 'vitest'

import { periodsOf } from './reports'

test('the day that goes on comes first and is not over', () => {
  const days = periodsOf('daily', '2026-03-01')
  expect(days.slice(0, 2)).toEqual([
    { from: '2026-03-01', to: '2026-03-01', over: false },
    { from: '2026-02-28', to: '2026-02-28', over: true },
  ])
  expect(days).toHaveLength(31)
})

test('weeks begin on Monday, months on the first', () => {
  expect(periodsOf('weekly', '2026-03-01')[1]).toEqual({ from: '2026-02-16', to: '2026-02-22', over: true })
  expect(periodsOf('monthly', '2026-03-31').slice(0, 2)).toEqual([
    { from: '2026-03-01', to: '2026-03-31', over: false },
    { from: '2026-02-01', to: '2026-02-28', over: true },
  ])
})
