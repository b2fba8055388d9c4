import { Modal } from 'antd'

import { useSpeech } from '../i18n/language'
import type { Key } from '../i18n/zh'

const ROWS: readonly (readonly [string, Key])[] = [
  ['J ↓', 'keys.next'],
  ['K ↑', 'keys.previous'],
  ['F', 'keys.confirm'],
  ['D 1…8', 'keys.dismiss'],
  ['S', 'keys.skip'],
  ['U', 'keys.undo'],
  ['Space', 'keys.play'],
  ['← →', 'keys.step'],
  ['B', 'keys.boxes'],
  ['M', 'keys.speed'],
  ['?', 'keys.help'],
]

export function KeysHelp({ open, close }: { open: boolean; close: () => void }) {
  const { t } = useSpeech()
  return (
    <Modal open={open} onCancel={close} footer={null} title={t('keys.title')} width={420} destroyOnHidden>
      <dl className="facts" style={{ gap: '6px 20px', margin: '12px 0' }}>
        {ROWS.map(([press, key]) => (
          <div key={key} style={{ display: 'contents' }}>
            <dt>{press.split(' ').map((one) => <kbd key={one}>{one}</kbd>)}</dt>
            <dd>{t(key)}</dd>
          </div>
        ))}
      </dl>
      <p className="quiet small">{t('keys.ime')}</p>
    </Modal>
  )
}
