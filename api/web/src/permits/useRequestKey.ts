import { useRef } from 'react'

/** One key for each thing that is sent: the same again after a lost answer registers once. */
export function useRequestKey() {
  const held = useRef<{ about: string; key: string } | null>(null)
  return {
    of: (wanted: object) => {
      const about = JSON.stringify(wanted)
      if (held.current?.about !== about) held.current = { about, key: aKey() }
      return held.current.key
    },
    renew: () => {
      held.current = null
    },
  }
}

/** crypto.randomUUID is missing where a page came without TLS, as inside a hall's network. */
const aKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
