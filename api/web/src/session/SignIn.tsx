import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Form, Input } from 'antd'
import { useState } from 'react'

import { api } from '../api/client'
import { ProblemError } from '../api/problem'
import { keys } from '../api/queries'
import { Choices } from '../app/Choices'
import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n/language'

interface Fields {
  username: string
  password: string
  code?: string
}

export function SignIn() {
  const { t } = useSpeech()
  const client = useQueryClient()
  const entry = useMutation({
    mutationFn: ({ username, password, code }: Fields) => api.signIn(username.trim(), password, code?.trim()),
    onSuccess: (session) => client.setQueryData(keys.session, session),
  })
  // Asked for only where there is one, and then until somebody is in.
  const [asked, setAsked] = useState(false)
  const refused = entry.error instanceof ProblemError ? entry.error.code : ''
  if (refused === 'second_factor_needed' && !asked) setAsked(true)
  const required = [{ required: true, message: t('signIn.required') }]
  return (
    <div className="door">
      <div>
        <div className="sheet">
          <h1>hallwatch</h1>
          <p className="quiet">{t('app.title')}</p>
          <Form<Fields> layout="vertical" requiredMark={false} onFinish={entry.mutate}>
            <Form.Item name="username" label={t('signIn.username')} rules={required}>
              <Input autoComplete="username" autoFocus maxLength={64} />
            </Form.Item>
            <Form.Item name="password" label={t('signIn.password')} rules={required}>
              <Input.Password autoComplete="current-password" maxLength={256} />
            </Form.Item>
            {asked && (
              <Form.Item name="code" label={t('signIn.code')} extra={t('signIn.code.hint')} rules={required}>
                <Input autoComplete="one-time-code" inputMode="numeric" autoFocus maxLength={32} />
              </Form.Item>
            )}
            {entry.isError && refused !== 'second_factor_needed' && <Failure error={entry.error} />}
            <Button type="primary" htmlType="submit" block loading={entry.isPending} style={{ margin: '12px 0' }}>
              {t('signIn.submit')}
            </Button>
          </Form>
          <div className="quiet small">{t('signIn.hint')}</div>
        </div>
        <div className="choices">
          <Choices />
        </div>
      </div>
    </div>
  )
}
