import { useMutation } from '@tanstack/react-query'
import { App, Button } from 'antd'

import { useWords } from '../app/Failure'
import { useSpeech } from '../i18n/language'
import { originalsApi, type OriginalRequest } from './queries'

/** Saves the archive of a request that is ready. */
export function Fetch({ request }: { request: OriginalRequest }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const words = useWords()
  const fetched = useMutation({
    mutationFn: () => originalsApi.archive(request.id),
    onSuccess: (archive) => {
      const link = document.createElement('a')
      link.href = URL.createObjectURL(archive)
      link.download = `hallwatch-original-${request.event}.zip`
      link.click()
      URL.revokeObjectURL(link.href)
    },
    onError: (error) => void message.error(words(error).title, 6),
  })
  return <Button size="small" type="primary" loading={fetched.isPending} onClick={() => fetched.mutate()}>{t('originals.fetch')}</Button>
}
