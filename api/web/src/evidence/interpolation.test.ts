import { expect, test } from 'vitest'

import type { SkeletonFrame, SkeletonPerson } from '../api/types'
import { frameAt } from './interpolation'

const person = (track: number, x: number, confidence = 0.9): SkeletonPerson => ({
  track,
  zone: 'staff',
  box: [x, 0, x + 10, 20],
  keypoints: Array.from({ length: 17 }, () => [x, 5, confidence]),
})
const sample = (t_s: number, ...persons: SkeletonPerson[]): SkeletonFrame => ({ t_s, persons, things: [] })

test('halfway between two samples a person stands halfway', () => {
  const seen = frameAt([sample(0, person(1, 0)), sample(0.2, person(1, 10))], 0.1)
  expect(seen?.persons[0]?.box).toEqual([5, 0, 15, 20])
  expect(seen?.persons[0]?.keypoints?.[0]?.[0]).toBeCloseTo(5)
})

test('people are followed by their track, whatever their order', () => {
  const frames = [sample(0, person(1, 0), person(2, 100)), sample(0.2, person(2, 110), person(1, 10))]
  expect(frameAt(frames, 0.1)?.persons.map((one) => one.box[0])).toEqual([5, 105])
})

test('a joint is as sure as its less sure sample', () => {
  const seen = frameAt([sample(0, person(1, 0, 0.9)), sample(0.2, person(1, 10, 0.1))], 0.01)
  expect(seen?.persons[0]?.keypoints?.[3]?.[2]).toBe(0.1)
})

test('who leaves between two samples is not drawn across the gap', () => {
  const frames = [sample(0, person(1, 0)), sample(0.2, person(2, 50))]
  expect(frameAt(frames, 0.05)?.persons.map((one) => one.track)).toEqual([1])
  expect(frameAt(frames, 0.15)?.persons.map((one) => one.track)).toEqual([2])
})

test('nothing is invented where the view was lost for longer', () => {
  const frames = [sample(0, person(1, 0)), sample(5, person(1, 100))]
  expect(frameAt(frames, 2.5)).toBeNull()
  expect(frameAt(frames, 0.2)?.persons[0]?.box[0]).toBe(0)
  expect(frameAt(frames, 4.8)?.persons[0]?.box[0]).toBe(100)
})

test('before the first and after the last sample nothing is drawn', () => {
  const frames = [sample(1, person(1, 0)), sample(1.2, person(1, 10))]
  expect(frameAt(frames, 0)).toBeNull()
  expect(frameAt(frames, 3)).toBeNull()
  expect(frameAt([], 0)).toBeNull()
})
