/** What the page asks of the API to review: the queue, claims, groups, second reviews, appeals, days. */
import { call, event, json, query } from './client'
import type {
  Agreement,
  AppealedEvent,
  CalendarMonth,
  Claim,
  Judgement,
  OwnEvent,
  QueueFilter,
  QueueItem,
  QueuePage,
  SavedView,
  Surroundings,
  Timeline,
} from './reviewTypes'
import type { Appeal, HallEvent } from './types'

const view = (name: string) => `/review/views/${encodeURIComponent(name)}`

export const reviewApi = {
  queue: (filter: QueueFilter, limit: number, signal?: AbortSignal) =>
    json<QueuePage>(`/review/queue${query({ ...filter, limit })}`, { signal }),
  views: (signal?: AbortSignal) => json<SavedView[]>('/review/views', { signal }),
  saveView: (name: string, filter: QueueFilter) => json<SavedView>(view(name), { method: 'PUT', body: filter }),
  deleteView: (name: string) => call(view(name), { method: 'DELETE' }),
  claim: (id: string) => json<Claim>(`${event(id)}/claim`, { method: 'PUT' }),
  release: (id: string) => call(`${event(id)}/claim`, { method: 'DELETE', keepalive: true }),
  /** An event drawn for a second review keeps its first verdict; which of the two it is, only the server's word tells. */
  judge: async (item: QueueItem, said: Judgement, keepalive: boolean): Promise<void> => {
    const to = item.second_review ? 'second-opinion' : 'decision'
    const answer = await call(`${event(item.id)}/${to}`, { method: 'POST', body: said, ifMatch: item.etag, keepalive })
    // An answer that nobody reads keeps its connection busy.
    await answer.arrayBuffer()
  },
  judgeGroup: (items: QueueItem[], said: Judgement, keepalive: boolean) => {
    const events = items.map(({ id, etag }) => ({ id, etag }))
    return json<HallEvent[]>('/review/decisions', { method: 'POST', body: { ...said, events }, keepalive })
  },
  surroundings: (id: string, signal?: AbortSignal) => json<Surroundings>(`${event(id)}/surroundings`, { signal }),
  agreement: (signal?: AbortSignal) => json<Agreement>('/review/agreement', { signal }),
  appeals: (signal?: AbortSignal) => json<AppealedEvent[]>('/appeals', { signal }),
  decideAppeal: (id: string, outcome: 'upheld' | 'rejected', answer: string) =>
    json<Appeal>(`/appeals/${encodeURIComponent(id)}/decision`, { method: 'POST', body: { outcome, answer } }),
  makeLink: (id: string) =>
    json<{ path: string; expires_at: string }>(`${event(id)}/appeal-links`, { method: 'POST', body: {} }),
  ownEvents: (signal?: AbortSignal) => json<OwnEvent[]>('/own-window/events', { signal }),
  appeal: (id: string, text: string) =>
    json<OwnEvent>(`/own-window/events/${encodeURIComponent(id)}/appeal`, { method: 'POST', body: { text } }),
  ownClip: async (id: string, signal?: AbortSignal) =>
    (await call(`/own-window/events/${encodeURIComponent(id)}/review-copy`, { signal })).blob(),
  linkedClip: async (link: string, signal?: AbortSignal) => (await call('/appeal-link/review-copy', { link, signal })).blob(),
  linkedEvent: (link: string, signal?: AbortSignal) => json<OwnEvent>('/appeal-link/event', { link, signal }),
  appealByLink: (link: string, text: string) =>
    json<OwnEvent>('/appeal-link/appeal', { method: 'POST', body: { text }, link }),
  calendar: (month: string, window: string, signal?: AbortSignal) =>
    json<CalendarMonth>(`/statistics/calendar${query({ month, window })}`, { signal }),
  timeline: (date: string, signal?: AbortSignal) => json<Timeline>(`/statistics/timeline${query({ date })}`, { signal }),
}
