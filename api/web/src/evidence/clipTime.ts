/** Three clocks meet in a clip: its own seconds, the event's seconds, and the time of day. */
import type { HallEvent } from '../api/types'
import { secondsBetween } from '../time/hallTime'
import type { Span } from './strip'

/** Around the trigger this much is looped, in seconds before and after it. */
const BEFORE_S = 6
const AFTER_S = 4

/** Seconds from the event's beginning to the clip's; negative where the clip begins earlier. */
export function clipOffset(event: HallEvent): number {
  return event.clip?.starts_at ? secondsBetween(event.started_at, event.clip.starts_at) : 0
}

/** What the clip covers, in the event's seconds. */
export function clipSpan(event: HallEvent): Span | null {
  if (!event.clip?.review?.url || !event.clip.duration_s) return null
  const from = clipOffset(event)
  return { from, to: from + event.clip.duration_s }
}

/** When the event was flagged, in the event's seconds. */
export const triggerAt = (event: HallEvent) => secondsBetween(event.started_at, event.flagged_at)

/** The part of a clip of `duration` seconds that is looped, in the clip's seconds. */
export function loopAround(trigger: number, duration: number): Span {
  const centre = Math.min(Math.max(trigger, 0), duration)
  const from = Math.max(0, Math.min(centre - BEFORE_S, duration - BEFORE_S - AFTER_S))
  return { from, to: Math.min(duration, Math.max(centre + AFTER_S, BEFORE_S + AFTER_S)) }
}
