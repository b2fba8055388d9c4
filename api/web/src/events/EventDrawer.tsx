import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer, Input, Select } from 'antd'
import { useState } from 'react'

import { api } from '../api/client'
import { keys, useEvent, useMay } from '../api/queries'
import { reviewApi } from '../api/reviewApi'
import type { HallEvent, Verdict } from '../api/types'
import { Failure, useWords } from '../app/Failure'
import { Loading } from '../app/Loading'
import { CaseView } from '../evidence/CaseView'
import { useSpeech } from '../i18n/language'
import { DISMISS_REASONS } from '../queue/keymap'
import '../queue/queue.css'
import { dayAndClock } from '../time/hallTime'
import { AskOriginal } from '../originals/AskOriginal'
import { HoldEvent } from './HoldEvent'
import { History } from './History'
import { useNames } from './names'
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
  const mayHold = useMay('hold')
  const mayAsk = useMay('originals')
  return (
    <div className="detail">
      <CaseView key={event.id} event={event} />
      <Decide key={event.etag} event={event} />
      <History event={event} />
      {event.state === 'confirmed' && !event.appeal && <AppealLink event={event} />}
      {mayHold && <HoldEvent id={event.id} />}
      {mayAsk && event.clip?.sha256 && <AskOriginal id={event.id} />}
    </div>
  )
}

/** Decide, or correct what was decided: the history keeps every word. */
function Decide({ event }: { event: HallEvent }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const { message } = App.useApp()
  const words = useWords()
  const [note, setNote] = useState('')
  const done = {
    onError: (error: unknown) => {
      const { title, todo } = words(error)
      void message.warning(`${title} ${todo}`)
    },
    onSettled: () => void client.invalidateQueries({ queryKey: keys.events }),
  }
  const undo = useMutation({ mutationFn: () => api.undo(event.id, event.etag), ...done })
  const decide = useMutation({
    mutationFn: ([verdict, reason]: [Verdict, string]) => api.decide(event.id, event.etag, verdict, reason, note.trim() || null),
    ...done,
  })
  if (event.state === 'withdrawn') return <p className="quiet" style={{ margin: '12px 0' }}>{t('permits.withdrawn.do')}</p>
  if (event.state === 'expired') return null
  const decided = event.state !== 'pending'
  return (
    <section className="correct">
      {decided && <h3>{t('events.correct')}</h3>}
      <div className="row">
        {event.state !== 'confirmed' && (
          <Button type={decided ? 'default' : 'primary'} loading={decide.isPending} onClick={() => decide.mutate(['confirmed', 'real_breach'])}>
            {t('decide.confirm')}
          </Button>
        )}
        <Select
          placeholder={t('decide.dismiss')}
          aria-label={t('decide.dismiss')}
          value={null}
          style={{ width: 190 }}
          onChange={(reason: string) => decide.mutate(['dismissed', reason])}
          options={DISMISS_REASONS.map((reason) => ({ value: reason, label: t(`reason.${reason}`) }))}
        />
        {decided && <Button type="text" loading={undo.isPending} onClick={() => undo.mutate()}>{t('events.undo')}</Button>}
      </div>
      <Input value={note} maxLength={1000} onChange={(change) => setNote(change.target.value)} placeholder={t(decided ? 'events.correct.note' : 'decide.note')} aria-label={t('decide.note')} />
    </section>
  )
}

/** A link for the window's staff, made once somebody asks for it. */
function AppealLink({ event }: { event: HallEvent }) {
  const { t, language } = useSpeech()
  const names = useNames()
  const { message } = App.useApp()
  const made = useMutation({ mutationFn: () => reviewApi.makeLink(event.id) })
  if (!made.data)
    return (
      <div style={{ marginTop: 12 }}>
        <Button loading={made.isPending} onClick={() => made.mutate()}>{t('events.link')}</Button>
        {made.isError && <Failure error={made.error} />}
      </div>
    )
  const address = location.origin + made.data.path
  const copy = () => void navigator.clipboard?.writeText(address).then(() => message.success(t('events.link.copied')))
  return (
    <div style={{ marginTop: 12 }}>
      <div className="small quiet">{t('events.link.made', { time: dayAndClock(made.data.expires_at, names.zone, language) })}</div>
      <div className="row">
        <Input readOnly value={address} aria-label={t('events.link')} onFocus={(focus) => focus.target.select()} />
        {navigator.clipboard && <Button onClick={copy}>{t('events.link.copy')}</Button>}
      </div>
    </div>
  )
}
