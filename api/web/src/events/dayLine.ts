/** A window's day as a line of time: which part of the day is shown, and what lies where on it. */
import type { Flag, Timeline, WindowDay } from '../api/reviewTypes'

const HOUR_MS = 3_600_000

export interface DaySpan {
  from: number
  to: number
  /** where a moment lies, 0..1, kept inside */
  share: (at: number) => number
}

/** The hours in which anything was open or flagged, whole; null on a day without any. */
export function spanOf(day: Timeline): DaySpan | null {
  const begin = Date.parse(day.begins_at)
  const end = Date.parse(day.ends_at)
  const moments = day.windows.flatMap((one) => [
    ...one.hours.filter(isOpen).flatMap((hour) => [Date.parse(hour.hour), Date.parse(hour.hour) + HOUR_MS]),
    ...one.flags.flatMap((flag) => [Date.parse(flag.started_at), Date.parse(flag.until)]),
  ])
  if (!moments.length) return null
  const from = Math.max(begin, begin + Math.floor((Math.min(...moments) - begin) / HOUR_MS) * HOUR_MS)
  const to = Math.min(end, begin + Math.ceil((Math.max(...moments) - begin) / HOUR_MS) * HOUR_MS)
  const length = Math.max(to - from, HOUR_MS)
  return { from, to: from + length, share: (at) => Math.min(1, Math.max(0, (at - from) / length)) }
}

/** Whether anything is known of that hour: it was open. */
export const isOpen = (hour: WindowDay['hours'][number]) => hour.on_s + hour.away_s + hour.unknown_s > 0

/** At most thirteen moments on whole hours. */
export function ticks(span: DaySpan): number[] {
  const hours = Math.round((span.to - span.from) / HOUR_MS)
  const step = Math.ceil(hours / 12)
  return Array.from({ length: Math.floor(hours / step) + 1 }, (_, index) => span.from + index * step * HOUR_MS)
}

/** The parts of an hour: at the post, away, not observed; what is left of 1 was closed. */
export function shares(hour: WindowDay['hours'][number]): { on: number; away: number; unknown: number } {
  const whole = Math.max(3600, hour.on_s + hour.away_s + hour.unknown_s)
  return { on: hour.on_s / whole, away: hour.away_s / whole, unknown: hour.unknown_s / whole }
}

/** Two marks nearer than this are put under each other. */
const APART_MS = 8 * 60_000

/** The flags in as few rows as keep them apart. */
export function lanes(flags: readonly Flag[]): Flag[][] {
  const rows: Flag[][] = []
  for (const flag of flags) {
    const start = Date.parse(flag.started_at)
    const free = rows.find((row) => {
      const last = row.at(-1)
      return !last || start >= Math.max(Date.parse(last.until), Date.parse(last.started_at) + APART_MS)
    })
    if (free) free.push(flag)
    else rows.push([flag])
  }
  return rows
}
