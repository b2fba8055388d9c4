/** When a permit covers, in the hall's own days and minutes. Wall times are texts like 2026-03-02T14:05. */
import type { Permit, PermitKind, PermitPlan } from '../api/types'
import { hourMinute, momentOf, wallTime } from '../time/hallTime'

const MINUTE_MS = 60_000

/** Minutes that are chosen with one click. */
export const QUICK_MINUTES = [15, 30, 60] as const

/** From now on for so many minutes; negative: those that just passed. */
export interface Quick {
  minutes: number
}

/** A permit as far as it is filled in; `quick` spans move on with the clock until somebody sets a time. */
export interface Draft {
  kind: PermitKind
  window: string
  quick: Quick | null
  from: string
  to: string
  reason: string
  standIn: string
}

export interface WallSpan {
  from: string
  to: string
}

export function quickSpan({ minutes }: Quick, now: Date, zone: string): WallSpan {
  const other = wallTime(new Date(now.getTime() + minutes * MINUTE_MS), zone)
  const here = wallTime(now, zone)
  return minutes > 0 ? { from: here, to: other } : { from: other, to: here }
}

/** The times that the draft stands for at that moment. */
export function spanOf(draft: Draft, now: Date, zone: string): WallSpan {
  return draft.quick ? quickSpan(draft.quick, now, zone) : { from: draft.from, to: draft.to }
}

/** The draft as it would be sent; null while something needed is missing. */
export function planOf(draft: Draft, now: Date, zone: string): PermitPlan | null {
  const { from, to } = spanOf(draft, now, zone)
  const standIn = draft.kind === 'stand_in' ? draft.standIn : null
  if (!draft.window || !from || !to || standIn === '') return null
  return {
    kind: draft.kind,
    window: draft.window,
    starts_at: momentOf(from, zone),
    ends_at: momentOf(to, zone),
    stand_in_window: standIn,
  }
}

/** Whole minutes around a stretch of time, as wall times. */
export function around(from: string, to: string, zone: string): WallSpan {
  const upTo = Math.ceil(Date.parse(to) / MINUTE_MS) * MINUTE_MS
  return { from: wallTime(new Date(from), zone), to: wallTime(new Date(upTo), zone) }
}

/** 10:00–10:30; with the day before an end that lies on another one. */
export function spanText({ starts_at, ends_at }: Pick<Permit, 'starts_at' | 'ends_at'>, zone: string): string {
  const [first, last] = [wallTime(new Date(starts_at), zone), wallTime(new Date(ends_at), zone)]
  const sameDay = first.slice(0, 10) === last.slice(0, 10)
  const day = (wall: string) => wall.slice(5, 10).replace('-', '/')
  if (sameDay) return `${hourMinute(starts_at, zone)}–${hourMinute(ends_at, zone)}`
  return `${day(first)} ${hourMinute(starts_at, zone)} – ${day(last)} ${hourMinute(ends_at, zone)}`
}

export type Standing = 'coming' | 'inForce' | 'over' | 'revoked'

export function standingOf(permit: Permit, now: Date): Standing {
  if (permit.revoked_at !== null) return 'revoked'
  if (Date.parse(permit.starts_at) > now.getTime()) return 'coming'
  return Date.parse(permit.ends_at) > now.getTime() ? 'inForce' : 'over'
}
