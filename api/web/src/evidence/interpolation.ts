/** Where people are between two samples of the skeleton, so that the drawing moves as smoothly as the clip. */
import type { Box, Keypoint, SkeletonFrame, SkeletonPerson } from '../api/types'

/** Samples further apart than this say nothing about the time between them. */
export const LONGEST_GAP_S = 1
/** A lone sample is shown this long before and after its moment. */
const NEAR_S = 0.3

/** What is drawn at `at` seconds of the clip; null where no sample is near enough. `frames` are in order. */
export function frameAt(frames: readonly SkeletonFrame[], at: number): SkeletonFrame | null {
  const index = lastNotAfter(frames, at)
  const before = frames[index]
  const after = frames[index + 1]
  if (before && after && after.t_s - before.t_s <= LONGEST_GAP_S) return between(before, after, at)
  if (before && at - before.t_s <= NEAR_S) return before
  return after && after.t_s - at <= NEAR_S ? after : null
}

function lastNotAfter(frames: readonly SkeletonFrame[], at: number): number {
  let low = 0
  let high = frames.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((frames[middle]?.t_s ?? Infinity) <= at) low = middle + 1
    else high = middle
  }
  return low - 1
}

function between(before: SkeletonFrame, after: SkeletonFrame, at: number): SkeletonFrame {
  const share = (at - before.t_s) / (after.t_s - before.t_s || 1)
  const later = new Map(after.persons.map((person) => [person.track, person]))
  const nearest = share < 0.5 ? before : after
  const moving = before.persons.flatMap((person) => {
    const next = later.get(person.track)
    return next ? [blend(person, next, share)] : share < 0.5 ? [person] : []
  })
  const seen = new Set(before.persons.map((person) => person.track))
  const entering = share < 0.5 ? [] : after.persons.filter((person) => !seen.has(person.track))
  return { t_s: at, persons: [...moving, ...entering], things: nearest.things }
}

function blend(a: SkeletonPerson, b: SkeletonPerson, share: number): SkeletonPerson {
  return {
    track: a.track,
    zone: share < 0.5 ? a.zone : b.zone,
    box: mix(a.box, b.box, share) as Box,
    keypoints:
      a.keypoints && b.keypoints
        ? a.keypoints.map((point, index) => joint(point, b.keypoints?.[index] ?? point, share))
        : (share < 0.5 ? a : b).keypoints,
  }
}

/** A joint is as sure as the less sure of its two samples: a guess must not be drawn as a fact. */
function joint(a: Keypoint, b: Keypoint, share: number): Keypoint {
  const [x, y] = mix([a[0], a[1]], [b[0], b[1]], share) as [number, number]
  return [x, y, Math.min(a[2], b[2])]
}

const mix = (a: readonly number[], b: readonly number[], share: number) =>
  a.map((value, index) => value + ((b[index] ?? value) - value) * share)
