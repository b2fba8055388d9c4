import { useSpeech } from '../i18n/language'
import type { OriginalRequest, OriginalState } from './queries'

const TONE: Record<OriginalState, string> = { waiting: 'warn', approved: 'warn', ready: 'good', refused: 'bad', failed: 'bad', expired: '' }

export function StateOfRequest({ request }: { request: OriginalRequest }) {
  const { t } = useSpeech()
  return <span className={`tag ${TONE[request.state]}`}>{t(`originals.${request.state}`)}</span>
}
