import { expect, test } from 'vitest'

import type { Content, MeasuredPoint, Place } from './content'
import { contentOf, counterOf, draftOf, faultsOf, floorFaults, lineOf, type Draft } from './draft'
import { isDirty, loaded, nudged, outlineOf, step, type Edit, type Editing } from './editing'
import { faultOf } from './polygon'

const STAFF = { window: 'w1', side: 'staff' } as const
const SQUARE: Place[] = [[0.1, 0.1], [0.4, 0.1], [0.4, 0.4], [0.1, 0.4]]
const KEPT: Content = {
  floor: {
    points: [[0.2, 0.5], [0.8, 0.5], [0.9, 0.9], [0.1, 0.9]].map(([x, y], index) => ({
      at: [x, y] as Place, m: ([[0, 0], [2, 0], [2, 1.5], [0, 1.5]] as Place[])[index] ?? null, tile: null,
    })),
    tile_m: null,
    lens: { focal: 0.9, centre: [0.5, 0.5], distortion: [-0.2, 0, 0, 0, 0] },
    straight_lines: [[[0, 0.2], [0.5, 0.18], [1, 0.2]]],
    counter_edge_m: [[0, 0], [2, 0]],
    line_m: [[0, 1], [2, 1]],
  },
  zones: { w1: { staff: SQUARE, public: null } },
}

const does = (state: Editing, ...edits: Edit[]) => edits.reduce((now, edit) => step(now, { type: 'edit', edit }), state)
const now = (state: Editing): Draft => state.timeline.now

test('what is loaded is what would be saved, in metres and in tiles', () => {
  expect(contentOf(draftOf(KEPT))).toEqual(KEPT)
  const floor = KEPT.floor
  if (!floor) throw new Error('there is a floor')
  const points = floor.points.map(({ at, m }): MeasuredPoint => ({ at, m: null, tile: m && [m[0] / 0.5, m[1] / 0.5] }))
  const tiled: Content = { ...KEPT, floor: { ...floor, points, tile_m: [0.5, 0.5] } }
  expect(draftOf(tiled).units).toBe('tiles')
  expect(contentOf(draftOf(tiled))).toEqual(tiled)
})

test('undo and redo walk through every change, and back at the start nothing is unsaved', () => {
  const start = loaded(KEPT, 3)
  let state = does(start, { do: 'addPoint', at: [0.5, 0.7] }, { do: 'addCorner', zone: STAFF, at: [0.05, 0.2] })
  state = does(state, { do: 'clearZone', zone: STAFF })
  expect(isDirty(state)).toBe(true)
  const seen: string[] = []
  while (state.timeline.past.length) {
    seen.push(JSON.stringify(now(state)))
    state = step(state, { type: 'undo' })
  }
  expect(seen).toHaveLength(3)
  expect(isDirty(state)).toBe(false)
  for (const once of seen.toReversed()) {
    state = step(state, { type: 'redo' })
    expect(JSON.stringify(now(state))).toBe(once)
  }
  const other = does(step(state, { type: 'undo' }), { do: 'removePoint', id: 1 })
  expect(step(other, { type: 'redo' })).toEqual(other)
})

test('one drag is one step; the next drag of the same point is another', () => {
  const drag = (state: Editing, x: number) =>
    step(state, { type: 'edit', edit: { do: 'movePoint', id: 1, at: [x, 0.5] }, stroke: 'point 1' })
  const once = drag(drag(drag(loaded(KEPT, 1), 0.21), 0.22), 0.23)
  expect(once.timeline.past).toHaveLength(1)
  const twice = drag(step(once, { type: 'lift' }), 0.3)
  expect(now(step(twice, { type: 'undo' })).points[0]?.at).toEqual([0.23, 0.5])
})

test('arrow keys nudge by a pixel of the picture, ten with Shift, and never out of it', () => {
  expect(nudged([0.5, 0.5], 'ArrowRight', false, [1000, 500])).toEqual([0.501, 0.5])
  expect(nudged([0.5, 0.5], 'ArrowUp', true, [1000, 500])).toEqual([0.5, 0.48])
  expect(nudged([0, 0.999], 'ArrowLeft', true, [1000, 500])).toEqual([0, 0.999])
  expect(nudged([0.5, 0.999], 'ArrowDown', true, [1000, 500])).toEqual([0.5, 1])
  expect(nudged([0.5, 0.5], 'Enter', false, [1000, 500])).toBeNull()
})

