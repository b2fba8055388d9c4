import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Empty, Popconfirm, Table } from 'antd'
import { useState } from 'react'

import { ShownOnce } from '../accounts/ShownOnce'
import { useUnitNames } from '../accounts/Units'
import { keys } from '../api/queries'
import { Failure, useWords } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { Deliveries } from './Deliveries'
import { useWebhooks, webhooksApi, type Webhook, type WebhookPlan } from './queries'
import { WebhookForm } from './WebhookForm'

/** Which other programs are told of what, and how that goes. */
export default function WebhooksPage() {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const client = useQueryClient()
  const found = useWebhooks()
  const [editing, setEditing] = useState<Webhook | 'new' | null>(null)
  const [secret, setSecret] = useState<string | null>(null)
  const [log, setLog] = useState<Webhook | null>(null)
  const save = useMutation({
    mutationFn: async (plan: WebhookPlan) => {
      if (editing === 'new') return (await webhooksApi.make(plan)).secret
      if (editing) await webhooksApi.change(editing.id, plan)
      return null
    },
    onSuccess: (made) => {
      setEditing(null)
      if (made) setSecret(made)
      else void message.success(t('accounts.saved'))
    },
    onSettled: () => void client.invalidateQueries({ queryKey: keys.webhooks }),
  })
  const open = (webhook: Webhook | 'new') => {
    save.reset()
    setEditing(webhook)
  }
  return (
    <div className="page">
      <header>
        <h1>{t('webhooks.title')}</h1>
        <Button type="primary" onClick={() => open('new')}>{t('webhooks.new')}</Button>
        <span className="quiet">{t('webhooks.what')}</span>
      </header>
      {found.isPending && <Loading />}
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.data && <Webhooks found={found.data} open={open} log={setLog} show={setSecret} />}
      {editing && <WebhookForm {...(editing === 'new' ? {} : { webhook: editing })} busy={save.isPending} error={save.error} save={(plan) => save.mutate(plan)} leave={() => setEditing(null)} />}
      {secret && <ShownOnce title={t('webhooks.once')} what={t('webhooks.once.what')} secret={secret} done={() => setSecret(null)} />}
      {log && <Deliveries webhook={log} close={() => setLog(null)} />}
    </div>
  )
}

interface Properties {
  open: (webhook: Webhook) => void
  log: (webhook: Webhook) => void
  show: (secret: string) => void
}

function Webhooks({ found, ...actions }: Properties & { found: Webhook[] }) {
  const { t, language } = useSpeech()
  const { behaviour } = useNames()
  const unit = useUnitNames()
  const comma = language === 'zh' ? '、' : ', '
  const only = ({ behaviours, windows }: Webhook) => [...(behaviours ?? []).map(behaviour), ...(windows ?? []).map(unit)].join(comma)
  return (
    <Table<Webhook>
      size="small"
      rowKey="id"
      pagination={false}
      dataSource={found}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('webhooks.none')} /> }}
      columns={[
        { title: t('webhooks.name'), width: 260, render: (_, { name, address }) => <><b>{name}</b><br /><span className="small quiet" style={{ wordBreak: 'break-all' }}>{address}</span></> },
        { title: t('webhooks.types'), render: (_, webhook) => <>{webhook.types.join(comma)}<div className="small quiet">{only(webhook) || t('webhooks.all')}</div></> },
        { title: t('accounts.state'), width: 240, render: (_, webhook) => <State webhook={webhook} /> },
        { title: t('webhooks.waiting'), width: 80, className: 'figures', render: (_, { waiting }) => waiting },
        { title: '', width: 400, render: (_, webhook) => <Actions webhook={webhook} {...actions} /> },
      ]}
    />
  )
}

function State({ webhook }: { webhook: Webhook }) {
  const { t } = useSpeech()
  const { state, failing_since, said } = webhook
  if (state === 'active') return failing_since ? <span className="tag warn">{t('webhooks.failing')}</span> : <span className="tag good">{t('webhooks.active')}</span>
  return (
    <>
      <span className={`tag ${state === 'disabled' ? 'bad' : 'dismissed'}`}>{t(`webhooks.${state}`)}</span>
      {said && <div className="small">{said}</div>}
    </>
  )
}

function Actions({ webhook, open, log, show }: Properties & { webhook: Webhook }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const words = useWords()
  const client = useQueryClient()
  const common = {
    onError: (error: Error) => void message.error(words(error).title, 6),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.webhooks }),
  }
  const active = webhook.state === 'active'
  const ping = useMutation({ mutationFn: () => webhooksApi.ping(webhook.id), onSuccess: () => log(webhook), ...common })
  const turn = useMutation({ mutationFn: () => webhooksApi.change(webhook.id, { state: active ? 'paused' : 'active' }), ...common })
  const renew = useMutation({ mutationFn: () => webhooksApi.renew(webhook.id), onSuccess: ({ secret }) => show(secret), ...common })
  const remove = useMutation({ mutationFn: () => webhooksApi.remove(webhook.id), ...common })
  const sure = { cancelText: t('accounts.cancel'), overlayStyle: { maxWidth: 340 } }
  return (
    <span style={{ display: 'inline-flex', gap: 6, flexWrap: 'wrap' }}>
      <Button size="small" onClick={() => log(webhook)}>{t('webhooks.log.open')}</Button>
      {active && <Button size="small" loading={ping.isPending} onClick={() => ping.mutate()}>{t('webhooks.ping')}</Button>}
      <Button size="small" onClick={() => open(webhook)}>{t('accounts.edit')}</Button>
      <Button size="small" loading={turn.isPending} onClick={() => turn.mutate()}>{t(active ? 'webhooks.pause' : 'webhooks.resume')}</Button>
      <Popconfirm title={t('webhooks.renew')} description={t('webhooks.renew.sure')} okText={t('webhooks.renew')} onConfirm={() => renew.mutate()} {...sure}>
        <Button size="small" loading={renew.isPending}>{t('webhooks.renew')}</Button>
      </Popconfirm>
      <Popconfirm title={t('webhooks.delete')} description={t('webhooks.delete.sure')} okText={t('webhooks.delete')} onConfirm={() => remove.mutate()} {...sure}>
        <Button size="small" danger loading={remove.isPending}>{t('webhooks.delete')}</Button>
      </Popconfirm>
    </span>
  )
}
