import { Button } from 'antd'
import { Link } from 'react-router'
import { useQuery } from '@tanstack/react-query'

import { api } from '../api/client'
import { keys } from '../api/queries'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { dayAndClock } from '../time/hallTime'

const LATEST = { order: 'newest', limit: 1 } as const

export function EmptyQueue({ filtered, clear }: { filtered: boolean; clear: () => void }) {
  const { t, language } = useSpeech()
  const names = useNames()
  const latest = useQuery({
    queryKey: [...keys.events, 'latest'],
    queryFn: ({ signal }) => api.events(LATEST, signal),
  })
  const last = latest.data?.items[0]
  const told = last && {
    time: dayAndClock(last.flagged_at, names.zone, language),
    window: names.window(last),
    behaviour: names.what(last),
  }
  return (
    <div className="sheet middle">
      <div style={{ textAlign: 'center' }}>
        <h2>{t(filtered ? 'queue.empty.filtered' : 'queue.empty.title')}</h2>
        <p className="quiet" style={{ margin: '8px 0 14px' }}>
          {told ? t('queue.empty.last', told) : latest.isSuccess && t('queue.empty.never')}
        </p>
        {filtered ? <Button onClick={clear}>{t('events.clear')}</Button> : <Link to="/dashboard">{t('queue.empty.figures')}</Link>}
      </div>
    </div>
  )
}
