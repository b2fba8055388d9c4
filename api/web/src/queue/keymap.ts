/** Which key does what. Keys go by their place (`event.code`): a Chinese input method swallows letters. */

export const DISMISS_REASONS = [
  'permitted_leave',
  'stand_in_present',
  'occlusion',
  'wrong_person',
  'camera_fault',
  'rule_too_strict',
  'ordinary_work',
  'other',
] as const
/** What stands on the key of each reason; the last three also lie under the left hand. */
export const REASON_KEYS = ['1', '2', '3', '4', '5', '6 Q', '7 W', '8 E'] as const
export type DismissReason = (typeof DISMISS_REASONS)[number]

export type Command =
  | { do: 'next' | 'previous' | 'confirm' | 'dismiss' | 'skip' | 'undo' | 'note' }
  | { do: 'confirmGroup' | 'dismissGroup' }
  | { do: 'play' | 'stepBack' | 'stepForward' | 'boxes' | 'speed' | 'loop' | 'full' | 'help' | 'back' }
  | { do: 'reason'; reason: DismissReason }

/** All of the left hand's own, and those that people are used to elsewhere. */
const COMMANDS: Record<string, Command> = {
  KeyE: { do: 'next' },
  KeyW: { do: 'previous' },
  KeyZ: { do: 'undo' },
  KeyA: { do: 'note' },
  KeyQ: { do: 'stepBack' },
  KeyR: { do: 'stepForward' },
  KeyV: { do: 'speed' },
  KeyX: { do: 'boxes' },
  KeyC: { do: 'loop' },
  KeyT: { do: 'full' },
  Backquote: { do: 'help' },
  KeyJ: { do: 'next' },
  ArrowDown: { do: 'next' },
  KeyK: { do: 'previous' },
  ArrowUp: { do: 'previous' },
  KeyF: { do: 'confirm' },
  KeyD: { do: 'dismiss' },
  KeyS: { do: 'skip' },
  KeyU: { do: 'undo' },
  Space: { do: 'play' },
  ArrowLeft: { do: 'stepBack' },
  ArrowRight: { do: 'stepForward' },
  KeyB: { do: 'boxes' },
  KeyM: { do: 'speed' },
  Escape: { do: 'back' },
}

/** With Shift, for the whole group. */
const GROUP: Record<string, Command> = { KeyF: { do: 'confirmGroup' }, KeyD: { do: 'dismissGroup' } }

const REPEATABLE = new Set(['next', 'previous', 'stepBack', 'stepForward'])

export interface Press {
  code: string
  shiftKey?: boolean
  ctrlKey?: boolean
  altKey?: boolean
  metaKey?: boolean
  repeat?: boolean
}

/** What a key press asks for; null where it is not ours. `choosing`: the reasons are open. */
export function commandFor(press: Press, choosing: boolean): Command | null {
  if (press.ctrlKey || press.altKey || press.metaKey) return null
  const command = meant(press, choosing)
  // A key held down must not decide event after event.
  return command && press.repeat && !REPEATABLE.has(command.do) ? null : command
}

function meant(press: Press, choosing: boolean): Command | null {
  if (press.code === 'Slash' && press.shiftKey) return { do: 'help' }
  if (press.shiftKey) return GROUP[press.code] ?? null
  if (choosing) {
    const reason = reasonFor(press.code)
    if (reason) return { do: 'reason', reason }
  }
  return COMMANDS[press.code] ?? null
}

function reasonFor(code: string): DismissReason | undefined {
  if (code === 'Enter' || code === 'NumpadEnter') return DISMISS_REASONS[0]
  const digit = /^(?:Digit|Numpad)([1-8])$/.exec(code)
  const place = digit ? Number(digit[1]) : 6 + ['KeyQ', 'KeyW', 'KeyE'].indexOf(code)
  return digit || place >= 6 ? DISMISS_REASONS[place - 1] : undefined
}
