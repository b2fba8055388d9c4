import { useQuery, useQueryClient } from '@tanstack/react-query'
import { App, Empty } from 'antd'
import { useState } from 'react'

import { keys } from '../api/queries'
import { reviewApi } from '../api/reviewApi'
import type { Session } from '../api/types'
import { Choices } from '../app/Choices'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { Person } from '../app/Shell'
import '../events/events.css'
import { useSpeech } from '../i18n/language'
import ChangePassword from '../session/ChangePassword'
import { OwnEventCard } from './OwnEventCard'

/** What the staff of a window see: what was confirmed there, and their appeals. */
export default function OwnWindow({ session }: { session: Session }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [changing, setChanging] = useState(false)
  const events = useQuery({ queryKey: keys.own, refetchInterval: 60_000, queryFn: ({ signal }) => reviewApi.ownEvents(signal) })
  const sent = () => {
    void message.success(t('own.sent'))
    void client.invalidateQueries({ queryKey: keys.own })
  }
  if (changing) return <ChangePassword leave={() => setChanging(false)} />
  return (
    <main className="own">
      <header>
        <h1>{t('own.title')}</h1>
        <div><Choices /><Person session={session} change={() => setChanging(true)} /></div>
      </header>
      <p className="quiet">{t('own.what')}</p>
      {events.isPending && <Loading />}
      {events.isError && <Failure error={events.error} retry={() => void events.refetch()} />}
      {events.data?.length === 0 && <div className="sheet"><Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<><b>{t('own.none')}</b><br />{t('own.none.do')}</>} /></div>}
      {events.data?.map((event) => <OwnEventCard key={event.id} event={event} fetchFilm={() => reviewApi.ownClip(event.id)} send={(text) => reviewApi.appeal(event.id, text)} sent={sent} />)}
    </main>
  )
}
