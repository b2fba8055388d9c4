/** The counter's edge and the 1-metre line before it, on the floor, in metres. */
import type { Place, Segment } from './content'

/** Which side of a directed segment: 1 to its left, -1 to its right (x right, y away). */
export type Side = 1 | -1

const SAME_M = 0.0015

export function ahead([a, b]: Segment, metres: number, side: Side): Segment | null {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
  const length = Math.hypot(dx, dy)
  if (length < SAME_M) return null
  const [right, up] = [(-dy / length) * metres * side, (dx / length) * metres * side]
  return [[a[0] + right, a[1] + up], [b[0] + right, b[1] + up]]
}

/** The side of the counter where more of the measured floor lies: there people stand. */
export function sideOf([a, b]: Segment, floor: readonly Place[]): Side {
  const turn = (p: Place) => Math.sign((b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0]))
  return floor.reduce((sum, point) => sum + turn(point), 0) < 0 ? -1 : 1
}

/** How far before its counter a line runs, where it is the counter's edge shifted; else null. */
export function shiftOf(counter: Segment, line: Segment): { metres: number; side: Side } | null {
  const [[a, b], [c]] = [counter, line]
  const length = Math.hypot(b[0] - a[0], b[1] - a[1])
  if (length < SAME_M) return null
  const off = ((b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])) / length
  const side: Side = off < 0 ? -1 : 1
  const metres = Math.round(Math.abs(off) * 1000) / 1000
  const same = ahead(counter, metres, side)
  return metres > 0 && same && near(same[0], line[0]) && near(same[1], line[1]) ? { metres, side } : null
}

export const near = (a: Place, b: Place) => Math.hypot(a[0] - b[0], a[1] - b[1]) < SAME_M
