import { Button, DatePicker, Input, Select, Tag } from 'antd'
import dayjs from 'dayjs'

import { useBehaviours, useHall } from '../api/queries'
import { useSpeech } from '../i18n/language'
import { dayAndClock } from '../time/hallTime'
import { boundsOf } from './hour'
import { useNames } from './names'

/** What the list is narrowed to, as it stands in the address; dates are the hall's. */
export interface Chosen {
  state: string
  window: string
  behaviour: string
  from: string
  to: string
  /** one hour, as figures name it; narrower than the dates */
  hour: string
  q: string
}

interface Properties {
  chosen: Chosen
  choose: (part: Partial<Chosen>) => void
}

const day = (date: string) => (date ? dayjs(date) : null)

export function Filters({ chosen, choose }: Properties) {
  const { t, language } = useSpeech()
  const names = useNames()
  const windows = (useHall().data?.windows ?? []).map(({ id }) => ({ value: id, label: names.windowOf(id) }))
  const behaviours = (useBehaviours().data ?? []).map((one) => ({ value: one.code, label: language === 'zh' ? one.zh : one.en }))
  const begins = boundsOf(chosen.hour).from
  const states = (['pending', 'confirmed', 'dismissed', 'withdrawn', 'expired'] as const).map((value) => ({ value, label: t(`state.${value}`) }))
  const select = (name: 'state' | 'window' | 'behaviour', all: string, options: { value: string; label: string }[], width: number) => (
    <Select
      aria-label={t(`event.${name}`)}
      value={chosen[name]}
      onChange={(value) => choose({ [name]: value })}
      options={[{ value: '', label: all }, ...options]}
      style={{ width }}
    />
  )
  return (
    <>
      <Input.Search key={chosen.q} allowClear defaultValue={chosen.q} maxLength={100} placeholder={t('events.search')} aria-label={t('events.search')} style={{ width: 220 }} onSearch={(q) => choose({ q: q.trim() })} />
      {select('state', t('events.all'), states, 110)}
      {select('window', t('events.allWindows'), windows, 180)}
      {select('behaviour', t('events.allBehaviours'), behaviours, 180)}
      <DatePicker.RangePicker
        value={[day(chosen.from), day(chosen.to)]}
        allowEmpty={[true, true]}
        style={{ width: 240 }}
        placeholder={[t('events.from'), t('events.to')]}
        onChange={(range) => choose({ from: range?.[0]?.format('YYYY-MM-DD') ?? '', to: range?.[1]?.format('YYYY-MM-DD') ?? '', hour: '' })}
      />
      {begins && (
        <Tag closable onClose={() => choose({ hour: '' })}>{dayAndClock(begins, names.zone, language).slice(0, -3)} {t('events.oneHour')}</Tag>
      )}
      {Object.values(chosen).some(Boolean) && <Button type="text" onClick={() => choose({ state: '', window: '', behaviour: '', from: '', to: '', hour: '', q: '' })}>
        {t('events.clear')}
      </Button>}
    </>
  )
}
