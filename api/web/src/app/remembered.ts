/** Small choices of a person, kept in this browser only. Storage may be forbidden; then nothing is kept. */
const PREFIX = 'hallwatch.'

export function remembered<T extends string>(name: string, allowed: readonly T[], otherwise: T): T {
  try {
    const kept = localStorage.getItem(PREFIX + name) as T
    return allowed.includes(kept) ? kept : otherwise
  } catch {
    return otherwise
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem(PREFIX + name, value)
  } catch {
    // A choice that cannot be kept is only lost at the next start.
  }
}
