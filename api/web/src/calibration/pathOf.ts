import type { Place } from './content'

/** Shares of the picture as the path of an SVG of that size. */
export function pathOf(places: readonly Place[], [width, height]: readonly [number, number]): string {
  return places.map(([x, y], index) => `${index ? 'L' : 'M'}${(x * width).toFixed(1)} ${(y * height).toFixed(1)}`).join('')
}
