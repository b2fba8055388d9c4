/** Where the points of an evidence strip stand in a picture of a given width. */
import type { Behaviour, EvidencePoint, HallEvent } from '../api/types'

export interface Span {
  from: number
  to: number
}

export interface Bar {
  x: number
  width: number
  score: number | null
}

/** How strong evidence had to be to count: the hall's own limit where the event says it, else the catalogue's. */
export function thresholdOf(event: HallEvent, article: Behaviour | undefined): number | null {
  return event.measures['score_limit'] ?? article?.limits.score ?? null
}

/** Seconds since the event began that the strip shows: all its evidence and the whole clip. */
export function domain(evidence: readonly EvidencePoint[], clip: Span | null): Span {
  const step = usualStep(evidence)
  const first = evidence[0]?.[0] ?? clip?.from ?? 0
  const last = evidence.length ? (evidence.at(-1)?.[0] ?? 0) + step : (clip?.to ?? 1)
  const from = Math.min(first, clip?.from ?? first)
  const to = Math.max(last, clip?.to ?? last)
  return to > from ? { from, to } : { from, to: from + 1 }
}

/** x in pixels of a moment. */
export function position(at: number, span: Span, width: number): number {
  return ((at - span.from) / (span.to - span.from)) * width
}

/** The moment at x pixels, kept inside the span. */
export function momentAt(x: number, span: Span, width: number): number {
  const share = width > 0 ? Math.min(1, Math.max(0, x / width)) : 0
  return span.from + share * (span.to - span.from)
}

/** How many usual steps a point may be stretched before the rest counts as not observed. */
const LONGEST_STEPS = 3

/** A bar from each point to the next; where points are missing, a bar that says so (score null). */
export function bars(evidence: readonly EvidencePoint[], span: Span, width: number): Bar[] {
  const step = usualStep(evidence)
  const made: Bar[] = []
  const add = (from: number, to: number, score: number | null) => {
    const x = position(from, span, width)
    made.push({ x, width: position(to, span, width) - x, score })
  }
  evidence.forEach(([at, score], index) => {
    const next = evidence[index + 1]?.[0] ?? at + step
    if (next - at <= step * LONGEST_STEPS || score === null) return add(at, next, score)
    add(at, at + step, score)
    add(at + step, next, null)
  })
  return joinUnobserved(made)
}

/** Neighbouring bars without a score become one, so that their hatching has no seams. */
function joinUnobserved(all: Bar[]): Bar[] {
  const joined: Bar[] = []
  for (const bar of all) {
    const last = joined.at(-1)
    if (last && last.score === null && bar.score === null) last.width += bar.width
    else joined.push({ ...bar })
  }
  return joined
}

/** The median distance between points, in seconds; 1 where there are fewer than two. */
function usualStep(evidence: readonly EvidencePoint[]): number {
  const steps = evidence.slice(1).map(([at], index) => at - (evidence[index]?.[0] ?? at))
  steps.sort((a, b) => a - b)
  return steps[Math.floor(steps.length / 2)] || 1
}
