import { expect, test } from 'vitest'

import { beginningOf, clock, dayAfter, hallDate, momentOf, wallTime } from './hallTime'

test('times are shown as the hall has them, not the browser', () => {
  expect(clock('2026-03-02T01:02:03Z', 'Asia/Shanghai')).toBe('09:02:03')
})

test('a day in the hall begins when it does there', () => {
  expect(beginningOf('2026-03-02', 'Asia/Shanghai')).toBe('2026-03-01T16:00:00.000Z')
  expect(beginningOf('2026-03-02', 'UTC')).toBe('2026-03-02T00:00:00.000Z')
})

test('the day on which clocks are changed begins at its own midnight', () => {
  expect(beginningOf('2026-03-29', 'Europe/Berlin')).toBe('2026-03-28T23:00:00.000Z')
  expect(beginningOf('2026-03-30', 'Europe/Berlin')).toBe('2026-03-29T22:00:00.000Z')
})

test('late in the evening of UTC it is the next day in the hall', () => {
  expect(hallDate(new Date('2026-03-02T17:00:00Z'), 'Asia/Shanghai')).toBe('2026-03-03')
  expect(dayAfter('2026-02-28')).toBe('2026-03-01')
})

test('a moment survives the way to the clock on the wall and back, also after clocks were changed', () => {
  for (const zone of ['Asia/Shanghai', 'Europe/Berlin', 'America/New_York'])
    for (const moment of ['2026-03-02T02:05:00.000Z', '2026-03-29T01:30:00.000Z', '2026-10-25T12:00:00.000Z'])
      expect(momentOf(wallTime(new Date(moment), zone), zone), `${zone} ${moment}`).toBe(moment)
  expect(wallTime(new Date('2026-03-02T02:05:40Z'), 'Asia/Shanghai')).toBe('2026-03-02T10:05')
})
