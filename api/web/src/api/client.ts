/** The only place that speaks HTTP: one function for each thing that the page asks of the API. */
import type { Calibration, Content, Fit, Revision } from '../calibration/content'
import { ProblemError, problemOf } from './problem'
import type {
  Behaviour,
  Camera,
  EventFilter,
  EventsPage,
  Hall,
  HallEvent,
  Permit,
  PermitChange,
  PermitEffect,
  PermitFilter,
  PermitPlan,
  PermitRules,
  PermitsPage,
  Session,
  Skeleton,
  Verdict,
} from './types'

const BASE = '/api/v1'

let csrfToken = ''
let language = 'zh-CN'
let onSignedOut: () => void = () => undefined

export function carryToken(token: string): void {
  csrfToken = token
}

/** Errors come in this language from now on. */
export function speak(tag: string): void {
  language = tag
}

/** Called whenever an answer says that nobody is signed in any more, or that the password must change. */
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener
}

const SIGNED_OUT = new Set(['not_signed_in', 'password_change_required', 'second_factor_required'])

export interface Call {
  method?: string
  body?: unknown
  ifMatch?: string
  /** the same for each attempt at one thing, so that a repeated one does it once */
  requestKey?: string
  signal?: AbortSignal | undefined
  /** goes on also when the page is left */
  keepalive?: boolean
  /** in place of a session */
  link?: string
}

export async function call(path: string, { method = 'GET', body, ifMatch, requestKey, signal, keepalive, link }: Call = {}): Promise<Response> {
  const headers: Record<string, string> = { 'Accept-Language': language }
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (method !== 'GET') headers['X-CSRF-Token'] = csrfToken
  if (ifMatch) headers['If-Match'] = ifMatch
  if (link) headers['X-Appeal-Link'] = link
  if (requestKey) headers['Idempotency-Key'] = requestKey
  const answer = await reach(path, {
    method,
    headers,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal ? { signal } : {}),
    ...(keepalive ? { keepalive } : {}),
  })
  if (answer.ok) return answer
  const problem = await problemOf(answer)
  // Asking who is signed in is itself the question; its answer must not raise it again.
  if (path !== '/session' && SIGNED_OUT.has(problem.code)) onSignedOut()
  throw problem
}

async function reach(path: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(BASE + path, { credentials: 'same-origin', ...init })
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error
    throw new ProblemError(0, 'unreachable', 'unreachable')
  }
}

export async function json<T>(path: string, options?: Call): Promise<T> {
  return (await (await call(path, options)).json()) as T
}

const permit = (id: string) => `/permits/${encodeURIComponent(id)}`
const calibration = (camera: string) => `/cameras/${encodeURIComponent(camera)}/calibration`
export const event = (id: string) => `/events/${encodeURIComponent(id)}`

export function query(parameters: object): string {
  const kept = Object.entries(parameters).filter(([, value]) => value !== undefined && value !== '')
  return kept.length ? `?${new URLSearchParams(kept.map(([name, value]) => [name, String(value)]))}` : ''
}

export const api = {
  session: (signal?: AbortSignal) => json<Session>('/session', { signal }),
  signIn: (username: string, password: string, code?: string) =>
    json<Session>('/session', { method: 'POST', body: { username, password, ...(code ? { code } : {}) } }),
  signOut: () => call('/session', { method: 'DELETE' }),
  changePassword: (current: string, next: string) =>
    call('/session/password', { method: 'POST', body: { current, new: next } }),
  hall: (signal?: AbortSignal) => json<Hall>('/hall', { signal }),
  behaviours: (signal?: AbortSignal) => json<Behaviour[]>('/behaviours', { signal }),
  events: (filter: EventFilter & { cursor?: string }, signal?: AbortSignal) =>
    json<EventsPage>(`/events${query(filter)}`, { signal }),
  event: (id: string, signal?: AbortSignal) => json<HallEvent>(event(id), { signal }),
  skeleton: (id: string, signal?: AbortSignal) => json<Skeleton>(`${event(id)}/skeleton`, { signal }),
  reviewCopy: async (id: string, signal?: AbortSignal) => (await call(`${event(id)}/review-copy`, { signal })).blob(),
  decide: (id: string, ifMatch: string, verdict: Verdict, reason: string | null, note: string | null, keepalive = false) =>
    json<HallEvent>(`${event(id)}/decision`, { method: 'POST', body: { verdict, reason, note }, ifMatch, keepalive }),
  undo: (id: string, ifMatch: string) =>
    json<HallEvent>(`${event(id)}/decision`, { method: 'DELETE', ifMatch }),
  permits: (filter: PermitFilter & { cursor?: string }, signal?: AbortSignal) =>
    json<PermitsPage>(`/permits${query(filter)}`, { signal }),
  permit: (id: string, signal?: AbortSignal) => json<Permit>(permit(id), { signal }),
  permitRules: (signal?: AbortSignal) => json<PermitRules>('/permits/rules', { signal }),
  permitEffects: (id: string, signal?: AbortSignal) =>
    json<{ items: PermitEffect[] }>(`${permit(id)}/events`, { signal }),
  previewPermit: (plan: PermitPlan, signal?: AbortSignal) =>
    json<{ items: PermitEffect[] }>('/permits/preview', { method: 'POST', body: plan, signal }),
  registerPermit: (plan: PermitPlan & { reason: string }, requestKey: string) =>
    json<PermitChange>('/permits', { method: 'POST', body: plan, requestKey }),
  revokePermit: (id: string, reason: string) =>
    json<PermitChange>(`${permit(id)}/revocation`, { method: 'POST', body: { reason } }),
  cameras: (signal?: AbortSignal) => json<Camera[]>('/cameras', { signal }),
  still: async (camera: string, signal?: AbortSignal) =>
    (await call(`/cameras/${encodeURIComponent(camera)}/still.jpg`, { signal })).blob(),
  livePicture: async (camera: string, signal?: AbortSignal) =>
    (await call(`/cameras/${encodeURIComponent(camera)}/live.jpg`, { signal })).blob(),
  calibration: (camera: string, signal?: AbortSignal) => json<Calibration>(calibration(camera), { signal }),
  calibrationRevisions: (camera: string, signal?: AbortSignal) =>
    json<Revision[]>(`${calibration(camera)}/revisions`, { signal }),
  previewCalibration: (camera: string, content: Content, size: Calibration['size'], signal?: AbortSignal) =>
    json<Fit>(`${calibration(camera)}/preview`, { method: 'POST', body: { content, size }, signal }),
  saveCalibration: (camera: string, revision: number, content: Content, note: string | null) =>
    json<Calibration>(calibration(camera), { method: 'PUT', body: { content, note }, ifMatch: `"${revision}"` }),
  restoreCalibration: (camera: string, current: number, revision: number) =>
    json<Calibration>(`${calibration(camera)}/restoration`, { method: 'POST', body: { revision }, ifMatch: `"${current}"` }),
}

export const pictureUrl = (camera: string, stamp: number) =>
  `${BASE}/cameras/${encodeURIComponent(camera)}/live.jpg?at=${stamp}`
export const filmUrl = (camera: string) => `${BASE}/cameras/${encodeURIComponent(camera)}/live.mjpeg`
export const reviewCopyUrl = (id: string) => `${BASE}${event(id)}/review-copy`
export const STREAM_URL = `${BASE}/stream`
