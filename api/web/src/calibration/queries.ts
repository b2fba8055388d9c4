/** What the calibration page keeps of the API's answers. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'

import { api } from '../api/client'
import { ProblemError } from '../api/problem'
import type { Calibration, Fit, PointError } from './content'
import { FEWEST_POINTS, contentOf, measuredPoints, type Draft } from './draft'

export const calibrationKeys = {
  one: (camera: string) => ['calibration', 'one', camera] as const,
  inUse: (camera: string, revision: number) => ['calibration', 'in-use', camera, revision] as const,
  revisions: (camera: string) => ['calibration', 'revisions', camera] as const,
}

const PREVIEW_AFTER_MS = 300

/** What is drawn stays as it is while somebody works on it; a change by others shows when saving. */
export const useCalibration = (camera: string) =>
  useQuery({
    queryKey: calibrationKeys.one(camera),
    staleTime: 0,
    gcTime: 0,
    refetchOnWindowFocus: false,
    refetchOnReconnect: false,
    queryFn: ({ signal }) => api.calibration(camera, signal),
  })

const ASK_AGAIN_MS = 3_000

/** The revision that the camera works with; null while that is not told. */
export function useInUse(camera: string, known: Calibration): number | null {
  const waits = known.in_use !== null && known.in_use !== known.revision
  const asked = useQuery<number | null>({
    queryKey: calibrationKeys.inUse(camera, known.revision),
    enabled: waits,
    refetchInterval: ({ state }) => (state.data === known.revision ? false : ASK_AGAIN_MS),
    queryFn: async ({ signal }) => (await api.calibration(camera, signal)).in_use,
  })
  return waits ? (asked.data ?? known.in_use) : known.in_use
}

export const useRevisions = (camera: string, shown: boolean) =>
  useQuery({
    queryKey: calibrationKeys.revisions(camera),
    enabled: shown,
    staleTime: 0,
    queryFn: ({ signal }) => api.calibrationRevisions(camera, signal),
  })

/** The server's view of the floor as drawn. */
export interface Preview {
  /** the last fit; while the next one is computed it may be of the draft before */
  fit: Fit | null
  /** each point's error by the point's id, also where the fit was refused */
  errors: ReadonlyMap<number, PointError>
  refusal: ProblemError | null
  /** why there is no answer at all */
  failure: unknown
  computing: boolean
}

interface Asked {
  content: ReturnType<typeof contentOf>
  ids: readonly number[]
}

export function usePreview(camera: string, draft: Draft, size: Calibration['size']): Preview {
  const wanted = useMemo(() => askedOf(draft), [draft])
  const asked = useSettled(wanted, PREVIEW_AFTER_MS)
  const question = useQuery({
    queryKey: ['calibration', 'preview', camera, asked && JSON.stringify(asked)],
    enabled: asked !== null,
    retry: false,
    staleTime: Infinity,
    gcTime: 30_000,
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => {
      if (!asked) throw new Error('nothing is asked')
      return { ids: asked.ids, fit: await api.previewCalibration(camera, asked.content, size, signal) }
    },
  })
  const refusal = question.error instanceof ProblemError && question.error.status === 422 ? question.error : null
  const answered = wanted && asked && !question.isError ? question.data : undefined
  const computing = wanted !== null && (wanted !== asked || question.isFetching)
  return {
    fit: answered?.fit ?? null,
    errors: useMemo(() => {
      if (!wanted) return new Map()
      return refusal ? byPoint(asked?.ids ?? [], pointsOf(refusal)) : byPoint(answered?.ids ?? [], answered?.fit.points ?? [])
    }, [wanted, asked, answered, refusal]),
    refusal: wanted ? refusal : null,
    failure: wanted && question.isError && !refusal ? question.error : null,
    computing,
  }
}

/** What can be asked of a draft: its floor, as soon as there are points enough. */
function askedOf(draft: Draft): Asked | null {
  const points = measuredPoints(draft)
  if (points.length < FEWEST_POINTS) return null
  return { content: { ...contentOf(draft), zones: {} }, ids: points.map(({ id }) => id) }
}

function pointsOf(refusal: ProblemError): readonly PointError[] {
  const points = refusal.more['points']
  return Array.isArray(points) ? (points as PointError[]) : []
}

function byPoint(ids: readonly number[], points: readonly PointError[]): Map<number, PointError> {
  return new Map(ids.flatMap((id, index) => {
    const error = points[index]
    return error ? [[id, error] as const] : []
  }))
}

/** The value, once it has not changed for so long. Equal contents count as unchanged. */
function useSettled<T>(value: T, after_ms: number): T {
  const text = JSON.stringify(value)
  const [settled, setSettled] = useState({ text, value })
  useEffect(() => {
    const timer = setTimeout(() => setSettled((before) => (before.text === text ? before : { text, value })), after_ms)
    return () => clearTimeout(timer)
  }, [text, after_ms])
  return settled.text === text ? value : settled.value
}
