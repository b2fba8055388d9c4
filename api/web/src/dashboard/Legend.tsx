import { useSpeech } from '../i18n/language'
import { BOUNDS, CLASSES, percent } from './grades'
import { Term } from './Term'

/** What the colours and signs of the heat map mean. */
export function Legend() {
  const { t } = useSpeech()
  return (
    <div className="legend-row">
      <Term name="compliance" />
      {BOUNDS.map(([grade, least]) => (
        <span key={grade}><i className={CLASSES[grade]} />≥ {percent(least, '')}</span>
      ))}
      <span><i className="low" />&lt; 90%</span>
      <span><i className="partly" />{t('dashboard.partly')}</span>
      <span><i className="unobserved" />{t('dashboard.unobserved')}</span>
      <span><i className="closed" />– {t('dashboard.closed')}</span>
      <span>✕ {t('dashboard.confirmed')}</span>
      <span>? {t('dashboard.pending')}</span>
      <span>▂ ◐ <Term name="coverage" /></span>
    </div>
  )
}
