/** Webhooks and what was sent to them, as the API tells it. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'

import { call, json, query } from '../api/client'
import { keys } from '../api/queries'

export interface Webhook {
  id: string
  name: string
  address: string
  types: string[]
  /** null: all */
  behaviours: string[] | null
  windows: string[] | null
  state: 'active' | 'paused' | 'disabled'
  said: string | null
  failing_since: string | null
  waiting: number
  made_by: string
  made_at: string
}

export type WebhookPlan = Pick<Webhook, 'name' | 'address' | 'types' | 'behaviours' | 'windows'>

export interface Delivery {
  id: number
  change: number | null
  type: string
  subject: string
  state: 'waiting' | 'delivered' | 'given_up'
  attempts: number
  replays: number
  made_at: string
  next_at: string | null
  tried_at: string | null
  status: number | null
  error: string | null
  took_ms: number | null
}

export interface ChangeType {
  type: string
  zh: string
  en: string
}

interface Made {
  details: Webhook
  secret: string
}

interface DeliveriesPage {
  items: Delivery[]
  next_before: number | null
}

const webhook = (id: string) => `/webhooks/${encodeURIComponent(id)}`

export const webhooksApi = {
  make: (plan: WebhookPlan) => json<Made>('/webhooks', { method: 'POST', body: plan }),
  change: (id: string, change: Partial<WebhookPlan> & { state?: 'active' | 'paused' }) =>
    json<Webhook>(webhook(id), { method: 'PATCH', body: change }),
  remove: (id: string) => call(webhook(id), { method: 'DELETE' }),
  renew: (id: string) => json<Made>(`${webhook(id)}/secret`, { method: 'POST' }),
  ping: (id: string) => json<Delivery>(`${webhook(id)}/ping`, { method: 'POST' }),
  replay: (id: string, delivery: number) => json<Delivery>(`${webhook(id)}/deliveries/${delivery}/replay`, { method: 'POST' }),
  replayAll: (id: string, since: string, until: string) =>
    json<{ messages: number }>(`${webhook(id)}/replay`, { method: 'POST', body: { since, until } }),
}

export const useWebhooks = () =>
  useQuery({ queryKey: keys.webhooks, refetchInterval: 10_000, queryFn: ({ signal }) => json<Webhook[]>('/webhooks', { signal }) })

export const useChangeTypes = () =>
  useQuery({ queryKey: keys.changeTypes, staleTime: Infinity, queryFn: ({ signal }) => json<ChangeType[]>('/changes/types', { signal }) })

export const useDeliveries = (id: string) =>
  useInfiniteQuery({
    queryKey: [...keys.webhooks, id],
    initialPageParam: '',
    refetchInterval: 3_000,
    queryFn: ({ pageParam, signal }) => json<DeliveriesPage>(`${webhook(id)}/deliveries${query({ before: pageParam })}`, { signal }),
    getNextPageParam: (last) => (last.next_before === null ? null : String(last.next_before)),
  })
