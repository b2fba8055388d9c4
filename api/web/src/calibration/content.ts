/** What the API says of a camera's calibration. Positions in the picture are shares 0..1, on the floor metres. */

/** [x, y]: shares of the picture (right, down), or metres or tiles on the floor. */
export type Place = readonly [number, number]
export type Segment = readonly [Place, Place]

export interface MeasuredPoint {
  at: Place
  m: Place | null
  tile: Place | null
}

export interface LensContent {
  focal: number | null
  centre: Place
  distortion: readonly number[]
}

export interface FloorContent {
  points: readonly MeasuredPoint[]
  tile_m: Place | null
  lens: LensContent | null
  straight_lines: readonly (readonly Place[])[]
  counter_edge_m: Segment | null
  line_m: Segment | null
}

export interface ZonesContent {
  staff: readonly Place[]
  public: readonly Place[] | null
}

export interface Content {
  floor: FloorContent | null
  zones: Readonly<Record<string, ZonesContent>>
}

export interface CalibratedWindow {
  id: string
  name: string
  name_en: string | null
}

/**
 * Revision 0 is what the site file says. `stale`: the camera was moved since. `in_use`: the revision that the
 * camera's worker works with, null while it told none.
 */
export interface Calibration {
  revision: number
  content: Content | null
  saved_at: string | null
  saved_by: string | null
  note: string | null
  size: readonly [number, number]
  stale: boolean
  in_use: number | null
  windows: readonly CalibratedWindow[]
}

export type Grade = 'good' | 'weak' | 'bad'

/** How far one point is off in the fit, and of a floor fitted without it (null: not told). */
export interface PointError {
  off_px: number
  off_cm: number
  left_out_px: number | null
  left_out_cm: number | null
  grade: Grade
}

const OFF_CM = 5

/** Whether a point that is not good is off itself; else it is the floor without it that is. */
export const isOff = ({ off_cm, grade }: PointError) => grade === 'bad' || (grade === 'weak' && off_cm > OFF_CM)

/** What a floor looks like and how far it can be trusted; lines in shares of the picture. */
export interface Fit {
  points: readonly PointError[]
  worst_cm: number | null
  grid: readonly (readonly Place[])[]
  counter: readonly Place[] | null
  line: readonly Place[] | null
  line_at_m: number | null
  line_sd_cm: number | null
  ellipses: readonly (readonly Place[])[]
  warnings: readonly string[]
}

export interface Revision {
  revision: number
  saved_at: string | null
  saved_by: string | null
  note: string | null
  restored_from: number | null
  points: number
  worst_cm: number | null
}
