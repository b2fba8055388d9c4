import { useQuery } from '@tanstack/react-query'
import { Link } from 'react-router'

import { keys } from '../api/queries'
import { reviewApi } from '../api/reviewApi'
import type { Neighbour } from '../api/reviewTypes'
import type { HallEvent } from '../api/types'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { duration } from '../time/duration'
import { clock } from '../time/hallTime'

/** What else was flagged at the window just before and after, whom the roster wants there, and how the hour stood. */
export function Around({ event }: { event: HallEvent }) {
  const { t, language } = useSpeech()
  const around = useQuery({
    queryKey: keys.surroundings(event.id),
    staleTime: 60_000,
    queryFn: ({ signal }) => reviewApi.surroundings(event.id, signal),
  }).data
  if (!around) return <div className="around small quiet" />
  const { hour } = around
  const told = hour && {
    open: duration(hour.open_s, language),
    observed: duration(hour.observed_s, language),
    present: duration(hour.present_s, language),
  }
  return (
    <div className="around small">
      <span>
        <span className="quiet">{t('around.title')}</span>{' '}
        {around.before.length + around.after.length === 0 && <span className="quiet">{t('around.none')}</span>}
        {around.before.map((one) => <OneNeighbour key={one.id} one={one} mark="←" />)}
        {around.after.map((one) => <OneNeighbour key={one.id} one={one} mark="→" />)}
      </span>
      <span className="quiet figures">
        {around.staff_required !== null && `${t('around.required', { count: around.staff_required })} · `}
        {!told ? t('around.hour.none') : hour.open_s > 0 ? t('around.hour', told) : t('around.hour.closed')}
      </span>
    </div>
  )
}

function OneNeighbour({ one, mark }: { one: Neighbour; mark: string }) {
  const { t } = useSpeech()
  const names = useNames()
  return (
    <Link to={`/events?event=${one.id}`} title={t(`state.${one.state}`)}>
      <span aria-hidden>{mark}</span> <span className="figures">{clock(one.started_at, names.zone)}</span> {names.behaviour(one.behaviour)}{' '}
      <span className={`dot ${one.state}`} aria-label={t(`state.${one.state}`)} role="img" />
    </Link>
  )
}
