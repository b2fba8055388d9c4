import { Button, Input } from 'antd'

import { useSpeech } from '../i18n/language'
import { DISMISS_REASONS } from './keymap'

interface Properties {
  choosing: boolean
  note: string
  setNote: (note: string) => void
  confirm: () => void
  choose: (open: boolean) => void
  dismiss: (reason: string) => void
  skip: () => void
}

const keepFocus = { onMouseDown: (press: React.MouseEvent) => press.preventDefault() }

/** Confirm, dismiss with a reason, or leave for later. */
export function JudgePanel(panel: Properties) {
  const { t } = useSpeech()
  return (
    <section className="sheet decide" aria-label={t('decide.title')}>
      {panel.choosing ? <Reasons {...panel} /> : <Verdicts {...panel} />}
      <Input.TextArea
        value={panel.note}
        onChange={(change) => panel.setNote(change.target.value)}
        placeholder={t('decide.note')}
        aria-label={t('decide.note')}
        maxLength={1000}
        autoSize={{ minRows: 2, maxRows: 4 }}
      />
    </section>
  )
}

function Verdicts({ confirm, choose, skip }: Properties) {
  const { t } = useSpeech()
  return (
    <>
      <Button type="primary" size="large" block onClick={confirm} {...keepFocus}>
        <span>{t('decide.confirm')}</span>
        <kbd>F</kbd>
      </Button>
      <Button size="large" block onClick={() => choose(true)} {...keepFocus}>
        <span>{t('decide.dismiss')}</span>
        <kbd>D</kbd>
      </Button>
      <Button type="text" block onClick={skip} {...keepFocus}>
        <span>{t('decide.skip')}</span>
        <kbd>S</kbd>
      </Button>
    </>
  )
}

function Reasons({ dismiss, choose }: Properties) {
  const { t } = useSpeech()
  return (
    <>
      <div className="small quiet">{t('decide.whyDismiss')}</div>
      <div className="reasons">
        {DISMISS_REASONS.map((reason, index) => (
          <button key={reason} type="button" className="plain" onClick={() => dismiss(reason)} {...keepFocus}>
            <kbd>{index + 1}</kbd> {t(`reason.${reason}`)}
          </button>
        ))}
      </div>
      <Button size="small" type="text" onClick={() => choose(false)} {...keepFocus}>
        <span>{t('decide.back')}</span>
        <kbd>Esc</kbd>
      </Button>
    </>
  )
}
