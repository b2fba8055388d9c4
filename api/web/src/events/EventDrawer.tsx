import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer, Select } from 'antd'

import { api } from '../api/client'
import { keys, useEvent } from '../api/queries'
import type { HallEvent, Verdict } from '../api/types'
import { Failure, useWords } from '../app/Failure'
import { Loading } from '../app/Loading'
import { CaseView } from '../evidence/CaseView'
import { useSpeech } from '../i18n/language'
import { DISMISS_REASONS } from '../queue/keymap'
import { History } from './History'
import { StateTag } from './StateTag'

export function EventDrawer({ id, close }: { id: string | null; close: () => void }) {
  const { t } = useSpeech()
  const event = useEvent(id)
  return (
    <Drawer open={id !== null} onClose={close} size={720} title={t('events.detail')} destroyOnHidden
      extra={event.data && <StateTag state={event.data.state} />}>
      {event.isError ? <Failure error={event.error} /> : event.data ? <Detail event={event.data} /> : <Loading />}
    </Drawer>
  )
}

function Detail({ event }: { event: HallEvent }) {
  return (
    <div className="detail">
      <CaseView key={event.id} event={event} />
      <Decide event={event} />
      <History event={event} />
    </div>
  )
}

function Decide({ event }: { event: HallEvent }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const { message } = App.useApp()
  const words = useWords()
  const done = {
    onError: (error: unknown) => {
      const { title, todo } = words(error)
      void message.warning(`${title} ${todo}`)
    },
    onSettled: () => void client.invalidateQueries({ queryKey: keys.events }),
  }
  const undo = useMutation({ mutationFn: () => api.undo(event.id, event.etag), ...done })
  const decide = useMutation({
    mutationFn: ([verdict, reason]: [Verdict, string]) => api.decide(event.id, event.etag, verdict, reason, null),
    ...done,
  })
  if (event.state === 'withdrawn') return <p className="quiet" style={{ margin: '12px 0' }}>{t('permits.withdrawn.do')}</p>
  if (event.state !== 'pending')
    return (
      <div style={{ margin: '12px 0' }}>
        <Button loading={undo.isPending} onClick={() => undo.mutate()}>{t('events.undo')}</Button>
      </div>
    )
  return (
    <div style={{ margin: '12px 0', display: 'flex', gap: 8 }}>
      <Button type="primary" loading={decide.isPending} onClick={() => decide.mutate(['confirmed', 'real_breach'])}>
        {t('decide.confirm')}
      </Button>
      <Select
        placeholder={t('decide.dismiss')}
        aria-label={t('decide.dismiss')}
        value={null}
        style={{ width: 190 }}
        onChange={(reason: string) => decide.mutate(['dismissed', reason])}
        options={DISMISS_REASONS.map((reason) => ({ value: reason, label: t(`reason.${reason}`) }))}
      />
    </div>
  )
}
