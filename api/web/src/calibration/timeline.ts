/** What was, what is, and what was taken back. */
export interface Timeline<T> {
  readonly past: readonly T[]
  readonly now: T
  readonly future: readonly T[]
  /** changes of the same stroke (one drag, one number being typed) are taken back together */
  readonly stroke: string | null
}

const LONGEST = 200

export function begin<T>(now: T): Timeline<T> {
  return { past: [], now, future: [], stroke: null }
}

export function record<T>(timeline: Timeline<T>, next: T, stroke: string | null = null): Timeline<T> {
  if (next === timeline.now) return timeline
  const goesOn = stroke !== null && stroke === timeline.stroke
  const past = goesOn ? timeline.past : [...timeline.past, timeline.now].slice(-LONGEST)
  return { past, now: next, future: [], stroke }
}

/** The next change starts a step of its own, even where it looks like the one before. */
export function lift<T>(timeline: Timeline<T>): Timeline<T> {
  return timeline.stroke === null ? timeline : { ...timeline, stroke: null }
}

export function undo<T>({ past, now, future, ...rest }: Timeline<T>): Timeline<T> {
  const before = past.at(-1)
  if (before === undefined) return { ...rest, past, now, future }
  return { past: past.slice(0, -1), now: before, future: [now, ...future], stroke: null }
}

export function redo<T>({ past, now, future, ...rest }: Timeline<T>): Timeline<T> {
  const [after, ...later] = future
  if (after === undefined) return { ...rest, past, now, future }
  return { past: [...past, now], now: after, future: later, stroke: null }
}
