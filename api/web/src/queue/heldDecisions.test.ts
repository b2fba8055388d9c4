import { expect, test } from 'vitest'

import { HeldDecisions } from './heldDecisions'

/** Timers that go off when the test says so. */
function timers() {
  const running = new Map<number, () => void>()
  let next = 1
  return {
    start: (run: () => void) => {
      running.set(next, run)
      return next++
    },
    stop: (timer: number) => void running.delete(timer),
    fire: (timer: number) => {
      const run = running.get(timer)
      running.delete(timer)
      run?.()
    },
    running,
  }
}

function held() {
  const clock = timers()
  const sent: string[] = []
  const decisions = new HeldDecisions<string>(5000, clock)
  const hold = (what: string) => decisions.hold({ what, send: (leaving) => sent.push(leaving ? `${what}!` : what) })
  return { clock, sent, decisions, hold }
}

test('a decision is sent when its time is up, each by itself', () => {
  const { clock, sent, decisions, hold } = held()
  hold('a')
  hold('b')
  clock.fire(1)
  expect(sent).toEqual(['a'])
  expect(decisions.all).toEqual(['b'])
  clock.fire(2)
  expect(sent).toEqual(['a', 'b'])
  expect(decisions.last).toBeUndefined()
})

test('what is taken back is never sent, the last one first', () => {
  const { clock, sent, decisions, hold } = held()
  hold('a')
  hold('b')
  expect(decisions.undo()).toBe('b')
  expect(decisions.undo()).toBe('a')
  expect(decisions.undo()).toBeUndefined()
  expect(clock.running.size).toBe(0)
  expect(sent).toEqual([])
})

test('leaving sends all in their order, once', () => {
  const { clock, sent, decisions, hold } = held()
  hold('a')
  hold('b')
  decisions.flush()
  decisions.flush()
  expect(sent).toEqual(['a!', 'b!'])
  expect(clock.running.size).toBe(0)
})
