import type { CameraState } from '../api/types'
import { useSpeech } from '../i18n/language'

const TONES: Partial<Record<CameraState, string>> = { live: 'good', connecting: 'warn', ended: 'dismissed', off: 'dismissed' }

export function CameraStateTag({ state }: { state: CameraState }) {
  const { word } = useSpeech()
  return <span className={`tag ${TONES[state] ?? 'bad'}`}>{word('camera', state)}</span>
}
