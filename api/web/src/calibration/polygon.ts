/** Outlines of zones: their corners in order, the last joined to the first. */
import type { Place } from './content'

export type Outline = readonly Place[]
export type OutlineFault = 'fewCorners' | 'manyCorners' | 'crossing' | 'noArea'

const SMALLEST_AREA = 1e-5
const MOST_CORNERS = 100

export const middle = (a: Place, b: Place): Place => [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]

export function edges(outline: Outline): [Place, Place][] {
  return outline.map((corner, index) => [corner, outline[(index + 1) % outline.length] ?? corner])
}

/** With a new corner on the edge that starts at corner `edge`. */
export function inserted(outline: Outline, edge: number, at: Place): Outline {
  return [...outline.slice(0, edge + 1), at, ...outline.slice(edge + 1)]
}

export function moved(outline: Outline, index: number, at: Place): Outline {
  return outline.map((corner, place) => (place === index ? at : corner))
}

export function removed(outline: Outline, index: number): Outline {
  return outline.filter((_, place) => place !== index)
}

export function area(outline: Outline): number {
  return Math.abs(edges(outline).reduce((sum, [a, b]) => sum + a[0] * b[1] - b[0] * a[1], 0)) / 2
}

/** Why these corners are no zone; null where they are one. */
export function faultOf(outline: Outline): OutlineFault | null {
  if (outline.length < 3) return 'fewCorners'
  if (outline.length > MOST_CORNERS) return 'manyCorners'
  const sides = edges(outline)
  const crosses = sides.some(([a, b], index) => sides.slice(index + 1).some(([c, d]) => cross(a, b, c, d)))
  if (crosses) return 'crossing'
  return area(outline) < SMALLEST_AREA ? 'noArea' : null
}

const turn = (a: Place, b: Place, c: Place) => (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])

/** Whether two edges cross at a point inside both; neighbours only touch. */
function cross(a: Place, b: Place, c: Place, d: Place): boolean {
  return turn(a, b, c) * turn(a, b, d) < 0 && turn(c, d, a) * turn(c, d, b) < 0
}
