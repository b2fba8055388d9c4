import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Popconfirm, Table } from 'antd'
import { useState } from 'react'

import { keys } from '../api/queries'
import { Failure, useWords } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { dayAndClock } from '../time/hallTime'
import { AccountForm } from './AccountForm'
import { accountsApi, useAccounts, type Account, type AccountPlan, type OneTime } from './queries'
import { ShownOnce } from './ShownOnce'
import { useUnitNames } from './Units'

export default function AccountsPage() {
  const { t } = useSpeech()
  const accounts = useAccounts()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [editing, setEditing] = useState<Account | 'new' | null>(null)
  const [shown, setShown] = useState<OneTime | null>(null)
  const settled = () => void client.invalidateQueries({ queryKey: keys.accounts })
  const save = useMutation({
    mutationFn: async (plan: AccountPlan) => {
      if (editing === 'new') return accountsApi.make(plan)
      const { username, ...change } = plan
      await accountsApi.change(username, change)
      return null
    },
    onSuccess: (made) => {
      setEditing(null)
      if (made) setShown(made)
      else void message.success(t('accounts.saved'))
    },
    onSettled: settled,
  })
  const open = (account: Account | 'new') => {
    save.reset()
    setEditing(account)
  }
  return (
    <div className="page">
      <header>
        <h1>{t('accounts.title')}</h1>
        <Button type="primary" onClick={() => open('new')}>{t('accounts.new')}</Button>
      </header>
      {accounts.isPending && <Loading />}
      {accounts.isError && <Failure error={accounts.error} retry={() => void accounts.refetch()} />}
      {accounts.data && <Accounts accounts={accounts.data} open={open} show={setShown} settled={settled} />}
      {editing && (
        <AccountForm
          {...(editing === 'new' ? {} : { account: editing })}
          busy={save.isPending}
          error={save.error}
          save={(plan) => save.mutate(plan)}
          leave={() => setEditing(null)}
        />
      )}
      {shown && (
        <ShownOnce
          title={t('accounts.once.title')}
          what={t('accounts.once.what', { username: shown.account.username })}
          secret={shown.one_time_password}
          done={() => setShown(null)}
        />
      )}
    </div>
  )
}

interface Properties {
  accounts: Account[]
  open: (account: Account) => void
  show: (made: OneTime) => void
  settled: () => void
}

function Accounts({ accounts, open, show, settled }: Properties) {
  const { t, language } = useSpeech()
  const { zone } = useNames()
  const unit = useUnitNames()
  const listed = (units: string[]) => units.map(unit).join(language === 'zh' ? '、' : ', ')
  return (
    <Table<Account>
      size="small"
      rowKey="username"
      pagination={false}
      dataSource={accounts}
      rowClassName={(account) => (account.disabled ? 'quiet' : '')}
      columns={[
        { title: t('accounts.username'), width: 170, render: (_, { username }) => <b>{username}</b> },
        { title: t('accounts.role'), width: 130, render: (_, { role }) => t(`role.${role}`) },
        { title: t('accounts.scope'), render: (_, { role, scope }) => (role === 'supervisor' || role === 'manager') && (scope ? listed(scope) : t('accounts.scope.all')) },
        { title: t('accounts.windows'), render: (_, { windows }) => listed(windows) },
        { title: t('accounts.state'), width: 210, render: (_, account) => <State account={account} /> },
        {
          title: t('accounts.seen'),
          width: 130,
          className: 'figures',
          render: (_, { seen_at }) => (seen_at ? dayAndClock(seen_at, zone, language) : <span className="quiet">{t('accounts.seen.never')}</span>),
        },
        { title: '', width: 350, render: (_, account) => <Actions account={account} open={open} show={show} settled={settled} /> },
      ]}
    />
  )
}

function State({ account }: { account: Account }) {
  const { t } = useSpeech()
  if (account.disabled) return <span className="tag bad">{t('accounts.disabled')}</span>
  if (account.must_change_password) return <span className="tag warn">{t('accounts.fresh')}</span>
  return (
    <>
      <span className="tag good">{t('accounts.active')}</span> {account.has_second_factor && <span className="tag">{t('accounts.factor')}</span>}
    </>
  )
}

function Actions({ account, open, show, settled }: Omit<Properties, 'accounts'> & { account: Account }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const words = useWords()
  const onError = (error: Error) => {
    const { title, todo } = words(error)
    void message.error(`${title} ${todo}`, 6)
  }
  const { username, disabled, has_second_factor } = account
  const forget = useMutation({ mutationFn: () => accountsApi.forgetFactor(username), onError, onSettled: settled })
  const turn = useMutation({ mutationFn: () => accountsApi.change(username, { disabled: !disabled }), onError, onSettled: settled })
  const reset = useMutation({ mutationFn: () => accountsApi.reset(username), onSuccess: show, onError, onSettled: settled })
  return (
    <span style={{ display: 'inline-flex', gap: 6 }}>
      <Button size="small" onClick={() => open(account)}>{t('accounts.edit')}</Button>
      <Popconfirm title={t('accounts.reset')} description={t('accounts.reset.sure')} okText={t('accounts.reset')} cancelText={t('accounts.cancel')} onConfirm={() => reset.mutate()} overlayStyle={{ maxWidth: 340 }}>
        <Button size="small" loading={reset.isPending}>{t('accounts.reset')}</Button>
      </Popconfirm>
      {has_second_factor && (
        <Popconfirm title={t('accounts.factor.forget')} description={t('accounts.factor.sure')} okText={t('accounts.factor.forget')} cancelText={t('accounts.cancel')} onConfirm={() => forget.mutate()} overlayStyle={{ maxWidth: 340 }}>
          <Button size="small" loading={forget.isPending}>{t('accounts.factor.forget')}</Button>
        </Popconfirm>
      )}
      {disabled ? (
        <Button size="small" loading={turn.isPending} onClick={() => turn.mutate()}>{t('accounts.enable')}</Button>
      ) : (
        <Popconfirm title={t('accounts.disable')} description={t('accounts.disable.sure')} okText={t('accounts.disable')} cancelText={t('accounts.cancel')} onConfirm={() => turn.mutate()} overlayStyle={{ maxWidth: 340 }}>
          <Button size="small" danger loading={turn.isPending}>{t('accounts.disable')}</Button>
        </Popconfirm>
      )}
    </span>
  )
}
