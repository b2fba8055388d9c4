/** A calibration while somebody works on it: unlike what is saved, it may be unfinished. */
import type { Content, FloorContent, LensContent, Place, Segment } from './content'
import { faultOf, type Outline, type OutlineFault } from './polygon'
import { ahead, near, shiftOf, type Side } from './strip'

/** A spot on the floor; `across` and `away` are metres or tiles, null while nothing is typed. */
export interface DraftPoint {
  readonly id: number
  readonly at: Place
  readonly across: number | null
  readonly away: number | null
}

export type Units = 'metres' | 'tiles'
export type ZoneSide = 'staff' | 'public'
export const ZONE_SIDES: readonly ZoneSide[] = ['staff', 'public']

/** Through two points (by their ids), or anywhere on the floor. */
export type Counter = { readonly by: 'points'; readonly a: number; readonly b: number } | { readonly by: 'metres'; readonly segment: Segment }
/** So far before the counter, or anywhere on the floor. */
export type Line = { readonly by: 'ahead'; readonly metres: number; readonly side: Side } | { readonly by: 'metres'; readonly segment: Segment }

export interface Draft {
  readonly points: readonly DraftPoint[]
  readonly units: Units
  /** one tile's width and depth, metres */
  readonly tile: readonly [number | null, number | null]
  readonly lens: LensContent | null
  readonly straightLines: readonly (readonly Place[])[]
  readonly counter: Counter | null
  readonly line: Line | null
  readonly zones: Readonly<Record<string, Readonly<Record<ZoneSide, Outline>>>>
}

export const FEWEST_POINTS = 4

export const EMPTY: Draft = {
  points: [], units: 'metres', tile: [null, null], lens: null, straightLines: [], counter: null, line: null, zones: {},
}

export function draftOf(content: Content | null): Draft {
  if (!content) return EMPTY
  const floor = content.floor
  const zones = Object.fromEntries(
    Object.entries(content.zones).map(([window, zone]) => [window, { staff: zone.staff, public: zone.public ?? [] }]),
  )
  if (!floor) return { ...EMPTY, zones }
  const tiles = floor.points.length > 0 && floor.points.every((point) => point.tile !== null)
  const points = floor.points.map((point, index): DraftPoint => {
    const [across, away] = tiles ? (point.tile ?? [null, null]) : (metresOf(point, floor.tile_m) ?? [null, null])
    return { id: index + 1, at: point.at, across, away }
  })
  const draft: Draft = {
    ...EMPTY, zones, points, units: tiles ? 'tiles' : 'metres', tile: floor.tile_m ?? EMPTY.tile,
    lens: floor.lens, straightLines: floor.straight_lines,
  }
  return { ...draft, counter: counterIn(draft, floor), line: lineIn(floor) }
}

function metresOf(point: FloorContent['points'][number], tile: Place | null): Place | null {
  if (point.m) return point.m
  return point.tile && tile ? [point.tile[0] * tile[0], point.tile[1] * tile[1]] : null
}

function counterIn(draft: Draft, { counter_edge_m: segment }: FloorContent): Counter | null {
  if (!segment) return null
  const through = (end: Place) => draft.points.find((point) => {
    const metres = placeOf(draft, point)
    return metres !== null && near(metres, end)
  })
  const [a, b] = [through(segment[0]), through(segment[1])]
  return a && b && a !== b ? { by: 'points', a: a.id, b: b.id } : { by: 'metres', segment }
}

function lineIn({ counter_edge_m: counter, line_m: segment }: FloorContent): Line | null {
  if (!segment) return null
  const shift = counter && shiftOf(counter, segment)
  return shift ? { by: 'ahead', ...shift } : { by: 'metres', segment }
}

/** Where a point lies on the floor, metres; null while that is not told. */
export function placeOf({ units, tile }: Draft, { across, away }: DraftPoint): Place | null {
  if (across === null || away === null) return null
  if (units === 'metres') return [across, away]
  const [width, depth] = tile
  return width && depth ? [across * width, away * depth] : null
}

export function counterOf(draft: Draft): Segment | null {
  const { counter } = draft
  if (!counter) return null
  if (counter.by === 'metres') return counter.segment
  const [a, b] = [counter.a, counter.b].map((id) => {
    const point = draft.points.find((one) => one.id === id)
    return point ? placeOf(draft, point) : null
  })
  return a && b ? [a, b] : null
}

