/** Everything that can be done to a draft, as pure steps that can be taken back. */
import type { Content, Place } from './content'
import { counterOf, draftOf, placeOf, sameContent, type Counter, type Draft, type DraftPoint, type Line, type Units, type ZoneSide } from './draft'
import { inserted, moved, removed, type Outline } from './polygon'
import { sideOf } from './strip'
import { begin, lift, record, redo, undo, type Timeline } from './timeline'

export interface ZoneName {
  readonly window: string
  readonly side: ZoneSide
}

export type Edit =
  | { do: 'addPoint'; at: Place }
  | { do: 'movePoint'; id: number; at: Place }
  | { do: 'removePoint'; id: number }
  | { do: 'measure'; id: number; axis: 'across' | 'away'; value: number | null }
  | { do: 'setUnits'; units: Units }
  | { do: 'setTile'; axis: 0 | 1; value: number | null }
  | { do: 'setCounter'; counter: Counter | null }
  | { do: 'setLine'; line: Line | null }
  | { do: 'addCorner'; zone: ZoneName; at: Place }
  | { do: 'insertCorner'; zone: ZoneName; edge: number; at: Place }
  | { do: 'moveCorner'; zone: ZoneName; index: number; at: Place }
  | { do: 'removeCorner'; zone: ZoneName; index: number }
  | { do: 'clearZone'; zone: ZoneName }

export interface Editing {
  readonly timeline: Timeline<Draft>
  /** what the server keeps, and its revision */
  readonly saved: Draft
  readonly revision: number
}

export type Step =
  | { type: 'load'; content: Content | null; revision: number }
  | { type: 'resume'; draft: Draft; content: Content | null; revision: number }
  | { type: 'saved'; draft: Draft; revision: number }
  | { type: 'edit'; edit: Edit; stroke?: string }
  | { type: 'lift' }
  | { type: 'undo' }
  | { type: 'redo' }
  | { type: 'discard' }

export function loaded(content: Content | null, revision: number): Editing {
  const saved = draftOf(content)
  return { timeline: begin(saved), saved, revision }
}

export function step(state: Editing, action: Step): Editing {
  const { timeline } = state
  switch (action.type) {
    case 'load':
      return loaded(action.content, action.revision)
    case 'resume': {
      const fresh = loaded(action.content, action.revision)
      return { ...fresh, timeline: record(fresh.timeline, action.draft) }
    }
    case 'saved':
      // What was done before saving can still be taken back, as a new change.
      return { timeline: lift(timeline), saved: action.draft, revision: action.revision }
    case 'edit':
      return { ...state, timeline: record(timeline, edited(timeline.now, action.edit), action.stroke ?? null) }
    case 'lift':
      return { ...state, timeline: lift(timeline) }
    case 'undo':
      return { ...state, timeline: undo(timeline) }
    case 'redo':
      return { ...state, timeline: redo(timeline) }
    case 'discard':
      // Discarding can be taken back as well.
      return { ...state, timeline: record(timeline, state.saved) }
  }
}

export const isDirty = ({ timeline, saved }: Editing) => !sameContent(timeline.now, saved)

export function edited(draft: Draft, edit: Edit): Draft {
  switch (edit.do) {
    case 'addPoint':
      return { ...draft, points: [...draft.points, { id: nextId(draft), at: inPicture(edit.at), across: null, away: null }] }
    case 'movePoint':
      return withPoint(draft, edit.id, (point) => ({ ...point, at: inPicture(edit.at) }))
    case 'removePoint':
      return { ...released(draft, edit.id), points: draft.points.filter(({ id }) => id !== edit.id) }
    case 'measure':
      return withPoint(draft, edit.id, (point) => ({ ...point, [edit.axis]: edit.value }))
    case 'setUnits':
      return inUnits(draft, edit.units)
    case 'setTile':
      return { ...draft, tile: edit.axis === 0 ? [edit.value, draft.tile[1]] : [draft.tile[0], edit.value] }
    case 'setCounter':
      return withCounter(draft, edit.counter)
    case 'setLine':
      return { ...draft, line: edit.line }
    case 'addCorner':
      return withOutline(draft, edit.zone, (outline) => [...outline, inPicture(edit.at)])
    case 'insertCorner':
      return withOutline(draft, edit.zone, (outline) => inserted(outline, edit.edge, inPicture(edit.at)))
    case 'moveCorner':
      return withOutline(draft, edit.zone, (outline) => moved(outline, edit.index, inPicture(edit.at)))
    case 'removeCorner':
      return withOutline(draft, edit.zone, (outline) => removed(outline, edit.index))
    case 'clearZone':
      return withOutline(draft, edit.zone, () => [])
  }
}

