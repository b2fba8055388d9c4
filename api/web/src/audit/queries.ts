/** The audit as the API tells it, newest first. */
import { useInfiniteQuery } from '@tanstack/react-query'

import { json, query } from '../api/client'
import { keys } from '../api/queries'

export interface Entry {
  id: number
  at: string
  actor: string
  action: string
  subject: string | null
  detail: Record<string, unknown>
  sha256: string
}

export interface AuditFilter {
  actor?: string | undefined
  action?: string | undefined
  subject?: string | undefined
  from?: string | undefined
  to?: string | undefined
}

interface AuditPage {
  items: Entry[]
  next_before: number | null
}

export const useAudit = (filter: AuditFilter) =>
  useInfiniteQuery({
    queryKey: [...keys.audit, filter],
    initialPageParam: '',
    queryFn: ({ pageParam, signal }) => json<AuditPage>(`/audit${query({ ...filter, before: pageParam, limit: 100 })}`, { signal }),
    getNextPageParam: (last) => (last.next_before === null ? null : String(last.next_before)),
  })
