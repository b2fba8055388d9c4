import { Button } from 'antd'

import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import type { Made } from './useReview'

/** The last decision, as long as it has not been sent. */
export function UndoBar({ undoable, undo }: { undoable: Made | null; undo: () => void }) {
  const { t, word } = useSpeech()
  const names = useNames()
  const event = undoable?.events[0]
  if (!undoable || !event) return <div role="status" />
  const count = undoable.events.length
  const about = { verdict: word('verdict', undoable.said.verdict), behaviour: names.what(event), window: names.window(event) }
  return (
    <div role="status">
      <div className="undo" key={event.id}>
        <span>{t('decide.done', about)}{count > 1 && ` ×${count}`}</span>
        <Button type="text" size="small" onClick={undo}>
          {t('decide.undo')}
          <kbd>Z</kbd>
        </Button>
      </div>
    </div>
  )
}
