import { expect, test } from 'vitest'

import type { EvidencePoint } from '../api/types'
import { anEvent } from '../queue/testing'
import { bars, domain, momentAt, position, thresholdOf } from './strip'

const even: EvidencePoint[] = [[0, 0.2], [1, 0.6], [2, 0.9]]

test('the strip shows the whole clip even where it begins before the evidence', () => {
  expect(domain(even, { from: -10, to: 5 })).toEqual({ from: -10, to: 5 })
  expect(domain(even, null)).toEqual({ from: 0, to: 3 })
})

test('a strip without evidence or clip still has a width', () => {
  expect(domain([], null)).toEqual({ from: 0, to: 1 })
  expect(bars([], { from: 0, to: 1 }, 100)).toEqual([])
})

test('bars fill the width without gaps or overlaps', () => {
  const made = bars(even, { from: 0, to: 3 }, 300)
  expect(made.map((bar) => [bar.x, bar.width])).toEqual([[0, 100], [100, 100], [200, 100]])
})

test('the threshold is that of the event, else of its behaviour, and none where neither is known', () => {
  const article = {
    code: 'arms_crossed', zh: '', en: '', clause: '', clause_zh: '', clause_en: '', severity: 3, variants: [],
    limits: { hold_s: 5, window_s: 7, gap_s: 2, cooldown_s: 10, score: 0.6 },
  }
  expect(thresholdOf(anEvent('1', { measures: { score_limit: 0.35 } }), article)).toBe(0.35)
  expect(thresholdOf(anEvent('1'), article)).toBe(0.6)
  expect(thresholdOf(anEvent('1'), undefined)).toBeNull()
})

test('a moment survives the way to pixels and back', () => {
  const span = { from: -10, to: 30 }
  expect(momentAt(position(7.5, span, 640), span, 640)).toBeCloseTo(7.5)
  expect(momentAt(-5, span, 640)).toBe(-10)
  expect(momentAt(9999, span, 640)).toBe(30)
})

test('neighbouring moments without a view are one hatched bar', () => {
  const made = bars([[0, 0.5], [1, null], [2, null], [3, 0.5]], { from: 0, to: 4 }, 400)
  expect(made.map((bar) => bar.score)).toEqual([0.5, null, 0.5])
  expect(made[1]).toMatchObject({ x: 100, width: 200 })
})

test('a hole between points is shown as not observed, not as the score before it', () => {
  const made = bars([[0, 0.9], [1, 0.9], [2, 0.9], [30, 0.9], [31, 0.9]], { from: 0, to: 32 }, 320)
  const hatched = made.filter((bar) => bar.score === null)
  expect(hatched).toHaveLength(1)
  expect(hatched[0]).toMatchObject({ x: 30, width: 270 })
})
