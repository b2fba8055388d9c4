import { useSpeech } from '../i18n/language'

export function Loading() {
  const { t } = useSpeech()
  return (
    <div className="middle quiet" role="status">
      {t('loading')}
    </div>
  )
}
