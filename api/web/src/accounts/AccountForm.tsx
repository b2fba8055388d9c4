import { Button, Input, Modal, Select } from 'antd'
import { useState, type FormEvent, type ReactNode } from 'react'

import { ROLES, type Role } from '../api/types'
import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n/language'
import type { Account, AccountPlan } from './queries'
import { Units } from './Units'

interface Properties {
  /** left out: a new account */
  account?: Account
  busy: boolean
  error: Error | null
  save: (plan: AccountPlan) => void
  leave: () => void
}

const NAME = /^[^\s:/\\]{1,64}$/

/** Who somebody is, what they are, and which windows they answer for. */
export function AccountForm({ account, busy, error, save, leave }: Properties) {
  const { t } = useSpeech()
  const [username, setUsername] = useState(account?.username ?? '')
  const [role, setRole] = useState<Role>(account?.role ?? 'supervisor')
  const [windows, setWindows] = useState(account?.windows ?? [])
  const [scope, setScope] = useState(account?.scope ?? [])
  const lacksWindow = role === 'window_staff' && windows.length === 0
  const scoped = role === 'supervisor' || role === 'manager'
  const fits = NAME.test(username) && !lacksWindow
  const submit = (press: FormEvent) => {
    press.preventDefault()
    if (fits) save({ username, role, windows, scope: scoped && scope.length ? scope : null })
  }
  return (
    <Modal open title={account ? t('accounts.change', { username }) : t('accounts.new')} onCancel={leave} footer={null} destroyOnHidden>
      <form className="permit-form" onSubmit={submit} style={{ position: 'static' }}>
        {!account && (
          <Field id="username" label={t('accounts.username')} hint={t('accounts.username.rule')}>
            <Input id="username" autoFocus autoComplete="off" maxLength={64} value={username} onChange={(change) => setUsername(change.target.value)} />
          </Field>
        )}
        <Field id="role" label={t('accounts.role')} hint={t(`role.${role}.may`)}>
          <Select id="role" value={role} onChange={setRole} options={ROLES.map((value) => ({ value, label: t(`role.${value}`) }))} style={{ width: '100%' }} />
        </Field>
        {scoped && (
          <Field id="scope" label={t('accounts.scope')} hint={t('accounts.scope.hint')}>
            <Units id="scope" withHall value={scope} onChange={setScope} placeholder={t('accounts.scope.all')} />
          </Field>
        )}
        <Field id="windows" label={t('accounts.windows')} hint={t(lacksWindow ? 'accounts.windows.needed' : 'accounts.windows.hint')}>
          <Units id="windows" value={windows} onChange={setWindows} />
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

export function Field({ id, label, hint, children }: { id: string; label: string; hint?: string; children: ReactNode }) {
  return (
    <div>
      <label htmlFor={id}>{label}</label>
      {children}
      {hint && <p className="quiet small">{hint}</p>}
    </div>
  )
}
