import { expect, test } from 'vitest'

import { boundsOf } from './hour'

test('an hour begins and ends on the hour, also at the end of a year', () => {
  expect(boundsOf('2026-03-02T01Z')).toEqual({ from: '2026-03-02T01:00:00.000Z', to: '2026-03-02T02:00:00.000Z' })
  expect(boundsOf('2026-12-31T23Z').to).toBe('2027-01-01T00:00:00.000Z')
})

test.each(['', 'today', '2026-03-02', '2026-03-02T25Z', '2026-13-02T01Z', '2026-03-02T01:30Z'])('%j names no hour', (name) => {
  expect(boundsOf(name)).toEqual({})
})
