/** What the page keeps of the API's answers, and under which keys. */
import { keepPreviousData, useInfiniteQuery, useQuery, type QueryClient } from '@tanstack/react-query'

import { api } from './client'
import { reviewApi } from './reviewApi'
import type { QueueFilter } from './reviewTypes'
import { ProblemError, isProblem } from './problem'
import type { EventFilter, HallEvent, PermitFilter, PermitPlan, Right, Session } from './types'

export const keys = {
  session: ['session'] as const,
  hall: ['hall'] as const,
  behaviours: ['behaviours'] as const,
  queue: (filter: QueueFilter) => ['events', 'queue', filter] as const,
  surroundings: (id: string) => ['events', 'around', id] as const,
  days: ['events', 'days'] as const,
  appeals: ['events', 'appeals'] as const,
  agreement: ['events', 'agreement'] as const,
  own: ['events', 'own'] as const,
  views: ['views'] as const,
  count: ['events', 'count'] as const,
  list: (filter: EventFilter) => ['events', 'list', filter] as const,
  event: (id: string) => ['events', 'one', id] as const,
  events: ['events'] as const,
  clip: (event: HallEvent) => ['clip', event.id, event.clip?.review?.sha256 ?? ''] as const,
  skeleton: (event: HallEvent) => ['skeleton', event.id] as const,
  figures: ['figures'] as const,
  cameras: ['cameras'] as const,
  permits: ['permits'] as const,
  permitList: (filter: PermitFilter) => ['permits', 'list', filter] as const,
  permitEffects: (id: string) => ['permits', 'effects', id] as const,
  permitPreview: (plan: PermitPlan | null) => ['permits', 'preview', plan] as const,
  permitRules: ['permit-rules'] as const,
  accounts: ['accounts'] as const,
  apiKeys: ['api-keys'] as const,
  audit: ['audit'] as const,
  ownSessions: ['own-sessions'] as const,
  originals: ['originals'] as const,
  webhooks: ['webhooks'] as const,
  changeTypes: ['change-types'] as const,
}

/** Refusals do not get better by asking again; a server that cannot be reached may. */
export function worthRetrying(failures: number, error: unknown): boolean {
  if (error instanceof ProblemError && error.status > 0 && error.status < 500) return false
  return failures < 2
}

export function useSession() {
  return useQuery({
    queryKey: keys.session,
    staleTime: Infinity,
    queryFn: async ({ signal }): Promise<Session | null> => {
      try {
        return await api.session(signal)
      } catch (error) {
        if (isProblem(error, 'not_signed_in')) return null
        throw error
      }
    },
  })
}

export const useHall = () =>
  useQuery({ queryKey: keys.hall, staleTime: 60_000, queryFn: ({ signal }) => api.hall(signal) })

export const useBehaviours = () =>
  useQuery({ queryKey: keys.behaviours, staleTime: Infinity, queryFn: ({ signal }) => api.behaviours(signal) })

export const useCameras = () =>
  useQuery({ queryKey: keys.cameras, refetchInterval: 30_000, queryFn: ({ signal }) => api.cameras(signal) })

/** As many pending events as the list shows; deciding brings the next ones. */
export const QUEUE_LENGTH = 60

export const useQueue = (filter: QueueFilter) =>
  useQuery({
    queryKey: keys.queue(filter),
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => reviewApi.queue(filter, QUEUE_LENGTH, signal),
  })

/** How many wait, for the number in the navigation: one row instead of a page of evidence. */
/** Whether who is signed in has this right; the server refuses all the same. */
export function useMay(right: Right): boolean {
  return useSession().data?.rights.includes(right) ?? false
}

/** Whether who is signed in answers for all windows, and so is shown figures of the hall as one. */
export const useWholeHall = (): boolean => useSession().data?.scope == null

export const usePendingCount = () =>
  useQuery({
    queryKey: keys.count,
    queryFn: async ({ signal }) => (await api.events({ state: 'pending', limit: 1 }, signal)).counts.pending,
  }).data

export const useEvents = (filter: EventFilter) =>
  useInfiniteQuery({
    queryKey: keys.list(filter),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api.events({ ...filter, cursor: pageParam }, signal),
    getNextPageParam: (last) => last.next_cursor,
  })

export const useEvent = (id: string | null) =>
  useQuery({
    queryKey: keys.event(id ?? ''),
    enabled: id !== null,
    queryFn: ({ signal }) => api.event(id ?? '', signal),
  })

export const usePermits = (filter: PermitFilter) =>
  useInfiniteQuery({
    queryKey: keys.permitList(filter),
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => api.permits({ ...filter, cursor: pageParam }, signal),
    getNextPageParam: (last) => last.next_cursor,
  })

export const usePermitRules = () =>
  useQuery({ queryKey: keys.permitRules, staleTime: 60_000, queryFn: ({ signal }) => api.permitRules(signal) })

export const usePermitEffects = (id: string) =>
  useQuery({ queryKey: keys.permitEffects(id), queryFn: ({ signal }) => api.permitEffects(id, signal) })

/** What the plan would do, as long as there is one. */
export const usePermitPreview = (plan: PermitPlan | null) =>
  useQuery({
    queryKey: keys.permitPreview(plan),
    enabled: plan !== null,
    gcTime: 60_000,
    queryFn: ({ signal }) => (plan ? api.previewPermit(plan, signal) : { items: [] }),
  })

/** Clips are large, so what is no longer near the playhead of the queue goes soon. */
const CLIP_KEPT_MS = 30_000

export function clipQuery(event: HallEvent) {
  return {
    queryKey: keys.clip(event),
    staleTime: Infinity,
    gcTime: CLIP_KEPT_MS,
    queryFn: ({ signal }: { signal: AbortSignal }) => api.reviewCopy(event.id, signal),
  }
}

export function skeletonQuery(event: HallEvent) {
  return {
    queryKey: keys.skeleton(event),
    staleTime: Infinity,
    gcTime: CLIP_KEPT_MS,
    queryFn: ({ signal }: { signal: AbortSignal }) => api.skeleton(event.id, signal),
  }
}

/** Have the evidence of these events at hand before they are looked at. */
export function prefetchEvidence(client: QueryClient, events: HallEvent[]): void {
  for (const event of events) {
    if (event.clip?.review?.url) void client.prefetchQuery(clipQuery(event))
    if (event.has_skeleton) void client.prefetchQuery(skeletonQuery(event))
  }
}
