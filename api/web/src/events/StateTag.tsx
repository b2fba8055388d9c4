import type { EventState } from '../api/types'
import { useSpeech } from '../i18n/language'

export function StateTag({ state }: { state: EventState }) {
  const { t } = useSpeech()
  return <span className={`tag ${state}`}>{t(`state.${state}`)}</span>
}
