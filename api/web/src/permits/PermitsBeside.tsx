import { Link } from 'react-router'

import type { HallEvent, Permit, Withdrawal } from '../api/types'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { dayAndClock, hallDate } from '../time/hallTime'
import { spanText } from './permitTimes'
import { standingWithdrawal } from './withdrawal'

/** The behaviours that a permit may explain. */
const PRESENCE = new Set(['absence', 'empty_post', 'late_arrival', 'early_departure'])

/** Beside an event of presence: what was registered for its time, or that nothing was. */
export function PermitsBeside({ event }: { event: HallEvent }) {
  const { t } = useSpeech()
  if (!PRESENCE.has(event.behaviour)) return null
  const now = standingWithdrawal(event)
  return (
    <div className="beside" role="group" aria-label={t('permits.beside')}>
      {now && <WithdrawnWhy withdrawal={now} />}
      {event.permits.map((permit) => <OnePermit key={permit.id} permit={permit} />)}
      {event.permits.length === 0 && (
        <div>
          <span className="quiet">{t('permits.beside.none')}</span> <Link to={registerPath(event)}>{t('permits.beside.add')}</Link>
        </div>
      )}
    </div>
  )
}

function WithdrawnWhy({ withdrawal }: { withdrawal: Withdrawal }) {
  const { t, word, language } = useSpeech()
  const names = useNames()
  return (
    <div>
      <b>{t('permits.withdrawn', { kind: word('kind', withdrawal.reason), state: t(`state.${withdrawal.state_before}`) })}</b>{' '}
      <span className="quiet small figures">
        {t('permits.withdrawnBy', { who: withdrawal.withdrawn_by, time: dayAndClock(withdrawal.withdrawn_at, names.zone, language) })}
      </span>
    </div>
  )
}

function OnePermit({ permit }: { permit: Permit }) {
  const { t, word } = useSpeech()
  const names = useNames()
  const date = hallDate(new Date(permit.starts_at), names.zone)
  return (
    <div>
      <Link to={`/permits?${new URLSearchParams({ date, permit: permit.id })}`}>
        {word('kind', permit.kind)} <span className="figures">{spanText(permit, names.zone)}</span>
      </Link>{' '}
      {permit.reason}
      {permit.stand_in_window && ` · ${t('permits.standIn', { window: names.windowOf(permit.stand_in_window) })}`}{' '}
      <span className="quiet small">{permit.registered_by}</span> {permit.late && <span className="tag warn">{t('permits.late')}</span>}
    </div>
  )
}

/** To the form, with the window and the times of the event filled in. */
function registerPath(event: HallEvent): string {
  const until = event.ended_at ?? new Date().toISOString()
  return `/permits?${new URLSearchParams({ register: event.window, from: event.started_at, to: until })}`
}
