import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { reviewCopyUrl } from '../api/client'
import { clipQuery, skeletonQuery } from '../api/queries'
import type { HallEvent } from '../api/types'

/** Larger clips are played as they come instead of being held in memory. */
const HELD_BYTES = 32_000_000

/** The film of an event that is shown: always its review copy. */
export function useClip(event: HallEvent) {
  const there = Boolean(event.clip?.review?.url)
  const held = there && (event.clip?.review?.size_bytes ?? 0) <= HELD_BYTES
  const query = useQuery({ ...clipQuery(event), enabled: held })
  const [address, setAddress] = useState<string | null>(null)
  useEffect(() => {
    if (!query.data) return setAddress(null)
    const made = URL.createObjectURL(query.data)
    setAddress(made)
    return () => URL.revokeObjectURL(made)
  }, [query.data])
  return { address: there && !held ? reviewCopyUrl(event.id) : address, error: query.error, retry: query.refetch }
}

export function useSkeleton(event: HallEvent) {
  return useQuery({ ...skeletonQuery(event), enabled: event.has_skeleton }).data ?? null
}
