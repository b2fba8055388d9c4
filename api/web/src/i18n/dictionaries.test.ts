import { expect, test } from 'vitest'

import { en } from './en'
import { fill } from './fill'
import { zh } from './zh'

const places = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

test('both dictionaries have the same keys', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
})

test('no text is empty, and both languages take the same values', () => {
  for (const key of Object.keys(zh) as (keyof typeof zh)[]) {
    expect(zh[key].trim(), key).not.toBe('')
    expect(en[key].trim(), key).not.toBe('')
    expect(places(en[key]), key).toEqual(places(zh[key]))
  }
})

test('a value without a place is ignored, a place without a value stays visible', () => {
  expect(fill('{count} 条', { count: 3, other: 1 })).toBe('3 条')
  expect(fill('{count} 条')).toBe('{count} 条')
})
