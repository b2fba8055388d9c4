import { useQuery, useQueryClient } from '@tanstack/react-query'
import { Alert } from 'antd'

import { reviewApi } from '../api/reviewApi'
import { Choices } from '../app/Choices'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import '../events/events.css'
import { useSpeech } from '../i18n/language'
import { OwnEventCard } from './OwnEventCard'

/** One event, for who was handed a link to it. */
export default function AppealByLink({ link }: { link: string }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const key = ['linked', link]
  const event = useQuery({ queryKey: key, enabled: link !== '', retry: false, queryFn: ({ signal }) => reviewApi.linkedEvent(link, signal) })
  return (
    <main className="own">
      <header><h1>{t('own.link.title')}</h1><div><Choices /></div></header>
      {link === '' ? <Alert type="warning" showIcon title={t('own.link.missing')} description={t('own.link.missing.do')} />
        : event.isPending ? <Loading />
        : event.isError ? <Failure error={event.error} />
        : <OwnEventCard event={event.data} fetchFilm={() => reviewApi.linkedClip(link)} send={(text) => reviewApi.appealByLink(link, text)} sent={(now) => client.setQueryData(key, now)} />}
    </main>
  )
}
