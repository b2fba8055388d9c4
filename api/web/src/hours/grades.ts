/** How an hour at a window is coloured and worded. */
import type { WindowHour } from '../api/types'

/** `closed`: not open, nothing seen. `unobserved`: open, but nothing could be seen: no judgement at all. */
export type Grade = 'closed' | 'unobserved' | 'full' | 'high' | 'middle' | 'low'

/** Lower bounds of compliance; below the last is `low`. */
export const BOUNDS: readonly (readonly [Grade, number])[] = [
  ['full', 0.995],
  ['high', 0.97],
  ['middle', 0.9],
]

/** Less coverage than this is marked beside the figure, as the figure then speaks for a part only. */
export const ENOUGH_COVERAGE = 0.95

type Figures = Pick<WindowHour, 'open_s' | 'observed_s' | 'compliance'>

export function gradeOf(figures: Figures): Grade {
  if (figures.compliance === null || figures.observed_s <= 0) return figures.open_s > 0 ? 'unobserved' : 'closed'
  const share = figures.compliance
  return BOUNDS.find(([, least]) => share >= least)?.[0] ?? 'low'
}

/** Observed share of the open time, 0..1; null while the window is not open. */
export function coverageOf({ open_s, observed_s }: Pick<WindowHour, 'open_s' | 'observed_s'>): number | null {
  return open_s > 0 ? Math.min(1, observed_s / open_s) : null
}

export interface Total {
  open_s: number
  observed_s: number
  confirmed_s: number
  confirmed: number
  pending: number
  dismissed: number
  compliance: number | null
}

/** Several hours as one: shares are weighed by the time observed, never averaged. */
export function total(hours: readonly WindowHour[]): Total {
  const sum = (name: 'open_s' | 'observed_s' | 'confirmed_s' | 'confirmed' | 'pending' | 'dismissed') =>
    hours.reduce((all, hour) => all + hour[name], 0)
  const seen = hours.filter((hour) => hour.observed_s > 0)
  const observed_s = sum('observed_s')
  const breach_s = seen.reduce((all, hour) => all + Math.min(hour.confirmed_s, hour.observed_s), 0)
  return {
    open_s: sum('open_s'),
    observed_s,
    confirmed_s: sum('confirmed_s'),
    confirmed: sum('confirmed'),
    pending: sum('pending'),
    dismissed: sum('dismissed'),
    compliance: observed_s > 0 ? 1 - breach_s / observed_s : null,
  }
}

/** 99.6 %, never rounded up to 100 where something was confirmed. */
export function percent(share: number | null, none: string): string {
  if (share === null) return none
  const tenths = Math.floor(share * 1000 + 1e-9) / 10
  return `${Number.isInteger(tenths) ? tenths.toFixed(0) : tenths.toFixed(1)}%`
}
