import { useCallback, useEffect, useState } from 'react'

import { api } from '../api/client'
import { isProblem } from '../api/problem'

export interface Still {
  /** an address of this browser's own memory; null while there is no picture */
  url: string | null
  at: Date | null
  missing: boolean
  fetching: boolean
  renew: () => void
}

/** One picture of a camera that stands still until a new one is asked for. */
export function useStill(camera: string): Still {
  const [round, setRound] = useState(0)
  const [picture, setPicture] = useState<{ url: string; at: Date } | null>(null)
  const [missing, setMissing] = useState(false)
  const [fetching, setFetching] = useState(true)
  useEffect(() => {
    const stop = new AbortController()
    setFetching(true)
    const show = (blob: Blob) => {
      setPicture({ url: URL.createObjectURL(blob), at: new Date() })
      setMissing(false)
      setFetching(false)
    }
    const fail = () => {
      if (stop.signal.aborted) return
      setMissing(true)
      setFetching(false)
    }
    // A worker that sends no stills still shows its live picture, with people outlined.
    const drawn = (error: unknown) => {
      if (isProblem(error, 'picture_missing')) return api.livePicture(camera, stop.signal)
      throw error
    }
    api.still(camera, stop.signal).catch(drawn).then((blob) => !stop.signal.aborted && show(blob), fail)
    return () => stop.abort()
  }, [camera, round])
  const url = picture?.url
  useEffect(() => () => { if (url) URL.revokeObjectURL(url) }, [url])
  const renew = useCallback(() => setRound((before) => before + 1), [])
  return { url: picture?.url ?? null, at: picture?.at ?? null, missing, fetching, renew }
}
