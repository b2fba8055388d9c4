/** What travels between the API and the page; times are RFC 3339 texts in UTC unless said otherwise. */

export interface Session {
  username: string
  csrf_token: string
  must_change_password: boolean
}

export interface HallWindow {
  id: string
  name: string
  name_en: string | null
}

export interface Hall {
  id: string
  name: string
  name_en: string | null
  time_zone: string
  windows: HallWindow[]
  cameras: { id: string; name: string; windows: string[] }[]
}

export interface Behaviour {
  code: string
  zh: string
  en: string
  clause: string
  clause_zh: string
  clause_en: string
  severity: number
  variants: string[]
  limits: { hold_s: number; window_s: number; gap_s: number; cooldown_s: number }
}

export type EventState = 'pending' | 'confirmed' | 'dismissed'
export type Verdict = 'confirmed' | 'dismissed'

export interface Decision {
  verdict: Verdict | 'undone'
  reason: string | null
  note: string | null
  decided_by: string
  decided_at: string
}

export interface Clip {
  state: 'ready' | 'partial' | 'failed'
  reason: string | null
  starts_at: string | null
  duration_s: number | null
  size_bytes: number | null
  sha256: string | null
  url: string | null
}

/** [seconds since the event's started_at, score 0..1 or null where nothing could be observed] */
export type EvidencePoint = [number, number | null]

export interface HallEvent {
  id: string
  revision: number
  behaviour: string
  variant: string | null
  window: string
  camera: string
  started_at: string
  flagged_at: string
  ended_at: string | null
  ending: string | null
  peak_score: number
  measures: Record<string, number>
  parent: string | null
  evidence: EvidencePoint[]
  state: EventState
  decision: Decision | null
  history: Decision[]
  clip: Clip | null
  has_skeleton: boolean
  window_name: string
  window_name_en: string
  explanation_zh: string
  explanation_en: string
  etag: string
}

export type Counts = Record<EventState, number>

export interface EventsPage {
  items: HallEvent[]
  next_cursor: string | null
  counts: Counts
}

export interface EventFilter {
  state?: EventState
  window?: string
  behaviour?: string
  from?: string
  to?: string
  order?: 'newest' | 'oldest'
  limit?: number
}

/** x px, y px, confidence 0..1, in COCO 2017 order */
export type Keypoint = [number, number, number]
export type Box = [number, number, number, number]

export interface SkeletonPerson {
  track: number
  box: Box
  zone: 'staff' | 'public' | null
  keypoints: Keypoint[] | null
}

export interface SkeletonThing {
  kind: string
  box: Box
  score: number
}

/** What was seen at `t_s` seconds after the start of the clip. */
export interface SkeletonFrame {
  t_s: number
  persons: SkeletonPerson[]
  things: SkeletonThing[]
}

export interface Skeleton {
  format: number
  size: [number, number]
  frames: SkeletonFrame[]
}

export interface WindowHour {
  window: string
  open_s: number
  observed_s: number
  present_s: number
  confirmed: number
  pending: number
  dismissed: number
  confirmed_s: number
  compliance: number | null
  by_behaviour: Record<string, Counts>
}

export interface HourlyFigures {
  date: string
  time_zone: string
  hours: { hour: string; windows: WindowHour[] }[]
}

export type CameraState =
  | 'live'
  | 'connecting'
  | 'stalled'
  | 'dark'
  | 'covered'
  | 'frozen'
  | 'blurred'
  | 'moved'
  | 'ended'
  | 'off'

export interface Camera {
  id: string
  name: string
  windows: string[]
  state: CameraState
  since: string | null
  detail: string | null
  analysed_fps: number | null
  has_picture: boolean
}
