import { App, Button, Modal, Typography } from 'antd'

import { useSpeech } from '../i18n/language'

/** A secret that nothing can show again: stays until somebody says that they have it. */
export function ShownOnce({ title, what, secret, done }: { title: string; what: string; secret: string; done: () => void }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const copy = () => void navigator.clipboard?.writeText(secret).then(() => message.success(t('accounts.once.copied')))
  return (
    <Modal
      open
      title={title}
      closable={false}
      mask={{ closable: false }}
      keyboard={false}
      footer={[
        <Button key="copy" onClick={copy}>{t('accounts.once.copy')}</Button>,
        <Button key="done" type="primary" onClick={done}>{t('accounts.once.done')}</Button>,
      ]}
    >
      <p style={{ marginBottom: 10 }}>{what}</p>
      <Typography.Text code style={{ fontSize: 16, wordBreak: 'break-all' }} data-testid="secret">{secret}</Typography.Text>
    </Modal>
  )
}
