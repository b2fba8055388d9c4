import { Alert } from 'antd'
import { useState } from 'react'

import type { QueuePage } from '../api/reviewTypes'
import { useSpeech } from '../i18n/language'

/** After closing it, it does not come again for so long. */
const QUIET_MS = 10 * 60_000

/** Suggests a pause to who has been deciding for long; tired eyes are not fair. */
export function PauseNotice({ stint }: { stint: QueuePage['stint'] }) {
  const { t } = useSpeech()
  const [closedAt, setClosedAt] = useState(0)
  if (!stint.pause_suggested || Date.now() - closedAt < QUIET_MS) return null
  const minutes = stint.began_at ? Math.round((Date.now() - Date.parse(stint.began_at)) / 60_000) : 0
  return (
    <Alert
      type="info"
      showIcon
      title={t('pause.title')}
      description={t('pause.do', { minutes, count: stint.decisions })}
      closable={{ onClose: () => setClosedAt(Date.now()), 'aria-label': t('pause.later') }}
    />
  )
}
