import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Form, Input } from 'antd'

import { api } from '../api/client'
import { keys } from '../api/queries'
import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n/language'

const LEAST = 12

interface Fields {
  current: string
  next: string
  again: string
}

/** `forced` after signing in with a one-time password; else somebody came by themselves and may `leave`. */
export default function ChangePassword({ forced = false, leave }: { forced?: boolean; leave?: () => void }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const client = useQueryClient()
  const change = useMutation({
    mutationFn: ({ current, next }: Fields) => api.changePassword(current, next),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: keys.session })
      void message.success(t('password.saved'))
      leave?.()
    },
  })
  const required = { required: true, message: t('signIn.required') }
  return (
    <div className="door">
      <div className="sheet">
        <h1>{t('password.title')}</h1>
        {forced && <p className="quiet">{t('password.why')}</p>}
        <Form<Fields> layout="vertical" requiredMark={false} onFinish={change.mutate}>
          <Form.Item name="current" label={t('password.current')} rules={[required]}>
            <Input.Password autoComplete="current-password" autoFocus maxLength={256} />
          </Form.Item>
          <Form.Item
            name="next"
            label={t('password.new')}
            extra={t('password.rule')}
            rules={[required, { min: LEAST, message: t('password.rule') }]}
          >
            <Input.Password autoComplete="new-password" maxLength={256} />
          </Form.Item>
          <Form.Item
            name="again"
            label={t('password.again')}
            dependencies={['next']}
            rules={[
              required,
              ({ getFieldValue }) => ({
                validator: (_, value: string) =>
                  !value || value === getFieldValue('next')
                    ? Promise.resolve()
                    : Promise.reject(new Error(t('password.differ'))),
              }),
            ]}
          >
            <Input.Password autoComplete="new-password" maxLength={256} />
          </Form.Item>
          {change.isError && <Failure error={change.error} />}
          <Button type="primary" htmlType="submit" block loading={change.isPending} style={{ marginTop: 12 }}>
            {t('password.submit')}
          </Button>
          {leave && (
            <Button type="text" block onClick={leave}>
              {t('password.cancel')}
            </Button>
          )}
        </Form>
      </div>
    </div>
  )
}
