import { Button } from 'antd'
import { useState } from 'react'

import { remember, remembered } from '../app/remembered'
import { useSpeech } from '../i18n/language'

const STEPS = ['1', '2', '3', '4'] as const

/** Four steps for who does it the first time; hidden for good by who knows. */
export function HowTo() {
  const { t } = useSpeech()
  const [shown, setShown] = useState(() => remembered('calibrationHowTo', ['shown', 'hidden'], 'shown') === 'shown')
  const turn = () => {
    remember('calibrationHowTo', shown ? 'hidden' : 'shown')
    setShown(!shown)
  }
  return (
    <section className="how" aria-label={t('calibration.how')}>
      {shown && (
        <ol>
          {STEPS.map((step) => (
            <li key={step}>
              <b><i>{step}</i> {t(`calibration.how.${step}`)}</b>
              <p className="small">{t(`calibration.how.${step}.what`)}</p>
            </li>
          ))}
        </ol>
      )}
      <Button type="text" size="small" aria-expanded={shown} onClick={turn}>{t(shown ? 'calibration.how.hide' : 'calibration.how')}</Button>
    </section>
  )
}
