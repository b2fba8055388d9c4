import { useEffect, useState } from 'react'

import { ProblemError, isProblem } from '../api/problem'
import { reviewApi } from '../api/reviewApi'
import type { Claim } from '../api/reviewTypes'

/** A third of the ninety seconds for which a claim holds. */
const RENEW_MS = 30_000

/**
 * Hold the event on the screen, so that nobody else decides it meanwhile, and let go when it leaves the screen
 * undecided. Says who has it where that is somebody else, and calls `seen` once it is ours.
 */
export function useClaim(id: string | null, isHeld: (id: string) => boolean, seen: (id: string) => void): Claim | null {
  const [taken, setTaken] = useState<{ id: string; claim: Claim } | null>(null)
  useEffect(() => {
    if (!id) return
    let ours = false
    let left = false
    const letGo = () => {
      if (ours && !isHeld(id)) void reviewApi.release(id).catch(() => undefined)
    }
    const take = async () => {
      try {
        await reviewApi.claim(id)
        ours = true
        if (left) return letGo()
        seen(id)
        setTaken(null)
      } catch (error) {
        const claim = isProblem(error, 'claimed') ? ((error as ProblemError).more['claim'] as Claim) : null
        if (claim && !left) setTaken({ id, claim })
      }
    }
    void take()
    const renewing = setInterval(() => void take(), RENEW_MS)
    const leave = () => letGo()
    addEventListener('pagehide', leave)
    return () => {
      left = true
      clearInterval(renewing)
      removeEventListener('pagehide', leave)
      letGo()
    }
    // What is held and seen is asked at the moment, not followed.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [id])
  return taken && taken.id === id ? taken.claim : null
}
