/** A draft outlives leaving the page, in this browser tab only. */
import type { Draft } from './draft'

interface Kept {
  revision: number
  draft: Draft
}

const PREFIX = 'hallwatch.calibration.'

export function keep(camera: string, kept: Kept): void {
  try {
    sessionStorage.setItem(PREFIX + camera, JSON.stringify(kept))
  } catch {
    // Without storage the question before leaving still guards it.
  }
}

export function drop(camera: string): void {
  try {
    sessionStorage.removeItem(PREFIX + camera)
  } catch {
    // Nothing was kept then.
  }
}

export function kept(camera: string): Kept | null {
  try {
    const found = JSON.parse(sessionStorage.getItem(PREFIX + camera) ?? 'null') as Kept | null
    return found && Array.isArray(found.draft?.points) && found.draft.zones ? found : null
  } catch {
    return null
  }
}
