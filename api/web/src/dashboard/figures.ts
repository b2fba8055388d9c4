/** The figures that the dashboard shows, as the API answers them, and how they are asked for. */
import { keepPreviousData, useQuery } from '@tanstack/react-query'

import { json, query } from '../api/client'
import { keys } from '../api/queries'

export type Grain = 'hour' | 'day' | 'week' | 'month'
export type Level = 'window' | 'hall'

export interface Interval {
  share: number
  low: number
  high: number
}

/** Seconds, events, and shares 0..1; null: there is nothing to take a share of. */
export interface Numbers {
  open_s: number
  observed_s: number
  coverage: number | null
  /** half or more of the open time was observed */
  enough: boolean
  compliance: number | null
  confirmed_s: number
  breach_s: number
  present_s: number
  away_permitted_s: number
  away_s: number
  unknown_s: number
  unknown: Record<string, number>
  confirmed: number
  pending: number
  dismissed: number
  expired: number
  hours_judged: number
  hours_clean: number
  clean: Interval | null
}

export interface Row extends Numbers {
  unit: string
  bucket: string
  revision: number
  final: boolean
}

export interface Unit {
  id: string
  name: string
  name_en: string
}

export interface Bucket {
  bucket: string
  starts_at: string
  ends_at: string
}

export interface ErrorRate {
  clips: number
  minutes: number
  source_zh: string
  source_en: string
  behaviours: { behaviour: string; found: number; missed: number; false: number; recall: Interval | null; precision: Interval | null }[]
}

export interface Table {
  grain: Grain
  level: Level
  from: string
  to: string
  time_zone: string
  units: Unit[]
  buckets: Bucket[]
  rows: Row[]
  totals: (Numbers & { unit: string })[]
  total: Numbers
  compared: { from: string; to: string; total: Numbers; change: { compliance: number | null; coverage: number | null; confirmed: number } } | null
  error_rate: ErrorRate
}

export interface BehaviourNumbers {
  behaviour: string
  confirmed: number
  pending: number
  dismissed: number
  expired: number
  confirmed_s: number
  assessable_s: number | null
  per_100_hours: number | null
  precision: Interval | null
}

export interface Reviewing {
  waiting: { pending: number; overdue: number; oldest_at: string | null; open_appeals: number }
  decided: { judged: number; sampled: boolean; median_s: number | null; slowest_tenth_s: number | null }
  cameras: { camera: string; name: string; confirmed: number; dismissed: number; precision: Interval | null }[]
  reviewers: { pairs: number; agreed: number; share: number | null; ac1: number | null }
}

export interface WorstHour {
  unit: Unit
  bucket: string
  starts_at: string
  compliance: number
  coverage: number
  breach_s: number
  confirmed: number
}

export interface Definition {
  key: string
  name_zh: string
  name_en: string
  text_zh: string
  text_en: string
}

/** Local days, both included; left out: today. */
export interface Days {
  from?: string | undefined
  to?: string | undefined
}

export interface Asked extends Days {
  grain: Grain
  level: Level
  compare?: boolean
}

const path = (name: string, asked: object) => `/figures/${name}${query(asked)}`
const key = (name: string, asked: object) => [...keys.figures, name, asked] as const

export const useTable = (asked: Asked, every?: number, enabled = true) =>
  useQuery({
    enabled,
    queryKey: key('table', asked),
    placeholderData: keepPreviousData,
    ...(every ? { refetchInterval: every } : {}),
    queryFn: ({ signal }) => json<Table>(path('table', asked), { signal }),
  })

export const useByBehaviour = (asked: Asked) =>
  useQuery({
    queryKey: key('behaviours', asked),
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await json<{ totals: BehaviourNumbers[] }>(path('behaviours', asked), { signal })).totals,
  })

export const useReviewing = (days: Days, every?: number, enabled = true) =>
  useQuery({
    enabled,
    queryKey: key('reviewing', days),
    placeholderData: keepPreviousData,
    ...(every ? { refetchInterval: every } : {}),
    queryFn: ({ signal }) => json<Reviewing>(path('reviewing', days), { signal }),
  })

export const useWorstHours = (days: Days) =>
  useQuery({
    queryKey: key('worst-hours', days),
    placeholderData: keepPreviousData,
    queryFn: async ({ signal }) => (await json<{ hours: WorstHour[] }>(path('worst-hours', days), { signal })).hours,
  })

export const useDefinitions = () =>
  useQuery({
    queryKey: ['figure-definitions'],
    staleTime: Infinity,
    queryFn: async ({ signal }) => (await json<{ definitions: Definition[] }>('/figures/definitions', { signal })).definitions,
  })

export const csvUrl = (asked: Asked, language: string) => `/api/v1${path('table.csv', { ...asked, language })}`
