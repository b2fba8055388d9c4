import { Button, Input, Modal, Select } from 'antd'
import { useState, type FormEvent } from 'react'

import { Field } from '../accounts/AccountForm'
import { Units } from '../accounts/Units'
import { useBehaviours } from '../api/queries'
import { Failure } from '../app/Failure'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { useChangeTypes, type Webhook, type WebhookPlan } from './queries'

const CONFIRMED_ONLY = ['event.confirmed', 'event.retracted', 'event.reopened']

interface Properties {
  webhook?: Webhook
  busy: boolean
  error: Error | null
  save: (plan: WebhookPlan) => void
  leave: () => void
}

export function WebhookForm({ webhook, busy, error, save, leave }: Properties) {
  const { t, language } = useSpeech()
  const { behaviour } = useNames()
  const types = useChangeTypes().data ?? []
  const known = useBehaviours().data ?? []
  const [plan, setPlan] = useState<WebhookPlan>(
    webhook ?? { name: '', address: 'https://', types: CONFIRMED_ONLY, behaviours: null, windows: null },
  )
  const put = (part: Partial<WebhookPlan>) => setPlan({ ...plan, ...part })
  const some = (chosen: string[]) => (chosen.length ? chosen : null)
  const fits = plan.name.trim() !== '' && plan.address.length > 8 && plan.types.length > 0
  const submit = (press: FormEvent) => {
    press.preventDefault()
    const { name, address, types: told, behaviours, windows } = plan
    if (fits) save({ name: name.trim(), address: address.trim(), types: told, behaviours, windows })
  }
  return (
    <Modal open title={webhook ? t('webhooks.change') : t('webhooks.new')} onCancel={leave} footer={null} destroyOnHidden width={600}>
      <form className="permit-form" onSubmit={submit} style={{ position: 'static' }}>
        <Field id="webhook-name" label={t('webhooks.name')}>
          <Input id="webhook-name" autoFocus maxLength={64} value={plan.name} placeholder={t('webhooks.name.hint')} onChange={(change) => put({ name: change.target.value })} />
        </Field>
        <Field id="webhook-address" label={t('webhooks.address')} hint={t('webhooks.address.hint')}>
          <Input id="webhook-address" maxLength={2000} value={plan.address} onChange={(change) => put({ address: change.target.value })} />
        </Field>
        <Field id="webhook-types" label={t('webhooks.types')} hint={t('webhooks.types.hint')}>
          <Select
            id="webhook-types"
            mode="multiple"
            value={plan.types}
            onChange={(chosen) => put({ types: chosen })}
            options={types.map(({ type, zh, en }) => ({ value: type, label: `${type} · ${language === 'zh' ? zh : en}` }))}
            optionLabelProp="value"
            style={{ width: '100%' }}
          />
        </Field>
        <Field id="webhook-behaviours" label={t('webhooks.behaviours')}>
          <Select
            id="webhook-behaviours"
            mode="multiple"
            value={plan.behaviours ?? []}
            onChange={(chosen) => put({ behaviours: some(chosen) })}
            placeholder={t('webhooks.all')}
            options={known.map(({ code }) => ({ value: code, label: behaviour(code) }))}
            optionFilterProp="label"
            style={{ width: '100%' }}
          />
        </Field>
        <Field id="webhook-windows" label={t('webhooks.windows')}>
          <Units id="webhook-windows" value={plan.windows ?? []} onChange={(chosen) => put({ windows: some(chosen) })} placeholder={t('webhooks.all')} />
        </Field>
        {error && <Failure error={error} />}
        <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8 }}>
          <Button onClick={leave}>{t('accounts.cancel')}</Button>
          <Button type="primary" htmlType="submit" disabled={!fits} loading={busy}>{t('accounts.save')}</Button>
        </div>
      </form>
    </Modal>
  )
}
