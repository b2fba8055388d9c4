/** How a cell of the heat map is coloured and worded. */
import type { Numbers } from './figures'

/**
 * `closed`: not open, nothing seen. `unobserved`: open, but nothing was seen. `partly`: less than half was seen, too
 * little to speak for the whole: grey, never green, and never red either.
 */
export type Grade = 'closed' | 'unobserved' | 'partly' | 'full' | 'high' | 'middle' | 'low'

/** Lower bounds of compliance; below the last is `low`. */
export const BOUNDS: readonly (readonly [Grade, number])[] = [
  ['full', 0.995],
  ['high', 0.97],
  ['middle', 0.9],
]

/** Less coverage than this is written beside the figure, as the figure then speaks for a part only. */
export const MARKED_COVERAGE = 0.95

/** Style sheets' names of the grades. */
export const CLASSES: Record<Grade, string> = {
  closed: 'closed',
  unobserved: 'unobserved',
  partly: 'partly',
  full: 'full',
  high: 'high',
  middle: 'middle-grade',
  low: 'low',
}

export function gradeOf(figures: Pick<Numbers, 'open_s' | 'observed_s' | 'compliance' | 'enough'> | undefined): Grade {
  if (!figures) return 'closed'
  const share = figures.compliance
  if (share === null || figures.observed_s <= 0) return figures.open_s > 0 ? 'unobserved' : 'closed'
  if (!figures.enough) return 'partly'
  return BOUNDS.find(([, least]) => share >= least)?.[0] ?? 'low'
}

/** 99.6 %, never rounded up to 100 where something was confirmed. */
export function percent(share: number | null | undefined, none: string): string {
  if (share === null || share === undefined) return none
  const tenths = Math.floor(share * 1000 + 1e-9) / 10
  return `${Number.isInteger(tenths) ? tenths.toFixed(0) : tenths.toFixed(1)}%`
}

/** +1.2, −0.4, ±0: percentage points with their sign. */
export function points(change: number): string {
  const rounded = Math.round(change * 10) / 10
  if (rounded === 0) return '±0'
  return `${rounded > 0 ? '+' : '−'}${Math.abs(rounded).toFixed(1)}`
}
