import { useSpeech } from '../i18n/language'
import type { CalibratedWindow } from './content'
import type { Fault } from './draft'
import { nameOf } from './ZonePanel'

/** What is unfinished, as sentences that say what to do. */
export function useFaultWords(windows: readonly CalibratedWindow[]): (fault: Fault) => string {
  const { t, language } = useSpeech()
  const windowOf = (id: string) => {
    const found = windows.find((window) => window.id === id)
    return found ? nameOf(found, language) : id
  }
  return (fault) => {
    switch (fault.kind) {
      case 'unmeasured':
        return t('calibration.fault.unmeasured', { numbers: fault.numbers.join(language === 'zh' ? '、' : ', ') })
      case 'tileSize':
        return t('calibration.fault.tileSize')
      case 'fewPoints':
        return t('calibration.fault.fewPoints', { count: fault.count })
      case 'noStaff':
        return t('calibration.fault.noStaff', { window: windowOf(fault.window) })
      case 'outline':
        return t(`calibration.fault.${fault.fault}`, { window: windowOf(fault.window), side: t(`calibration.zone.${fault.side}`) })
    }
  }
}
