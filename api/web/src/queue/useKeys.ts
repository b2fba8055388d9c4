import { useEffect, useEffectEvent } from 'react'

import { commandFor, type Command } from './keymap'

const TYPING = 'input:not([type=checkbox]), textarea, select, [contenteditable]'
const PRESSABLE = 'button, a[href], [role=button], [role=switch], [role=combobox], [role=menuitem]'

/** Hands each key press that means something to `run`, unless somebody is typing or a dialogue is open. */
export function useKeys(choosing: boolean, run: (command: Command) => void): void {
  const pressed = useEffectEvent((press: KeyboardEvent) => {
    const target = press.target instanceof Element ? press.target : null
    if (target?.closest(TYPING)) {
      if (press.code === 'Escape' && !press.isComposing) (target as HTMLElement).blur()
      return
    }
    // A button reached with Tab keeps its own keys.
    const own = press.code === 'Space' || press.code === 'Enter'
    if (own && target?.closest(PRESSABLE)?.matches(':focus-visible')) return
    if (document.querySelector('.ant-modal-wrap:not([style*="display: none"])') && press.code !== 'Escape') return
    const command = commandFor(press, choosing)
    if (!command) return
    press.preventDefault()
    run(command)
  })
  useEffect(() => {
    const listen = (press: KeyboardEvent) => pressed(press)
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
}
