import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Segmented, Select } from 'antd'
import { useState } from 'react'

import { api } from '../api/client'
import { keys, useHall, usePermitRules } from '../api/queries'
import type { Permit, PermitKind, PermitPlan } from '../api/types'
import { Failure } from '../app/Failure'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { around, planOf, spanOf, spanText, type Draft } from './permitTimes'
import { Preview } from './Preview'
import { Times } from './Times'
import { useMinute } from './useMinute'
import { useRequestKey } from './useRequestKey'

const KINDS = ['leave', 'stand_in', 'suspended'] as const
const EXCUSES = ['errand', 'meeting', 'meal', 'shortBreak', 'health', 'equipment'] as const

interface Properties {
  /** the window, and the times of an event, that somebody came here to register for */
  register: string | null
  from: string | null
  to: string | null
  registered: (permit: Permit) => void
  showEvent: (id: string) => void
}

/** One permit in a few clicks, with what it would do to what was flagged already. */
export function PermitForm({ register, from, to, registered, showEvent }: Properties) {
  const { t, word } = useSpeech()
  const names = useNames()
  const now = useMinute()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [draft, setDraft] = useState<Draft>(() => firstDraft(register, from, to, names.zone))
  const put = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }))
  const requestKey = useRequestKey()
  const plan = planOf(draft, now, names.zone)
  const save = useMutation({
    mutationFn: (wanted: PermitPlan & { reason: string }) => api.registerPermit(wanted, requestKey.of(wanted)),
    onSuccess: ({ permit, withdrawn }) => {
      const said = { window: names.windowOf(permit.window), span: spanText(permit, names.zone), count: withdrawn.length }
      void message.success(t(withdrawn.length ? 'permits.saved.withdrawn' : 'permits.saved', said), 6)
      requestKey.renew()
      setDraft({ ...firstDraft(null, null, null, names.zone), kind: permit.kind })
      registered(permit)
    },
    onSettled: () => {
      for (const queryKey of [keys.permits, keys.events, keys.figures]) void client.invalidateQueries({ queryKey })
    },
  })
  const reason = draft.reason.trim()
  const send = () => {
    if (!plan) return
    // What is sent stands still: tried again a minute later, it is the same permit.
    put({ ...spanOf(draft, now, names.zone), quick: null })
    save.mutate({ ...plan, reason })
  }
  const excuses = EXCUSES.map((one) => t(`excuse.${one}`))
  return (
    <section className="sheet permit-form" aria-label={t('permits.form')}>
      <h3>{t('permits.form')}</h3>
      <Limit />
      <Segmented
        block
        value={draft.kind}
        onChange={(kind: PermitKind) => put({ kind })}
        options={KINDS.map((value) => ({ value, label: word('kind', value) }))}
      />
      <PickWindow label={t('permits.pickWindow')} value={draft.window} choose={(window) => put({ window })} />
      {draft.kind === 'stand_in' && (
        <PickWindow label={t('permits.pickStandIn')} value={draft.standIn} but={draft.window} choose={(standIn) => put({ standIn })} />
      )}
      <Times draft={draft} now={now} put={put} />
      <Input
        value={draft.reason}
        onChange={(change) => put({ reason: change.target.value })}
        placeholder={t('permits.reason.hint')}
        aria-label={t('permits.reason')}
        maxLength={500}
      />
      <div className="chips">
        {excuses.map((excuse) => (
          <Button key={excuse} size="small" type={draft.reason === excuse ? 'primary' : 'default'} ghost={draft.reason === excuse} onClick={() => put({ reason: excuse })}>
            {excuse}
          </Button>
        ))}
      </div>
      <Preview plan={plan} showEvent={showEvent} />
      {save.isError && <Failure error={save.error} />}
      <Button type="primary" block disabled={!plan || !reason} loading={save.isPending} onClick={send}>
        {t('permits.submit')}
      </Button>
    </section>
  )
}

function firstDraft(register: string | null, from: string | null, to: string | null, zone: string): Draft {
  const draft: Draft = { kind: 'leave', window: register ?? '', quick: { minutes: 15 }, from: '', to: '', reason: '', standIn: '' }
  if (!from || !to || Number.isNaN(Date.parse(from)) || Number.isNaN(Date.parse(to))) return draft
  return { ...draft, quick: null, ...around(from, to, zone) }
}

/** From when on a report is due here, as the API says it. */
function Limit() {
  const { language } = useSpeech()
  const rules = usePermitRules().data
  if (!rules) return null
  return <p className="small quiet">{language === 'zh' ? rules.explanation_zh : rules.explanation_en}</p>
}

function PickWindow({ label, value, but, choose }: { label: string; value: string; but?: string; choose: (id: string) => void }) {
  const names = useNames()
  const windows = useHall().data?.windows ?? []
  return (
    <Select
      showSearch={{ optionFilterProp: 'label' }}
      aria-label={label}
      placeholder={label}
      value={value || null}
      onChange={(id: string) => choose(id)}
      options={windows.filter(({ id }) => id !== but).map(({ id }) => ({ value: id, label: names.windowOf(id) }))}
    />
  )
}
