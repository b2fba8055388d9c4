/** Which reports there are, and what became of those that are sent by themselves. */
import { useQuery } from '@tanstack/react-query'

import { call, json } from '../api/client'
import { keys } from '../api/queries'
import { shifted, spanOf, type Kind as SpanKind } from '../dashboard/spans'

export const KINDS = ['daily', 'weekly', 'monthly'] as const
export type Kind = (typeof KINDS)[number]
export const FORMATS = ['pdf', 'xlsx', 'board'] as const
export type Format = (typeof FORMATS)[number]
export type Tongue = 'zh' | 'en'

export interface Delivery {
  kind: Kind
  from: string
  to: string
  target: string
  state: 'waiting' | 'delivered' | 'given_up'
  attempts: number
  asked_at: string
  delivered_at: string | null
  last_error: string | null
}

export interface Sending {
  today: string
  kinds: Kind[]
  at: string
  formats: Format[]
  targets: string[]
  deliveries: Delivery[]
}

const SPAN: Record<Kind, SpanKind> = { daily: 'day', weekly: 'week', monthly: 'month' }
const SHOWN: Record<Kind, number> = { daily: 31, weekly: 14, monthly: 13 }

export interface Period {
  from: string
  to: string
  over: boolean
}

/** The latest days, weeks or months, the one that goes on first. */
export function periodsOf(kind: Kind, today: string): Period[] {
  const found: Period[] = []
  let span = spanOf(SPAN[kind], today)
  while (found.length < SHOWN[kind]) {
    found.push({ from: span.from, to: span.to, over: span.to < today })
    span = spanOf(SPAN[kind], shifted(span, -1))
  }
  return found
}

export const useSending = () =>
  useQuery({ queryKey: [...keys.figures, 'reports'], queryFn: ({ signal }) => json<Sending>('/reports', { signal }) })

const path = (kind: Kind, from: string, format: Format) =>
  `/reports/${kind}/${from}${format === 'board' ? '/board.pdf' : `.${format}`}`

/** Have the file made, and hand it to the browser under the name that the server gives it. */
export async function download(kind: Kind, from: string, format: Format, language: Tongue): Promise<void> {
  const answer = await call(`${path(kind, from, format)}?language=${language}`)
  const name = /filename="([^"]+)"/.exec(answer.headers.get('Content-Disposition') ?? '')?.[1] ?? `report-${from}`
  const place = URL.createObjectURL(await answer.blob())
  const link = document.createElement('a')
  link.href = place
  link.download = name
  link.click()
  // The browser has taken it once the click is through; the memory may go.
  setTimeout(() => URL.revokeObjectURL(place), 60_000)
}