export function lineOf(draft: Draft): Segment | null {
  const { line } = draft
  if (!line || line.by === 'metres') return line?.segment ?? null
  const counter = counterOf(draft)
  return counter && ahead(counter, line.metres, line.side)
}

/** The draft as it would be saved. Points without their metres are left out: see `faultsOf`. */
export function contentOf(draft: Draft): Content {
  const zones = Object.entries(draft.zones)
    .filter(([, zone]) => zone.staff.length > 0 || zone.public.length > 0)
    .map(([window, zone]) => [window, { staff: rounded(zone.staff), public: zone.public.length ? rounded(zone.public) : null }])
  return { floor: floorOf(draft), zones: Object.fromEntries(zones) }
}

/** The points that count in a fit, in their order. */
export const measuredPoints = (draft: Draft) => draft.points.filter((point) => placeOf(draft, point) !== null)

function floorOf(draft: Draft): FloorContent | null {
  const { units, tile: [width, depth] } = draft
  const points = measuredPoints(draft)
  if (!points.length) return null
  return {
    points: points.map(({ at, across, away }) => {
      const place: Place = [across ?? 0, away ?? 0]
      return { at: share(at), m: units === 'metres' ? place : null, tile: units === 'tiles' ? place : null }
    }),
    tile_m: width && depth ? [width, depth] : null,
    lens: draft.lens,
    straight_lines: draft.straightLines,
    counter_edge_m: exact(counterOf(draft)),
    line_m: exact(lineOf(draft)),
  }
}

/** A hundredth of a pixel is finer than anybody points. */
const share = ([x, y]: Place): Place => [round(x, 1e5), round(y, 1e5)]
const rounded = (outline: Outline) => outline.map(share)
const exact = (segment: Segment | null): Segment | null =>
  segment && [[round(segment[0][0], 1e4), round(segment[0][1], 1e4)], [round(segment[1][0], 1e4), round(segment[1][1], 1e4)]]
const round = (value: number, steps: number) => Math.round(value * steps) / steps

/** What must be finished before the draft can be saved. */
export type Fault =
  | { kind: 'unmeasured'; numbers: number[] }
  | { kind: 'tileSize' }
  | { kind: 'fewPoints'; count: number }
  | { kind: 'outline'; window: string; side: ZoneSide; fault: OutlineFault }
  | { kind: 'noStaff'; window: string }

/** `windows`: the ids of all that the camera sees; each needs its staff side. */
export function faultsOf(draft: Draft, windows: readonly string[]): Fault[] {
  return [...floorFaults(draft), ...zoneFaults(draft, windows)]
}

export function floorFaults(draft: Draft): Fault[] {
  const faults: Fault[] = []
  const untold = draft.points.flatMap(({ across, away }, index) => (across === null || away === null ? [index + 1] : []))
  if (untold.length) faults.push({ kind: 'unmeasured', numbers: untold })
  if (draft.units === 'tiles' && draft.points.length && !(draft.tile[0] && draft.tile[1])) faults.push({ kind: 'tileSize' })
  const count = draft.points.length
  if (count > 0 && count < FEWEST_POINTS) faults.push({ kind: 'fewPoints', count })
  return faults
}

export function zoneFaults(draft: Draft, windows: readonly string[]): Fault[] {
  return windows.flatMap((window) => {
    const zone = draft.zones[window]
    const noStaff: Fault[] = zone?.staff.length ? [] : [{ kind: 'noStaff', window }]
    const outlines = ZONE_SIDES.flatMap((side): Fault[] => {
      const fault = zone?.[side].length ? faultOf(zone[side]) : null
      return fault ? [{ kind: 'outline', window, side, fault }] : []
    })
    return [...noStaff, ...outlines]
  })
}

export function sameContent(one: Draft, other: Draft): boolean {
  // Points without metres are in no content, but somebody clicked them.
  const clicked = (draft: Draft) => draft.points.map(({ at, across, away }) => [share(at), across, away])
  return JSON.stringify([contentOf(one), clicked(one)]) === JSON.stringify([contentOf(other), clicked(other)])
}
