/** Requests for originals as the API tells them, the latest first. */
import { useQuery } from '@tanstack/react-query'

import { call, event, json, query } from '../api/client'
import { keys } from '../api/queries'

export type OriginalState = 'waiting' | 'approved' | 'ready' | 'refused' | 'failed' | 'expired'

export interface OriginalRequest {
  id: string
  event: string
  window: string
  behaviour: string
  started_at: string
  state: OriginalState
  reason: string
  asked_by: string
  asked_at: string
  decided_by: string | null
  decided_at: string | null
  said: string | null
  expires_at: string
  sha256: string | null
  size_bytes: number | null
  url: string | null
  may_decide: boolean
}

const original = (id: string) => `/originals/${encodeURIComponent(id)}`
const coded = (code: string) => (code ? { code } : {})

export const originalsApi = {
  ask: (id: string, reason: string, code: string) =>
    json<OriginalRequest>(`${event(id)}/originals`, { method: 'POST', body: { reason, ...coded(code) } }),
  release: (id: string, code: string) => json<OriginalRequest>(`${original(id)}/release`, { method: 'POST', body: coded(code) }),
  refuse: (id: string, reason: string) => json<OriginalRequest>(`${original(id)}/refusal`, { method: 'POST', body: { reason } }),
  archive: async (id: string) => (await call(`${original(id)}/archive`)).blob(),
}

export const useOriginals = (ofEvent?: string) =>
  useQuery({
    queryKey: [...keys.originals, ofEvent ?? 'all'],
    // What waits for another person, or for its mark, changes without us.
    refetchInterval: 10_000,
    queryFn: ({ signal }) => json<OriginalRequest[]>(`/originals${query({ event: ofEvent })}`, { signal }),
  })
