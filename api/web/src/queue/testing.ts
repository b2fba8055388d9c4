/** Builds events for tests: an ordinary one, less what the test says differs. */
import type { QueueItem } from '../api/reviewTypes'

export function anEvent(id: string, differing: Partial<QueueItem> = {}): QueueItem {
  return {
    id,
    revision: 1,
    behaviour: 'arms_crossed',
    variant: null,
    window: 'w1',
    camera: 'cam1',
    started_at: '2026-03-02T01:00:00Z',
    flagged_at: '2026-03-02T01:00:05Z',
    ended_at: '2026-03-02T01:00:20Z',
    ending: 'ceased',
    peak_score: 0.9,
    measures: {},
    parent: null,
    evidence: [],
    state: 'pending',
    due_at: '2026-03-03T16:00:00Z',
    decision: null,
    appeal: null,
    group: null,
    claim: null,
    second_review: false,
    history: [],
    permits: [],
    withdrawals: [],
    clip: null,
    has_skeleton: false,
    window_name: '1号窗口',
    window_name_en: 'Window 1',
    explanation_zh: '',
    explanation_en: '',
    etag: '"1.0"',
    ...differing,
  }
}

export const aDecision = (verdict: 'confirmed' | 'dismissed' | 'undone') => ({
  verdict,
  reason: null,
  note: null,
  decided_by: 'supervisor',
  decided_at: '2026-03-02T01:05:00Z',
})
