/** What travels between the API and the page; times are RFC 3339 texts in UTC unless said otherwise. */

export const ROLES = ['supervisor', 'manager', 'administrator', 'auditor', 'window_staff'] as const
export type Role = (typeof ROLES)[number]

export type Right =
  | 'catalogue' | 'events' | 'pictures' | 'originals' | 'webhooks' | 'review' | 'figures' | 'reports' | 'permits_read' | 'permits'
  | 'cameras' | 'calibrate' | 'own_window' | 'audit' | 'accounts' | 'keys' | 'hold' | 'retention'

export interface Session {
  username: string
  csrf_token: string
  must_change_password: boolean
  has_second_factor: boolean
  must_add_second_factor: boolean
  role: Role
  /** what the role may do */
  rights: Right[]
  /** windows they work at themselves, and so do not judge */
  windows: string[]
  /** units of the hall tree that they answer for; null: the whole hall */
  scope: string[] | null
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
  limits: { hold_s: number; window_s: number; gap_s: number; cooldown_s: number; score: number }
}

export type EventState = 'pending' | 'confirmed' | 'dismissed' | 'withdrawn' | 'expired'
export type Verdict = 'confirmed' | 'dismissed'

export interface Decision {
  verdict: Verdict | 'undone' | 'retracted'
  reason: string | null
  note: string | null
  decided_by: string
  decided_at: string
}

/** What may be looked at of a clip: faces of the public blurred. */
export interface ReviewCopy {
  state: 'pending' | 'ready' | 'failed'
  reason: string | null
  size_bytes: number | null
  sha256: string | null
  url: string | null
  poster_url: string | null
  filmstrip_url: string | null
}

export interface Clip {
  state: 'ready' | 'partial' | 'failed'
  reason: string | null
  starts_at: string | null
  duration_s: number | null
  size_bytes: number | null
  sha256: string | null
  /** null: there is no clip to copy */
  review: ReviewCopy | null
}

export type PermitKind = 'leave' | 'stand_in' | 'suspended'

/** What a permit would cover. */
export interface PermitPlan {
  kind: PermitKind
  window: string
  starts_at: string
  ends_at: string
  stand_in_window: string | null
}

/** Registered leave, a stand-in, or service suspended; in force unless it was revoked. */
export interface Permit extends PermitPlan {
  id: string
  reason: string
  registered_by: string
  registered_at: string
  late: boolean
  revoked_by: string | null
  revoked_at: string | null
  revoke_reason: string | null
}

export interface PermitsPage {
  items: Permit[]
  next_cursor: string | null
}

/** A permit, and the ids of events that it took out of what counts or gave back. */
export interface PermitChange {
  permit: Permit
  withdrawn: string[]
  restored: string[]
}

export interface PermitRules extends Record<PermitKind, 'hold_back' | 'annotate'> {
  limit_s: number
  explanation_zh: string
  explanation_en: string
}

/** What becomes of an empty post that a permit touches, with all permits in force. */
export interface PermitEffect {
  event: string
  started_at: string
  ended_at: string | null
  known_until: string
  state: EventState
  outcome: 'withdrawn' | 'stays'
  explanation_zh: string
  explanation_en: string
}

export interface PermitFilter {
  window?: string
  from?: string
  to?: string
  revoked?: boolean
  limit?: number
}

/** That permits took an event out of what counts, and when that ended. */
export interface Withdrawal {
  permits: string[]
  reason: PermitKind
  state_before: EventState
  withdrawn_by: string
  withdrawn_at: string
  restored_by: string | null
  restored_at: string | null
}

/** What the window's staff said against a confirmed event; `made_by` is null where it came by a link. */
export interface Appeal {
  id: string
  event: string
  text: string
  made_by: string | null
  made_at: string
  state: 'open' | 'upheld' | 'rejected'
  decided_by: string | null
  decided_at: string | null
  answer: string | null
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
  /** null: hidden until somebody decides */
  peak_score: number | null
  measures: Record<string, number>
  parent: string | null
  evidence: EvidencePoint[]
  state: EventState
  /** until when it should be decided */
  due_at: string | null
  decision: Decision | null
  appeal: Appeal | null
  history: Decision[]
  permits: Permit[]
  withdrawals: Withdrawal[]
  clip: Clip | null
  has_skeleton: boolean
  window_name: string
  window_name_en: string
  explanation_zh: string
  explanation_en: string
  etag: string
}

/** Events that count for something, by where they stand. */
export type Counts = Record<'pending' | 'confirmed' | 'dismissed', number>

export interface EventsPage {
  items: HallEvent[]
  next_cursor: string | null
  counts: Record<EventState, number>
}

export interface EventFilter {
  q?: string
  score_from?: number
  score_to?: number
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

export type CameraState =
  | 'live'
  | 'connecting'
  | 'not_enabled'
  | 'stalled'
  | 'dark'
  | 'covered'
  | 'frozen'
  | 'blurred'
  | 'moved'
  | 'ended'
  | 'off'
  | 'not_reporting'

export interface Camera {
  id: string
  name: string
  windows: string[]
  state: CameraState
  since: string | null
  detail: string | null
  analysed_fps: number | null
  clock_ahead_s: number | null
  has_picture: boolean
  /** why it may watch; null: nobody said */
  record: CameraRecord | null
}

export interface CameraRecord {
  purpose: string
  legal_basis: string
  sign_since: string
  approved_by: string
  review_by: string
}
