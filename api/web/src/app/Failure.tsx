import { Alert, Button } from 'antd'

import { ProblemError } from '../api/problem'
import { useSpeech } from '../i18n/language'

/** What went wrong in one line and what to do about it, for any thrown thing. */
export function useWords(): (error: unknown) => { title: string; todo: string } {
  const { t } = useSpeech()
  return (error) => {
    if (!(error instanceof ProblemError)) return { title: t('error.unexpected'), todo: t('error.unexpected.do') }
    if (error.code === 'unreachable') return { title: t('error.unreachable'), todo: t('error.unreachable.do') }
    return { title: error.message, todo: [error.detail, ...error.fields].filter(Boolean).join(' ') }
  }
}

export function Failure({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useSpeech()
  const { title, todo } = useWords()(error)
  const action = retry ? <Button onClick={retry}>{t('error.retry')}</Button> : undefined
  return <Alert type="error" showIcon title={title} description={todo} action={action} />
}
