import { useRef, useState } from 'react'

import type { HallEvent } from '../api/types'
import { clipOffset, triggerAt } from './clipTime'
import { useClip } from './useClip'

/** The picture of an event at the moment it was flagged; an empty frame where there is none. */
export function Poster({ event }: { event: HallEvent }) {
  const { address } = useClip(event)
  const film = useRef<HTMLVideoElement>(null)
  const [failed, setFailed] = useState(false)
  const toTrigger = () => {
    const element = film.current
    if (element) element.currentTime = Math.min(Math.max(triggerAt(event) - clipOffset(event), 0), element.duration)
  }
  return (
    <span className="poster">
      {address && !failed && (
        <video ref={film} src={address} muted playsInline preload="auto" tabIndex={-1} aria-hidden onLoadedMetadata={toTrigger} onError={() => setFailed(true)} />
      )}
    </span>
  )
}
