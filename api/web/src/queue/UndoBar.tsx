import { Button } from 'antd'

import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import type { Undoable } from './useReview'

export function UndoBar({ undoable, undo }: { undoable: Undoable | null; undo: () => void }) {
  const { t, word } = useSpeech()
  const names = useNames()
  if (!undoable) return <div role="status" />
  const { event, verdict } = undoable
  return (
    <div role="status">
      <div className="undo" key={event.id}>
        {t('decide.done', { verdict: word('verdict', verdict), behaviour: names.what(event), window: names.window(event) })}
        <Button type="text" size="small" onClick={undo}>
          {t('decide.undo')}
          <kbd>U</kbd>
        </Button>
      </div>
    </div>
  )
}
