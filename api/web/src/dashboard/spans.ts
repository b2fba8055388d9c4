/** Days, weeks from Monday on, and months of the hall's calendar; dates are YYYY-MM-DD. */
import dayjs from 'dayjs'

import type { Grain } from './figures'

export const KINDS = ['day', 'week', 'month'] as const
export type Kind = (typeof KINDS)[number]

export interface Span {
  kind: Kind
  from: string
  to: string
}

const text = (day: dayjs.Dayjs) => day.format('YYYY-MM-DD')

/** The day, week or month in which `date` is. */
export function spanOf(kind: Kind, date: string): Span {
  const day = dayjs(date)
  if (kind === 'day') return { kind, from: date, to: date }
  if (kind === 'month') return { kind, from: text(day.startOf('month')), to: text(day.endOf('month')) }
  // Locales begin their weeks on other days; figures begin them on Monday (ISO 8601).
  const monday = day.subtract((day.day() + 6) % 7, 'day')
  return { kind, from: text(monday), to: text(monday.add(6, 'day')) }
}

/** A date in the span that is so many before or after. */
export const shifted = ({ kind, from }: Span, by: number) => text(dayjs(from).add(by, kind))

/** What a column of the heat map is. */
export const STEP: Record<Kind, Grain> = { day: 'hour', week: 'day', month: 'day' }

const TREND: Record<Kind, number> = { day: 13, week: 11, month: 12 }

/** The span with those before it, by which its trend is seen: 14 days, 12 weeks, 13 months. */
export function trendOf(span: Span): { grain: Grain; from: string; to: string } {
  return { grain: span.kind, from: shifted(span, -TREND[span.kind]), to: span.to }
}