test('corners are added, put on an edge, moved and taken away', () => {
  let state = loaded({ floor: null, zones: {} }, 0)
  for (const at of SQUARE) state = does(state, { do: 'addCorner', zone: STAFF, at })
  state = does(state, { do: 'insertCorner', zone: STAFF, edge: 3, at: [0.05, 0.25] })
  expect(outlineOf(now(state), STAFF)).toEqual([...SQUARE, [0.05, 0.25]])
  state = does(state, { do: 'insertCorner', zone: STAFF, edge: 0, at: [0.25, 0.05] })
  expect(outlineOf(now(state), STAFF)[1]).toEqual([0.25, 0.05])
  state = does(state, { do: 'moveCorner', zone: STAFF, index: 1, at: [0.25, -3] }, { do: 'removeCorner', zone: STAFF, index: 0 })
  expect(outlineOf(now(state), STAFF)).toEqual([[0.25, 0], ...SQUARE.slice(1), [0.05, 0.25]])
  expect(contentOf(now(state)).zones['w1']?.public).toBeNull()
})

test('an outline that is no zone is told apart', () => {
  expect(faultOf(SQUARE)).toBeNull()
  expect(faultOf(SQUARE.slice(0, 2))).toBe('fewCorners')
  expect(faultOf([SQUARE[0]!, SQUARE[2]!, SQUARE[1]!, SQUARE[3]!])).toBe('crossing')
  expect(faultOf([[0, 0], [0.5, 0.5], [1, 1]])).toBe('noArea')
})

test('the counter follows its points, the line follows the counter on the side that was measured', () => {
  let state = does(loaded(KEPT, 1), { do: 'setCounter', counter: null })
  expect(lineOf(now(state))).toBeNull()
  state = does(state, { do: 'setCounter', counter: { by: 'points', a: 2, b: 1 } })
  expect(counterOf(now(state))).toEqual([[2, 0], [0, 0]])
  expect(lineOf(now(state))).toEqual([[2, 1], [0, 1]])
  state = does(state, { do: 'measure', id: 1, axis: 'away', value: 0.5 }, { do: 'measure', id: 2, axis: 'away', value: 0.5 })
  expect(lineOf(now(state))?.[0][1]).toBeCloseTo(1.5)
  state = does(state, { do: 'removePoint', id: 1 })
  expect(counterOf(now(state))).toEqual([[2, 0.5], [0, 0.5]])
})

test('counting tiles keeps every spot where it is', () => {
  let state = does(loaded(KEPT, 1), { do: 'setTile', axis: 0, value: 0.8 }, { do: 'setTile', axis: 1, value: 0.6 })
  state = does(state, { do: 'setUnits', units: 'tiles' })
  expect(now(state).points[2]).toMatchObject({ across: 2.5, away: 2.5 })
  expect(contentOf(now(state)).floor?.counter_edge_m).toEqual(KEPT.floor?.counter_edge_m)
  state = does(state, { do: 'setUnits', units: 'metres' })
  expect(contentOf(now(state)).floor?.points).toEqual(KEPT.floor?.points)
})

test('what is unfinished is named, and what is finished is not', () => {
  expect(faultsOf(draftOf(KEPT), ['w1'])).toEqual([])
  const state = does(loaded(KEPT, 1), { do: 'addPoint', at: [0.5, 0.5] }, { do: 'setUnits', units: 'tiles' })
  expect(floorFaults(now(state))).toEqual([{ kind: 'unmeasured', numbers: [5] }, { kind: 'tileSize' }])
  expect(faultsOf(draftOf(KEPT), ['w1', 'w2'])).toEqual([{ kind: 'noStaff', window: 'w2' }])
  const zones = { w1: { staff: SQUARE.slice(2), public: SQUARE } }
  expect(faultsOf(draftOf({ floor: null, zones }), ['w1'])).toEqual([{ kind: 'outline', window: 'w1', side: 'staff', fault: 'fewCorners' }])
})
