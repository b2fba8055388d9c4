import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, Empty, Select } from 'antd'

import { keys, useHall } from '../api/queries'
import { reviewApi } from '../api/reviewApi'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useSpeech } from '../i18n/language'
import { monthWeeks, monthsOn } from './month'
import { useNames } from './names'

interface Properties {
  date: string
  window: string
  turn: (date: string) => void
  chooseWindow: (window: string) => void
  open: (date: string) => void
}

const SHOWN = ['pending', 'confirmed', 'dismissed'] as const

/** A month of flags; a day opens its list. */
export function CalendarView({ date, window, turn, chooseWindow, open }: Properties) {
  const { t, language } = useSpeech()
  const names = useNames()
  const month = date.slice(0, 7)
  const found = useQuery({
    queryKey: [...keys.days, 'calendar', month, window],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => reviewApi.calendar(month, window, signal),
  })
  const windows = (useHall().data?.windows ?? []).map(({ id }) => ({ value: id, label: names.windowOf(id) }))
  if (found.isPending) return <Loading />
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />
  const days = new Map(found.data.days.map((day) => [day.date, day.counts]))
  const weeks = monthWeeks(month)
  const weekday = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { weekday: 'short', timeZone: 'UTC' })
  return (
    <>
      <div className="row bar">
        <Button icon={<LeftOutlined />} aria-label={t('calendar.previous')} title={t('calendar.previous')} onClick={() => turn(monthsOn(month, -1))} />
        <b className="figures">{month}</b>
        <Button icon={<RightOutlined />} aria-label={t('calendar.next')} title={t('calendar.next')} onClick={() => turn(monthsOn(month, 1))} />
        <Select aria-label={t('event.window')} value={window} onChange={chooseWindow} options={[{ value: '', label: t('events.allWindows') }, ...windows]} style={{ width: 230 }} />
        <span className="legend-row">{SHOWN.map((state) => <span key={state}><span className={`dot ${state}`} /> {t(`state.${state}`)}</span>)}</span>
      </div>
      <table className="month">
        <thead>
          <tr>{weeks[0]?.map((day) => <th key={day} scope="col">{weekday.format(new Date(`${day}T00:00:00Z`))}</th>)}</tr>
        </thead>
        <tbody>
          {weeks.map((week) => (
            <tr key={week[0]}>
              {week.map((day) => {
                const counts = days.get(day)
                const inside = day.startsWith(month)
                return (
                  <td key={day} className={inside ? '' : 'outside'}>
                    <button type="button" className="plain" disabled={!counts} onClick={() => open(day)}
                      title={counts && t('calendar.day', { date: day, ...counts })}>
                      <span className="figures">{Number(day.slice(8))}</span>
                      <span className="numbers figures">
                        {counts && SHOWN.map((state) => counts[state] > 0 && <span key={state}><span className={`dot ${state}`} role="img" aria-label={t(`state.${state}`)} /> {counts[state]}</span>)}
                      </span>
                    </button>
                  </td>
                )
              })}
            </tr>
          ))}
        </tbody>
      </table>
      {days.size === 0 && <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<><b>{t('calendar.none')}</b><br />{t('calendar.none.do')}</>} />}
    </>
  )
}
