/** One hour of the list, named as the figures name it: 2026-03-02T01Z, always UTC. */
const NAME = /^(\d{4}-\d{2}-\d{2}T\d{2})Z$/
const HOUR_MS = 3_600_000

/** When it begins and ends; nothing where it names no hour. */
export function boundsOf(name: string): { from?: string; to?: string } {
  const begin = Date.parse(NAME.test(name) ? name.replace('Z', ':00:00Z') : '')
  if (Number.isNaN(begin)) return {}
  return { from: new Date(begin).toISOString(), to: new Date(begin + HOUR_MS).toISOString() }
}
