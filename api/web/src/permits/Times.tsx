import { Button, DatePicker } from 'antd'
import dayjs from 'dayjs'

import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { QUICK_MINUTES, spanOf, type Draft } from './permitTimes'

const WALL = 'YYYY-MM-DDTHH:mm'

interface Properties {
  draft: Draft
  now: Date
  put: (part: Partial<Draft>) => void
}

/** From when to when, with one click or to the minute. */
export function Times({ draft, now, put }: Properties) {
  const { t } = useSpeech()
  const names = useNames()
  const span = spanOf(draft, now, names.zone)
  const quick = (minutes: number) => (
    <Button
      key={minutes}
      size="small"
      type={draft.quick?.minutes === minutes ? 'primary' : 'default'}
      aria-pressed={draft.quick?.minutes === minutes}
      aria-label={`${t(minutes > 0 ? 'permits.fromNow' : 'permits.untilNow')} ${t('permits.fewMinutes', { count: Math.abs(minutes) })}`}
      onClick={() => put({ quick: { minutes } })}
    >
      {t('permits.fewMinutes', { count: Math.abs(minutes) })}
    </Button>
  )
  const picker = (end: 'from' | 'to') => (
    <>
      <label className="quiet" htmlFor={`permit-${end}`}>{t(`permits.${end}`)}</label>
      <DatePicker
        id={`permit-${end}`}
        value={span[end] ? dayjs(span[end]) : null}
        onChange={(moment) => put({ ...span, quick: null, [end]: moment?.format(WALL) ?? '' })}
        showTime={{ format: 'HH:mm' }}
        format="YYYY-MM-DD HH:mm"
        needConfirm={false}
        allowClear={false}
      />
    </>
  )
  return (
    <div className="times">
      <span className="quiet">{t('permits.fromNow')}</span>
      <span className="chips">{QUICK_MINUTES.map((minutes) => quick(minutes))}</span>
      <span className="quiet">{t('permits.untilNow')}</span>
      <span className="chips">{QUICK_MINUTES.map((minutes) => quick(-minutes))}</span>
      {picker('from')}
      {picker('to')}
    </div>
  )
}
