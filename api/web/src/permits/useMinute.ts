import { useEffect, useState } from 'react'

const EVERY_MS = 5_000

const minuteOf = (moment: number) => Math.floor(moment / 60_000) * 60_000

/** The minute it is now; drawn anew when the next one begins. */
export function useMinute(): Date {
  const [minute, setMinute] = useState(() => minuteOf(Date.now()))
  useEffect(() => {
    const timer = setInterval(() => setMinute(minuteOf(Date.now())), EVERY_MS)
    return () => clearInterval(timer)
  }, [])
  return new Date(minute)
}
