import { expect, test } from 'vitest'

import { DISMISS_REASONS, commandFor } from './keymap'

test.each([
  ['KeyJ', 'next'],
  ['ArrowDown', 'next'],
  ['KeyK', 'previous'],
  ['ArrowUp', 'previous'],
  ['KeyF', 'confirm'],
  ['KeyD', 'dismiss'],
  ['KeyS', 'skip'],
  ['KeyU', 'undo'],
  ['Space', 'play'],
  ['ArrowLeft', 'stepBack'],
  ['ArrowRight', 'stepForward'],
  ['KeyB', 'boxes'],
  ['KeyM', 'speed'],
  ['KeyE', 'next'],
  ['KeyW', 'previous'],
  ['KeyZ', 'undo'],
  ['KeyA', 'note'],
  ['KeyQ', 'stepBack'],
  ['KeyR', 'stepForward'],
  ['KeyX', 'boxes'],
  ['KeyV', 'speed'],
  ['KeyC', 'loop'],
  ['KeyT', 'full'],
  ['Backquote', 'help'],
])('%s means %s', (code, what) => {
  expect(commandFor({ code }, false)).toEqual({ do: what })
})

test('the question mark shows the keys; the slash alone does nothing', () => {
  expect(commandFor({ code: 'Slash', shiftKey: true }, false)).toEqual({ do: 'help' })
  expect(commandFor({ code: 'Slash' }, false)).toBeNull()
})

test('digits name reasons only while reasons are asked for', () => {
  expect(commandFor({ code: 'Digit3' }, true)).toEqual({ do: 'reason', reason: 'occlusion' })
  expect(commandFor({ code: 'Numpad8' }, true)).toEqual({ do: 'reason', reason: 'other' })
  expect(commandFor({ code: 'Digit9' }, true)).toBeNull()
  expect(commandFor({ code: 'Digit3' }, false)).toBeNull()
})

test('Enter takes the first reason', () => {
  expect(commandFor({ code: 'Enter' }, true)).toEqual({ do: 'reason', reason: DISMISS_REASONS[0] })
  expect(commandFor({ code: 'Enter' }, false)).toBeNull()
})

test('keys of the browser stay with the browser', () => {
  expect(commandFor({ code: 'KeyF', ctrlKey: true }, false)).toBeNull()
  expect(commandFor({ code: 'ArrowLeft', altKey: true }, false)).toBeNull()
  expect(commandFor({ code: 'KeyD', metaKey: true }, false)).toBeNull()
})

test('a key held down steps on but never decides twice', () => {
  expect(commandFor({ code: 'KeyJ', repeat: true }, false)).toEqual({ do: 'next' })
  expect(commandFor({ code: 'KeyF', repeat: true }, false)).toBeNull()
  expect(commandFor({ code: 'Enter', repeat: true }, true)).toBeNull()
})

test('everything can be done with the left hand alone', () => {
  const left = ['Space', 'Escape', 'Backquote', ...'QWERTASDFGZXCVB'].map((key) => (key.length === 1 ? `Key${key}` : key))
  const asked = left.map((code) => commandFor({ code }, false)?.do)
  const alone = ['confirm', 'dismiss', 'skip', 'undo', 'next', 'previous', 'note', 'play', 'stepBack', 'stepForward'] as const
  for (const what of [...alone, 'speed', 'loop', 'boxes', 'full', 'help']) expect(asked).toContain(what)
  const digits = ['Digit1', 'Digit2', 'Digit3', 'Digit4', 'Digit5', 'KeyQ', 'KeyW', 'KeyE']
  const reasons = digits.map((code) => commandFor({ code }, true))
  expect(reasons).toEqual(DISMISS_REASONS.map((reason) => ({ do: 'reason', reason })))
})

test('Shift decides the whole group, and nothing else', () => {
  expect(commandFor({ code: 'KeyF', shiftKey: true }, false)).toEqual({ do: 'confirmGroup' })
  expect(commandFor({ code: 'KeyD', shiftKey: true }, false)).toEqual({ do: 'dismissGroup' })
  expect(commandFor({ code: 'KeyS', shiftKey: true }, false)).toBeNull()
})
