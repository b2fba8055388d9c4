import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, DatePicker, Empty, Input, Modal, Popconfirm, Select, Table } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState, type FormEvent } from 'react'

import { keys } from '../api/queries'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { dayAndClock, hallDate } from '../time/hallTime'
import { Field } from './AccountForm'
import { KEY_RIGHTS, accountsApi, useKeys, type ApiKey, type KeyPlan, type KeyRight } from './queries'
import { ShownOnce } from './ShownOnce'
import { Units, useUnitNames } from './Units'

export default function KeysPage() {
  const { t } = useSpeech()
  const found = useKeys()
  const client = useQueryClient()
  const [making, setMaking] = useState(false)
  const [shown, setShown] = useState<string | null>(null)
  const make = useMutation({
    mutationFn: accountsApi.makeKey,
    onSuccess: ({ key }) => {
      setMaking(false)
      setShown(key)
    },
    onSettled: () => void client.invalidateQueries({ queryKey: keys.apiKeys }),
  })
  const open = () => {
    make.reset()
    setMaking(true)
  }
  return (
    <div className="page">
      <header>
        <h1>{t('apiKeys.title')}</h1>
        <Button type="primary" onClick={open}>{t('apiKeys.new')}</Button>
        <span className="quiet">{t('apiKeys.what')}</span>
      </header>
      {found.isPending && <Loading />}
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.data && <Keys found={found.data} />}
      {making && <KeyForm busy={make.isPending} error={make.error} save={(plan) => make.mutate(plan)} leave={() => setMaking(false)} />}
      {shown && <ShownOnce title={t('apiKeys.once.title')} what={t('apiKeys.once.what')} secret={shown} done={() => setShown(null)} />}
    </div>
  )
}

function Keys({ found }: { found: ApiKey[] }) {
  const { t, word, language } = useSpeech()
  const { zone } = useNames()
  const unit = useUnitNames()
  const comma = language === 'zh' ? '、' : ', '
  return (
    <Table<ApiKey>
      size="small"
      rowKey="id"
      pagination={false}
      dataSource={found}
      rowClassName={(key) => (standingOf(key) === 'active' ? '' : 'quiet')}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('apiKeys.none')} /> }}
      columns={[
        { title: t('apiKeys.name'), width: 200, render: (_, { id, name }) => <><b>{name}</b><br /><code className="small quiet">{id}…</code></> },
        { title: t('apiKeys.rights'), render: (_, { rights }) => rights.map((right) => word('right', right)).join(comma) },
        { title: t('accounts.scope'), width: 160, render: (_, { scope }) => (scope ? scope.map(unit).join(comma) : t('accounts.scope.all')) },
        { title: t('apiKeys.expires'), width: 110, className: 'figures', render: (_, { expires_at }) => (expires_at ? hallDate(new Date(expires_at), zone) : t('apiKeys.expires.never')) },
        { title: t('apiKeys.used'), width: 130, className: 'figures', render: (_, { used_at }) => (used_at ? dayAndClock(used_at, zone, language) : t('apiKeys.used.never')) },
        { title: t('apiKeys.made'), width: 150, render: (_, key) => <>{key.made_by}<br /><span className="small quiet figures">{dayAndClock(key.made_at, zone, language)}</span></> },
        { title: t('accounts.state'), width: 170, render: (_, key) => <KeyState apiKey={key} /> },
        { title: '', width: 90, render: (_, key) => standingOf(key) === 'active' && <RevokeKey id={key.id} /> },
      ]}
    />
  )
}

const standingOf = ({ revoked_at, expires_at }: ApiKey): 'active' | 'expired' | 'revoked' =>
  revoked_at ? 'revoked' : expires_at && new Date(expires_at) <= new Date() ? 'expired' : 'active'

function KeyState({ apiKey }: { apiKey: ApiKey }) {
  const { t } = useSpeech()
  const standing = standingOf(apiKey)
  const tone = standing === 'active' ? 'good' : 'dismissed'
  return <span className={`tag ${tone}`}>{standing === 'revoked' ? t('apiKeys.state.revoked', { who: apiKey.revoked_by ?? '' }) : t(`apiKeys.state.${standing}`)}</span>
}

function RevokeKey({ id }: { id: string }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const revoke = useMutation({
    mutationFn: () => accountsApi.revokeKey(id),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.apiKeys }),
  })
  return (
    <Popconfirm title={t('apiKeys.revoke')} description={t('apiKeys.revoke.sure')} okText={t('apiKeys.revoke')} cancelText={t('accounts.cancel')} onConfirm={() => revoke.mutate()} overlayStyle={{ maxWidth: 340 }}>
      <Button size="small" danger loading={revoke.isPending}>{t('apiKeys.revoke')}</Button>
    </Popconfirm>
  )
}

function KeyForm({ busy, error, save, leave }: { busy: boolean; error: Error | null; save: (plan: KeyPlan) => void; leave: () => void }) {
  const { t } = useSpeech()
  const [name, setName] = useState('')
  const [rights, setRights] = useState<KeyRight[]>(['catalogue', 'events', 'figures'])
  const [scope, setScope] = useState<string[]>([])
  const [expires, setExpires] = useState<Dayjs | null>(null)
  const fits = name.trim() !== '' && rights.length > 0
  const submit = (press: FormEvent) => {
    press.preventDefault()
    if (fits) save({ name: name.trim(), rights, scope: scope.length ? scope : null, expires_at: expires?.endOf('day').toISOString() ?? null })
  }
  return (
    <Modal open title={t('apiKeys.new')} onCancel={leave} footer={null} destroyOnHidden>
      <form className="permit-form" onSubmit={submit} style={{ position: 'static' }}>
        <Field id="name" label={t('apiKeys.name')}>
          <Input id="name" autoFocus maxLength={64} value={name} placeholder={t('apiKeys.name.hint')} onChange={(change) => setName(change.target.value)} />
        </Field>
        <Field id="rights" label={t('apiKeys.rights')}>
          <Select id="rights" mode="multiple" value={rights} onChange={setRights} options={KEY_RIGHTS.map((value) => ({ value, label: t(`right.${value}`) }))} style={{ width: '100%' }} />
        </Field>
        <Field id="key-scope" label={t('accounts.scope')} hint={t('accounts.scope.hint')}>
          <Units id="key-scope" withHall value={scope} onChange={setScope} placeholder={t('accounts.scope.all')} />
        </Field>
        <Field id="expires" label={t('apiKeys.expires')}>
          <DatePicker id="expires" value={expires} onChange={setExpires} placeholder={t('apiKeys.expires.never')} style={{ width: '100%' }} />
        </Field>
        {error && <Failure error={error} />}
        <div style={{ display: 'flex', justifyContent: 'flex-end', gap: 8 }}>
          <Button onClick={leave}>{t('accounts.cancel')}</Button>
          <Button type="primary" htmlType="submit" disabled={!fits} loading={busy}>{t('apiKeys.new')}</Button>
        </div>
      </form>
    </Modal>
  )
}
