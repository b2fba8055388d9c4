/**
 * Decisions that were made and not sent yet: for a few seconds each can be taken back as if it had never been.
 * Each goes off by itself; leaving the page sends all at once.
 */
export interface Held<T> {
  what: T
  send: (leaving: boolean) => void
}

interface Timers {
  start: (run: () => void, ms: number) => number
  stop: (timer: number) => void
}

const REAL: Timers = {
  start: (run, ms) => setTimeout(run, ms) as unknown as number,
  stop: (timer) => clearTimeout(timer),
}

export class HeldDecisions<T> {
  private readonly waiting: (Held<T> & { timer: number })[] = []
  private readonly ms: number
  private readonly timers: Timers

  constructor(ms: number, timers: Timers = REAL) {
    this.ms = ms
    this.timers = timers
  }

  /** The last decision that can still be taken back. */
  get last(): T | undefined {
    return this.waiting.at(-1)?.what
  }

  get all(): T[] {
    return this.waiting.map(({ what }) => what)
  }

  hold(held: Held<T>): void {
    const entry = { ...held, timer: 0 }
    entry.timer = this.timers.start(() => {
      this.waiting.splice(this.waiting.indexOf(entry), 1)
      entry.send(false)
    }, this.ms)
    this.waiting.push(entry)
  }

  /** Take the last one back; what it was, or undefined where all are sent. */
  undo(): T | undefined {
    const entry = this.waiting.pop()
    if (entry) this.timers.stop(entry.timer)
    return entry?.what
  }

  /** Send all now, in the order they were made. */
  flush(): void {
    for (const entry of this.waiting.splice(0)) {
      this.timers.stop(entry.timer)
      entry.send(true)
    }
  }
}