export const nextId = (draft: Draft) => Math.max(0, ...draft.points.map(({ id }) => id)) + 1

export function outlineOf(draft: Draft, { window, side }: ZoneName): Outline {
  return draft.zones[window]?.[side] ?? []
}

const inPicture = ([x, y]: Place): Place => [Math.min(Math.max(x, 0), 1), Math.min(Math.max(y, 0), 1)]

const ARROWS: Record<string, Place> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }
const COARSE_PX = 10

/** Where an arrow key takes a spot: one pixel of the camera's picture, ten with Shift; null for other keys. */
export function nudged(at: Place, key: string, coarse: boolean, size: readonly [number, number]): Place | null {
  const arrow = ARROWS[key]
  if (!arrow) return null
  const pixels = coarse ? COARSE_PX : 1
  return inPicture([at[0] + (arrow[0] * pixels) / size[0], at[1] + (arrow[1] * pixels) / size[1]])
}

function withPoint(draft: Draft, id: number, change: (point: DraftPoint) => DraftPoint): Draft {
  return { ...draft, points: draft.points.map((point) => (point.id === id ? change(point) : point)) }
}

function withOutline(draft: Draft, { window, side }: ZoneName, change: (outline: Outline) => Outline): Draft {
  const zone = draft.zones[window] ?? { staff: [], public: [] }
  return { ...draft, zones: { ...draft.zones, [window]: { ...zone, [side]: change(zone[side]) } } }
}

/** Without the point that the counter's edge ran through: the edge stays where it was. */
function released(draft: Draft, id: number): Draft {
  const { counter } = draft
  if (counter?.by !== 'points' || (counter.a !== id && counter.b !== id)) return draft
  const segment = counterOf(draft)
  return segment ? { ...draft, counter: { by: 'metres', segment } } : { ...draft, counter: null, line: null }
}

/** A line that keeps its distance follows its counter, on the side where the measured floor lies. */
function withCounter(draft: Draft, counter: Counter | null): Draft {
  const next: Draft = { ...draft, counter }
  if (!counter) return draft.line?.by === 'ahead' ? { ...next, line: null } : next
  if (draft.line && draft.line.by !== 'ahead') return next
  const segment = counterOf(next)
  const floor = draft.points.map((point) => placeOf(draft, point)).filter((place) => place !== null)
  const side = segment ? sideOf(segment, floor) : 1
  return { ...next, line: { by: 'ahead', metres: draft.line?.metres ?? 1, side } }
}

/** The same spots counted otherwise, where one tile's size is known. */
function inUnits(draft: Draft, units: Units): Draft {
  const [width, depth] = draft.tile
  if (units === draft.units) return draft
  if (!width || !depth) return { ...draft, units }
  const factor = units === 'tiles' ? [1 / width, 1 / depth] : [width, depth]
  const turned = (value: number | null, by: number) => (value === null ? null : Math.round(value * by * 1e4) / 1e4)
  const points = draft.points.map((point) => ({
    ...point, across: turned(point.across, factor[0] ?? 1), away: turned(point.away, factor[1] ?? 1),
  }))
  return { ...draft, units, points }
}
