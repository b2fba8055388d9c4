import type { KeyboardEvent, PointerEvent, ReactNode } from 'react'

import type { Place } from './content'
import { nudged } from './editing'

interface Properties {
  /** its place in the picture (shares) and on the screen (px) */
  at: Place
  seen: Place
  size: readonly [number, number]
  name: string
  /** by what the page finds it to give it the focus */
  mark: string
  chosen: boolean
  grasp: (event: PointerEvent<SVGElement>, at: Place) => void
  nudge: (to: Place) => void
  choose: () => void
  leave: () => void
  remove?: () => void
  enter?: () => void
  children: ReactNode
}

const TOUCH_PX = 17

/** Something on the picture that is dragged with mouse or finger and nudged with keys. */
export function Spot({ at, seen, size, name, mark, chosen, grasp, nudge, choose, leave, remove, enter, children }: Properties) {
  const press = (event: KeyboardEvent) => {
    const to = nudged(at, event.key, event.shiftKey, size)
    const does = to ? () => nudge(to) : event.key === 'Delete' || event.key === 'Backspace' ? remove : event.key === 'Enter' ? enter : undefined
    if (!does) return
    event.preventDefault()
    event.stopPropagation()
    does()
  }
  return (
    <g
      className={chosen ? 'spot chosen' : 'spot'}
      role="button"
      tabIndex={0}
      aria-label={name}
      data-spot={mark}
      transform={`translate(${seen[0]} ${seen[1]})`}
      onPointerDown={(event) => { event.currentTarget.focus({ preventScroll: true }); grasp(event, at) }}
      onKeyDown={press}
      onFocus={choose}
      onBlur={leave}
    >
      <circle r={TOUCH_PX} fill="transparent" />
      {children}
    </g>
  )
}
