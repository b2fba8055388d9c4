import { useRef, useState } from 'react'

import type { HallEvent } from '../api/types'
import { clipOffset, triggerAt } from './clipTime'
import { useClip } from './useClip'

/** The picture of an event at the moment it was flagged; pointed at, its filmstrip. */
export function Poster({ event }: { event: HallEvent }) {
  const review = event.clip?.review
  const [pointed, setPointed] = useState(false)
  if (!review?.poster_url) return <FilmPoster event={event} />
  const strip = pointed && review.filmstrip_url
  return (
    <span className="poster" onMouseEnter={() => setPointed(true)} onMouseLeave={() => setPointed(false)}>
      <img src={review.poster_url} alt="" />
      {strip && <img className="filmstrip" src={strip} alt="" />}
    </span>
  )
}

/** The same out of the film itself, where no picture came with it; an empty frame where there is none. */
function FilmPoster({ event }: { event: HallEvent }) {
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
