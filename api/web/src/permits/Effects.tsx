import { Button } from 'antd'

import type { PermitEffect } from '../api/types'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { duration } from '../time/duration'
import { clock, dayAndClock, secondsBetween } from '../time/hallTime'

/** Empty posts and what a permit does to each, in the words of the API. */
export function Effects({ effects, showEvent }: { effects: PermitEffect[]; showEvent: (id: string) => void }) {
  const { t, language } = useSpeech()
  const names = useNames()
  return (
    <ul className="effects">
      {effects.map((effect) => (
        <li key={effect.event}>
          <div className="row">
            <span className={`tag ${effect.outcome === 'withdrawn' ? 'good' : 'warn'}`}>{t(`permits.outcome.${effect.outcome}`)}</span>
            <span className="figures">
              {dayAndClock(effect.started_at, names.zone, language)}–{effect.ended_at ? clock(effect.ended_at, names.zone) : ''}
            </span>
            <span className="figures">{duration(secondsBetween(effect.started_at, effect.known_until), language)}</span>
            {!effect.ended_at && <span className="tag warn">{t('ending.ongoing')}</span>}
            {effect.state !== effect.outcome && (
              <span className="quiet small">{t('permits.already', { state: t(`state.${effect.state}`) })}</span>
            )}
            <Button size="small" type="link" onClick={() => showEvent(effect.event)}>{t('permits.show')}</Button>
          </div>
          <div>{language === 'zh' ? effect.explanation_zh : effect.explanation_en}</div>
        </li>
      ))}
    </ul>
  )
}
