import { expect, test } from 'vitest'

import { loopAround } from './clipTime'

test('the loop lies around the trigger', () => {
  expect(loopAround(10, 30)).toEqual({ from: 4, to: 14 })
})

test('a trigger near an end of the clip still gives ten seconds', () => {
  expect(loopAround(1, 30)).toEqual({ from: 0, to: 10 })
  expect(loopAround(29, 30)).toEqual({ from: 20, to: 30 })
})

test('a short clip is looped whole, wherever the trigger is', () => {
  expect(loopAround(2, 4)).toEqual({ from: 0, to: 4 })
  expect(loopAround(90, 4)).toEqual({ from: 0, to: 4 })
})
