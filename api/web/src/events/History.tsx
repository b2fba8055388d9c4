import type { ReactNode } from 'react'

import type { Appeal, Decision, HallEvent, Withdrawal } from '../api/types'
import { useSpeech } from '../i18n/language'
import { dayAndClock } from '../time/hallTime'
import { useNames } from './names'

/** What people decided and what permits took out or gave back, oldest first. */
export function History({ event }: { event: HallEvent }) {
  const { t } = useSpeech()
  const entries = [
    ...event.history.map((entry) => ({ at: entry.decided_at, by: entry.decided_by, what: <Decided entry={entry} /> })),
    ...(event.appeal ? appealed(event.appeal) : []),
    ...event.withdrawals.flatMap((one) => [
      { at: one.withdrawn_at, by: one.withdrawn_by, what: <Withdrawn withdrawal={one} /> },
      ...(one.restored_at ? [{ at: one.restored_at, by: one.restored_by ?? '', what: <Restored withdrawal={one} /> }] : []),
    ]),
  ].sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
  return (
    <section>
      <h3>{t('event.history')}</h3>
      {entries.length === 0 && <p className="quiet">{t('event.history.none')}</p>}
      <ol className="history">
        {entries.map(({ at, by, what }, index) => (
          <li key={`${at} ${index}`}>
            {what}
            <By at={at} by={by} />
          </li>
        ))}
      </ol>
    </section>
  )
}

function appealed(appeal: Appeal): { at: string; by: string; what: ReactNode }[] {
  const made = { at: appeal.made_at, by: appeal.made_by ?? '', what: <Said title="events.appeal" text={appeal.text} /> }
  if (!appeal.decided_at) return [made]
  const title = appeal.state === 'upheld' ? 'appeal.upheld' : 'appeal.rejected'
  return [made, { at: appeal.decided_at, by: appeal.decided_by ?? '', what: <Said title={title} text={appeal.answer ?? ''} /> }]
}

function Said({ title, text }: { title: 'events.appeal' | 'appeal.upheld' | 'appeal.rejected'; text: string }) {
  const { t } = useSpeech()
  return (
    <>
      <b>{title === 'events.appeal' ? t(title) : `${t('events.appeal')}: ${t(title)}`}</b>
      <div>{text}</div>
    </>
  )
}

function Decided({ entry }: { entry: Decision }) {
  const { word } = useSpeech()
  return (
    <>
      <b>{word('verdict', entry.verdict)}</b> {entry.reason && word('reason', entry.reason)}
      {entry.note && <div>{entry.note}</div>}
    </>
  )
}

function Withdrawn({ withdrawal }: { withdrawal: Withdrawal }) {
  const { t, word } = useSpeech()
  return <b>{t('permits.withdrawn', { kind: word('kind', withdrawal.reason), state: t(`state.${withdrawal.state_before}`) })}</b>
}

function Restored({ withdrawal }: { withdrawal: Withdrawal }) {
  const { t } = useSpeech()
  return <b>{t('permits.restored', { state: t(`state.${withdrawal.state_before}`) })}</b>
}

function By({ at, by }: { at: string; by: string }) {
  const { language } = useSpeech()
  const names = useNames()
  return <div className="small quiet figures">{by} · {dayAndClock(at, names.zone, language)}</div>
}
