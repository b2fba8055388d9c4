import { Modal } from 'antd'

import { useSpeech } from '../i18n/language'
import type { Key } from '../i18n/zh'

const ROWS: readonly (readonly [string, Key])[] = [
  ['F', 'keys.confirm'],
  ['D 1…5 Q W E', 'keys.dismiss'],
  ['S', 'keys.skip'],
  ['Z U', 'keys.undo'],
  ['E J ↓', 'keys.next'],
  ['W K ↑', 'keys.previous'],
  ['A', 'keys.note'],
  ['⇧F ⇧D', 'keys.group'],
  ['Space', 'keys.play'],
  ['Q R ← →', 'keys.step'],
  ['V M', 'keys.speed'],
  ['C', 'keys.loop'],
  ['X B', 'keys.boxes'],
  ['T', 'keys.full'],
  ['` ?', 'keys.help'],
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
