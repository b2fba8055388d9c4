/** What travels between the API and the page about reviewing. */
import type { EventState, EventsPage, HallEvent, Verdict } from './types'

/** Who has an event on the screen. */
export interface Claim {
  username: string
  until: string
}

export interface QueueItem extends HallEvent {
  /** earliest event of its group; null: it stands alone */
  group: string | null
  claim: Claim | null
  /** the verdict goes to the second review; not shown to the reviewer */
  second_review: boolean
}

export interface QueueFilter {
  window?: string
  behaviour?: string
  from?: string
  to?: string
  score_from?: number
  score_to?: number
}

export interface QueuePage extends Omit<EventsPage, 'items'> {
  items: QueueItem[]
  stint: { began_at: string | null; decisions: number; pause_suggested: boolean }
}

export interface SavedView {
  name: string
  filter: { [name in keyof QueueFilter]: QueueFilter[name] | null }
}

export interface Judgement {
  verdict: Verdict
  reason: string | null
  note: string | null
}

export interface Neighbour {
  id: string
  behaviour: string
  variant: string | null
  started_at: string
  ended_at: string | null
  state: EventState
}

export interface Surroundings {
  before: Neighbour[]
  after: Neighbour[]
  staff_required: number | null
  hour: { open_s: number; observed_s: number; present_s: number } | null
}

export interface AppealedEvent {
  appeal: NonNullable<HallEvent['appeal']>
  event: HallEvent
  may_decide: boolean
}

export interface Agreement {
  drawn_share: number
  pairs: number
  agreed: number
  waiting: number
  share: number | null
  ac1: number | null
  disagreements: {
    event: string
    window: string
    behaviour: string
    started_at: string
    first_verdict: string
    first_by: string
    second_verdict: string
    second_by: string
    second_note: string | null
  }[]
}

/** A confirmed event as the staff of its window are shown it. */
export interface OwnEvent {
  id: string
  behaviour_zh: string
  behaviour_en: string
  clause: string
  clause_zh: string
  clause_en: string
  window_name: string
  window_name_en: string
  started_at: string
  ended_at: string | null
  state: EventState
  explanation_zh: string
  explanation_en: string
  has_clip: boolean
  decided_at: string | null
  note: string | null
  appeal_until: string | null
  time_zone: string
  appeal: { text: string; made_at: string; state: string; decided_at: string | null; answer: string | null } | null
}

export interface CalendarMonth {
  month: string
  days: { date: string; counts: Record<EventState, number> }[]
}

export interface Flag {
  id: string
  behaviour: string
  state: EventState
  started_at: string
  until: string
  away: boolean
}

export interface WindowDay {
  window: string
  hours: { hour: string; on_s: number; away_s: number; unknown_s: number }[]
  flags: Flag[]
}

export interface Timeline {
  date: string
  time_zone: string
  begins_at: string
  ends_at: string
  windows: WindowDay[]
}
