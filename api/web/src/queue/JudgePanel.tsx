import { Button, Input } from 'antd'
import type { Ref } from 'react'

import { useSpeech } from '../i18n/language'
import { DISMISS_REASONS, REASON_KEYS } from './keymap'

interface Properties {
  choosing: boolean
  /** what the reason is asked for where that is more than the event in view */
  about: string | null
  disabled: boolean
  noteField: Ref<HTMLTextAreaElement>
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
        ref={(field) => keep(panel.noteField, field?.resizableTextArea?.textArea ?? null)}
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

function keep(to: Ref<HTMLTextAreaElement>, field: HTMLTextAreaElement | null) {
  if (to && typeof to === 'object') to.current = field
}

function Verdicts({ confirm, choose, skip, disabled }: Properties) {
  const { t } = useSpeech()
  return (
    <>
      <Button type="primary" size="large" block disabled={disabled} onClick={confirm} {...keepFocus}>
        <span>{t('decide.confirm')}</span>
        <kbd>F</kbd>
      </Button>
      <Button size="large" block disabled={disabled} onClick={() => choose(true)} {...keepFocus}>
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

function Reasons({ dismiss, choose, about }: Properties) {
  const { t } = useSpeech()
  return (
    <>
      <div className="small quiet">{about && <b>{about} </b>}{t('decide.whyDismiss')}</div>
      <div className="reasons">
        {DISMISS_REASONS.map((reason, index) => (
          <button key={reason} type="button" className="plain" onClick={() => dismiss(reason)} {...keepFocus}>
            <kbd>{REASON_KEYS[index]}</kbd> {t(`reason.${reason}`)}
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
