/** Keeps the answers fresh: the API says what changed, and the page asks again for just that. */
import { useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

import { STREAM_URL } from './client'
import { keys } from './queries'

export type Connection = 'connecting' | 'open' | 'lost'

const RETRY_MS = 4000
const TOGETHER_MS = 400

const CONCERNS: Record<string, readonly (readonly string[])[]> = {
  event: [keys.events, keys.figures, keys.permits],
  decision: [keys.events],
  appeal: [keys.events],
  retraction: [keys.events, keys.figures],
  permit: [keys.permits],
  camera: [keys.cameras],
  figures: [keys.figures],
  reset: [keys.events, keys.cameras, keys.figures, keys.hall, keys.permits],
}

type ClaimTold = { id: string; username: string | null; until: string | null }
const claimListeners = new Set<(told: ClaimTold) => void>()

/** Be told who takes which event on their screen; answers how to stop that. */
export function onClaim(listener: (told: ClaimTold) => void): () => void {
  claimListeners.add(listener)
  return () => void claimListeners.delete(listener)
}

/** Many changes at once cost one new question each kind, not one a change. */
class Refresher {
  private readonly waiting = new Map<string, readonly string[]>()
  private timer: ReturnType<typeof setTimeout> | undefined
  private readonly client: QueryClient

  constructor(client: QueryClient) {
    this.client = client
  }

  about(kind: string): void {
    for (const key of CONCERNS[kind] ?? []) this.waiting.set(key.join('/'), key)
    this.timer ??= setTimeout(() => this.ask(), TOGETHER_MS)
  }

  stop(): void {
    clearTimeout(this.timer)
  }

  private ask(): void {
    this.timer = undefined
    for (const queryKey of this.waiting.values()) void this.client.invalidateQueries({ queryKey })
    this.waiting.clear()
  }
}

/** Follow the stream while mounted; says whether it is connected. */
export function useStream(): Connection {
  const client = useQueryClient()
  const [connection, setConnection] = useState<Connection>('connecting')
  useEffect(() => {
    const refresher = new Refresher(client)
    let source: EventSource
    let retry: ReturnType<typeof setTimeout>
    let wasLost = false
    const open = () => {
      source = new EventSource(STREAM_URL)
      source.onopen = () => {
        setConnection('open')
        if (wasLost) refresher.about('reset')
        wasLost = false
      }
      source.onerror = () => {
        wasLost = true
        setConnection('lost')
        // The browser comes back by itself unless the server refused; then it is on us.
        if (source.readyState === EventSource.CLOSED) {
          void client.invalidateQueries({ queryKey: keys.session })
          retry = setTimeout(open, RETRY_MS)
        }
      }
      source.addEventListener('claim', (message: MessageEvent<string>) => {
        const told = JSON.parse(message.data) as ClaimTold
        for (const listener of claimListeners) listener(told)
      })
      for (const kind of Object.keys(CONCERNS)) source.addEventListener(kind, () => refresher.about(kind))
    }
    open()
    return () => {
      clearTimeout(retry)
      refresher.stop()
      source.close()
    }
  }, [client])
  return connection
}
