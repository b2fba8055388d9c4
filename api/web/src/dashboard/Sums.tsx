import type { ReactNode } from 'react'

import { useSpeech } from '../i18n/language'
import { duration } from '../time/duration'
import type { Table } from './figures'
import { percent, points } from './grades'
import { Term } from './Term'

/** The span in six numbers, each with what it rests on or is compared to. */
export function Sums({ table }: { table: Table }) {
  const { t, language } = useSpeech()
  const { total, compared } = table
  const change = (what: number | null | undefined) =>
    what === undefined ? '' : what === null ? t('dashboard.compared.none') : t('dashboard.compared.points', { change: points(what) })
  const confirmed = compared ? compared.change.confirmed : null
  return (
    <div className="sums six">
      <Sum name="compliance" value={percent(total.compliance, t('dashboard.unobserved'))} under={change(compared?.change.compliance)} />
      <Sum
        name="coverage"
        value={percent(total.coverage, '–')}
        under={total.unknown_s > 0 ? t('dashboard.unknown', { time: duration(total.unknown_s, language) }) : change(compared?.change.coverage)}
      />
      <Sum
        name="confirmed"
        value={total.confirmed}
        under={confirmed === null ? '' : t('dashboard.compared', { change: confirmed > 0 ? `+${confirmed}` : confirmed < 0 ? `−${-confirmed}` : '±0' })}
      />
      <Sum name="pending" value={total.pending} under={total.expired > 0 ? `${t('dashboard.expired')} ${total.expired}` : ''} />
      <Sum name="dismissed" value={total.dismissed} under="" />
      <Sum
        name="clean"
        value={percent(total.clean?.share, '–')}
        under={total.clean ? `${t('dashboard.clean.of', { clean: total.hours_clean, judged: total.hours_judged })}` : ''}
        title={total.clean ? t('dashboard.interval', { low: percent(total.clean.low, ''), high: percent(total.clean.high, '') }) : undefined}
      />
    </div>
  )
}

function Sum({ name, value, under, title }: { name: string; value: ReactNode; under: string; title?: string | undefined }) {
  return (
    <div className="sheet" title={title}>
      <span className="quiet small"><Term name={name} /></span>
      <b className="figures">{value}</b>
      <span className="quiet small figures">{under || '\u00a0'}</span>
    </div>
  )
}
