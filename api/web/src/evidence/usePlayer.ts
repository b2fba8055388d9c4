import { useCallback, useEffect, useRef, useState } from 'react'

import { loopAround } from './clipTime'

/** A step forward or back; review clips and sub-streams have between 10 and 25 pictures a second. */
const STEP_S = 0.08

export interface Player {
  video: React.RefObject<HTMLVideoElement | null>
  at: number
  playing: boolean
  fast: boolean
  whole: boolean
  toggle: () => void
  step: (by: 1 | -1) => void
  seek: (to: number) => void
  toggleSpeed: () => void
  toggleLoop: () => void
  toggleFull: () => void
}

/** Plays the clip in a loop around `trigger` (seconds of the clip), or all of it. */
export function usePlayer(trigger: number, address: string | null): Player {
  const video = useRef<HTMLVideoElement>(null)
  const [at, setAt] = useState(0)
  const [playing, setPlaying] = useState(false)
  const [fast, setFast] = useState(true)
  const [whole, setWhole] = useState(false)

  useEffect(() => {
    const element = video.current
    if (!element || !address) return
    const loop = () =>
      whole ? { from: 0, to: element.duration } : loopAround(trigger, element.duration)
    const begin = () => {
      element.playbackRate = fast ? 2 : 1
      element.currentTime = loop().from
      void element.play().catch(() => setPlaying(false))
    }
    let frame = requestAnimationFrame(function follow() {
      const { from, to } = loop()
      if (!element.paused && (element.currentTime >= to - 0.02 || element.ended)) element.currentTime = from
      setAt(element.currentTime)
      setPlaying(!element.paused)
      frame = requestAnimationFrame(follow)
    })
    const again = () => {
      element.currentTime = loop().from
      void element.play().catch(() => setPlaying(false))
    }
    element.addEventListener('loadedmetadata', begin)
    element.addEventListener('ended', again)
    return () => {
      cancelAnimationFrame(frame)
      element.removeEventListener('loadedmetadata', begin)
      element.removeEventListener('ended', again)
    }
    // The speed is set on the element when it changes; the loop need not begin anew for it.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [address, trigger, whole])

  const toggle = useCallback(() => {
    const element = video.current
    if (element?.paused) void element.play().catch(() => undefined)
    else element?.pause()
  }, [])
  const seek = useCallback((to: number) => {
    const element = video.current
    if (!element) return
    element.currentTime = Math.min(Math.max(to, 0), element.duration || 0)
  }, [])
  const step = useCallback(
    (by: 1 | -1) => {
      video.current?.pause()
      seek((video.current?.currentTime ?? 0) + by * STEP_S)
    },
    [seek],
  )
  const toggleSpeed = useCallback(() => {
    setFast((before) => {
      if (video.current) video.current.playbackRate = before ? 1 : 2
      return !before
    })
  }, [])
  const toggleLoop = useCallback(() => setWhole((before) => !before), [])
  const toggleFull = useCallback(() => {
    if (document.fullscreenElement) void document.exitFullscreen()
    // The frame around the film, so that what is drawn over it goes along.
    else void video.current?.parentElement?.requestFullscreen().catch(() => undefined)
  }, [])
  return { video, at, playing, fast, whole, toggle, step, seek, toggleSpeed, toggleLoop, toggleFull }
}
