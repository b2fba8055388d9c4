import dayjs from 'dayjs'
import 'dayjs/locale/zh-cn'
import { afterEach, expect, test } from 'vitest'

import { shifted, spanOf, trendOf } from './spans'

afterEach(() => void dayjs.locale('en'))

test.each(['en', 'zh-cn'])('a week is from Monday to Sunday in every language (%s)', (locale) => {
  dayjs.locale(locale)
  for (const date of ['2026-03-02', '2026-03-05', '2026-03-08'])
    expect(spanOf('week', date)).toEqual({ kind: 'week', from: '2026-03-02', to: '2026-03-08' })
  expect(spanOf('week', '2026-03-01').from).toBe('2026-02-23')
})

test('a month is as long as it is', () => {
  expect(spanOf('month', '2028-02-10')).toEqual({ kind: 'month', from: '2028-02-01', to: '2028-02-29' })
  expect(spanOf('month', '2026-12-31').to).toBe('2026-12-31')
})

test('spans follow each other without gap or overlap', () => {
  for (const kind of ['day', 'week', 'month'] as const) {
    let span = spanOf(kind, '2026-01-31')
    for (let count = 0; count < 30; count++) {
      const next = spanOf(kind, shifted(span, 1))
      expect(dayjs(next.from).diff(dayjs(span.to), 'day')).toBe(1)
      expect(spanOf(kind, shifted(next, -1))).toEqual(span)
      span = next
    }
  }
})

test('the trend ends with the span itself', () => {
  expect(trendOf(spanOf('day', '2026-03-14'))).toEqual({ grain: 'day', from: '2026-03-01', to: '2026-03-14' })
  expect(trendOf(spanOf('month', '2026-03-14'))).toEqual({ grain: 'month', from: '2025-03-01', to: '2026-03-31' })
})
