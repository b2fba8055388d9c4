import { useRef, useState, type PointerEvent, type RefObject } from 'react'

import type { Place } from './content'

/** What a pointer holds: where it goes while dragged, and what letting go does. */
export interface Hold {
  move?: (to: Place) => void
  /** `still`: it was pressed and let go without being dragged */
  drop?: (to: Place, still: boolean) => void
}

const STILL_PX = 4

interface Held extends Hold {
  pointer: number
  offset: Place
  from: Place
  dragged: boolean
}

/** Dragging over the picture, with mouse, pen and finger alike. `held` is where the dragged thing is now. */
export function useGrip(board: RefObject<SVGSVGElement | null>) {
  const holding = useRef<Held | null>(null)
  const [held, setHeld] = useState<Place | null>(null)
  const under = (event: PointerEvent): Place => {
    const box = board.current?.getBoundingClientRect()
    if (!box) return [0, 0]
    return [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height]
  }
  const target = (event: PointerEvent, { offset }: Held): Place => {
    const [x, y] = under(event)
    const inside = (value: number) => Math.min(Math.max(value, 0), 1)
    return [inside(x + offset[0]), inside(y + offset[1])]
  }
  return {
    held,
    /** Take hold at `at`, or right under the pointer where nothing is there yet. */
    grasp(event: PointerEvent<SVGElement>, at: Place | null, hold: Hold) {
      if (event.button !== 0 || !event.isPrimary) return
      event.stopPropagation()
      const [x, y] = under(event)
      const offset: Place = at ? [at[0] - x, at[1] - y] : [0, 0]
      holding.current = { ...hold, pointer: event.pointerId, offset, from: [event.clientX, event.clientY], dragged: false }
      board.current?.setPointerCapture(event.pointerId)
      setHeld(at ?? [x, y])
    },
    follow(event: PointerEvent<SVGElement>) {
      const now = holding.current
      if (!now || now.pointer !== event.pointerId) return
      now.dragged ||= Math.hypot(event.clientX - now.from[0], event.clientY - now.from[1]) > STILL_PX
      if (!now.dragged) return
      const to = target(event, now)
      setHeld(to)
      now.move?.(to)
    },
    release(event: PointerEvent<SVGElement>) {
      const now = holding.current
      if (!now || now.pointer !== event.pointerId) return
      holding.current = null
      setHeld(null)
      if (event.type === 'pointerup') now.drop?.(target(event, now), !now.dragged)
    },
  }
}
