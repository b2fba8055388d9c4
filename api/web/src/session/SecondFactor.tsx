import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input, Modal, Typography } from 'antd'
import { useState } from 'react'

import { accountsApi } from '../accounts/queries'
import { keys } from '../api/queries'
import type { Session } from '../api/types'
import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n/language'

/** A person's authenticator: none yet, being taken in, or in use. */
export function SecondFactor({ session }: { session: Session }) {
  const { t } = useSpeech()
  const [codes, setCodes] = useState<string[] | null>(null)
  return (
    <section className="sheet" style={{ maxWidth: 640 }}>
      <h2 style={{ fontSize: 16, marginBottom: 8 }}>
        {t('factor.title')} {session.has_second_factor && <span className="tag good">{t('factor.on')}</span>}
      </h2>
      {session.has_second_factor ? <Remove /> : <Add shown={setCodes} />}
      {codes && <RecoveryCodes codes={codes} done={() => setCodes(null)} />}
    </section>
  )
}

/** Before anything else, where the hall demands it of this role. */
export default function DemandedFactor() {
  const { t } = useSpeech()
  const client = useQueryClient()
  const [codes, setCodes] = useState<string[] | null>(null)
  return (
    <div className="door">
      <div className="sheet" style={{ width: 460 }}>
        <h1>{t('factor.title')}</h1>
        <p className="quiet">{t('factor.demanded')}</p>
        <Add shown={setCodes} />
        {codes && <RecoveryCodes codes={codes} done={() => void client.invalidateQueries({ queryKey: keys.session })} />}
      </div>
    </div>
  )
}

function Add({ shown }: { shown: (codes: string[]) => void }) {
  const { t } = useSpeech()
  const begin = useMutation({ mutationFn: accountsApi.beginFactor })
  const confirm = useMutation({ mutationFn: accountsApi.confirmFactor, onSuccess: ({ recovery_codes }) => shown(recovery_codes) })
  if (!begin.data) {
    return (
      <>
        <p>{t('factor.what')}</p>
        {begin.isError && <Failure error={begin.error} />}
        <Button type="primary" loading={begin.isPending} onClick={() => begin.mutate()}>{t('factor.add')}</Button>
      </>
    )
  }
  return (
    <div style={{ display: 'flex', gap: 20, alignItems: 'flex-start', flexWrap: 'wrap' }}>
      <img src={begin.data.picture} width={180} height={180} alt={t('factor.picture')} style={{ background: '#fff', borderRadius: 6 }} />
      <div style={{ flex: 1, minWidth: 220 }}>
        <p>{t('factor.take')}</p>
        <Typography.Text code copyable style={{ wordBreak: 'break-all' }} data-testid="factor-secret">{begin.data.secret}</Typography.Text>
        <CodeForm label={t('factor.confirm')} busy={confirm.isPending} error={confirm.error} send={confirm.mutate} />
      </div>
    </div>
  )
}

function Remove() {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [open, setOpen] = useState(false)
  const remove = useMutation({
    mutationFn: accountsApi.removeFactor,
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.session })
      void message.success(t('factor.removed'))
    },
  })
  if (!open) {
    return (
      <>
        <p>{t('factor.used')}</p>
        <Button onClick={() => setOpen(true)}>{t('factor.remove')}</Button>
      </>
    )
  }
  return <CodeForm label={t('factor.remove')} danger busy={remove.isPending} error={remove.error} send={remove.mutate} />
}

interface CodeProperties {
  label: string
  danger?: boolean
  busy: boolean
  error: Error | null
  send: (code: string) => void
}

function CodeForm({ label, danger = false, busy, error, send }: CodeProperties) {
  const { t } = useSpeech()
  return (
    <Form<{ code: string }> layout="vertical" requiredMark={false} onFinish={({ code }) => send(code.trim())} style={{ marginTop: 12, maxWidth: 260 }}>
      <Form.Item name="code" label={t('signIn.code')} rules={[{ required: true, message: t('signIn.required') }]}>
        <Input autoComplete="one-time-code" inputMode="numeric" autoFocus maxLength={32} />
      </Form.Item>
      {error && <div style={{ marginBottom: 12 }}><Failure error={error} /></div>}
      <Button type="primary" danger={danger} htmlType="submit" loading={busy}>{label}</Button>
    </Form>
  )
}

function RecoveryCodes({ codes, done }: { codes: string[]; done: () => void }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const finish = () => {
    void client.invalidateQueries({ queryKey: keys.session })
    done()
  }
  return (
    <Modal open title={t('factor.codes')} closable={false} mask={{ closable: false }} keyboard={false} footer={<Button type="primary" onClick={finish}>{t('accounts.once.done')}</Button>}>
      <p>{t('factor.codes.what')}</p>
      <div className="figures" data-testid="recovery-codes" style={{ columns: 2, fontFamily: 'monospace' }}>
        {codes.map((code) => <div key={code}>{code}</div>)}
      </div>
    </Modal>
  )
}
