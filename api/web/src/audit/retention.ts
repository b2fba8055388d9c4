/** How long what is kept, what was deleted, and holds, as the API tells them. */
import { useInfiniteQuery, useQuery } from '@tanstack/react-query'

import { call, event, json, query } from '../api/client'
import { keys } from '../api/queries'

export const CLASSES = ['confirmed', 'dismissed', 'withdrawn', 'expired', 'original'] as const
export type Class = (typeof CLASSES)[number]

export interface Retention {
  days: Record<Class, number>
  due: Record<Exclude<Class, 'original'> | 'originals', number>
  held: number
}

export interface Deletion {
  id: string
  state: Exclude<Class, 'original'>
  deleted_at: string
  files: { name: string; bytes: number; sha256: string }[]
  rows: Record<string, number>
}

export interface Hold {
  reason: string
  placed_by: string
  placed_at: string
}

export const useRetention = () =>
  useQuery({ queryKey: [...keys.audit, 'retention'], queryFn: ({ signal }) => json<Retention>('/retention', { signal }) })

export const useDeletions = () =>
  useInfiniteQuery({
    queryKey: [...keys.audit, 'deletions'],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) =>
      json<{ items: Deletion[]; next_cursor: string | null }>(`/retention/deletions${query({ cursor: pageParam })}`, { signal }),
    getNextPageParam: (last) => last.next_cursor,
  })

const hold = (id: string) => `${event(id)}/hold`
export const holdKey = (id: string) => [...keys.event(id), 'hold'] as const

export const useHold = (id: string) =>
  useQuery({ queryKey: holdKey(id), queryFn: ({ signal }) => json<Hold | null>(hold(id), { signal }) })

export const placeHold = (id: string, reason: string) => json<Hold>(hold(id), { method: 'PUT', body: { reason } })
export const releaseHold = (id: string) => call(hold(id), { method: 'DELETE' })
