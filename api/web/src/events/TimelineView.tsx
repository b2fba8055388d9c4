import { LeftOutlined, RightOutlined } from '@ant-design/icons'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { Button, DatePicker, Empty } from 'antd'
import dayjs from 'dayjs'
import { useId } from 'react'

import { keys } from '../api/queries'
import { reviewApi } from '../api/reviewApi'
import type { Timeline, WindowDay } from '../api/reviewTypes'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useSpeech } from '../i18n/language'
import { duration } from '../time/duration'
import { clock, dayAfter, hourMinute } from '../time/hallTime'
import { isOpen, lanes, shares, spanOf, ticks, type DaySpan } from './dayLine'
import { useNames } from './names'

interface Properties {
  date: string
  turn: (date: string) => void
  open: (event: string) => void
}

const dayBefore = (date: string) => new Date(Date.parse(`${date}T00:00:00Z`) - 86_400_000).toISOString().slice(0, 10)

/** Each window across a day: at the post, away, not observed, and every flag at its moment. */
export function TimelineView({ date, turn, open }: Properties) {
  const { t } = useSpeech()
  const found = useQuery({
    queryKey: [...keys.days, 'timeline', date],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => reviewApi.timeline(date, signal),
  })
  return (
    <>
      <div className="row bar">
        <Button icon={<LeftOutlined />} aria-label={t('hours.previousDay')} onClick={() => turn(dayBefore(date))} />
        <DatePicker allowClear={false} value={dayjs(date)} aria-label={t('hours.day')} onChange={(day: dayjs.Dayjs | null) => day && turn(day.format('YYYY-MM-DD'))} />
        <Button icon={<RightOutlined />} aria-label={t('hours.nextDay')} onClick={() => turn(dayAfter(date))} />
        <span className="legend-row">
          <span><i className="on" />{t('timeline.on')}</span>
          <span><i className="away" />{t('timeline.away')}</span>
          <span><i className="hatched" />{t('timeline.unknown')}</span>
          {(['pending', 'confirmed', 'dismissed'] as const).map((state) => <span key={state}><span className={`dot ${state}`} /> {t(`state.${state}`)}</span>)}
        </span>
      </div>
      {found.isPending ? <Loading /> : found.isError ? <Failure error={found.error} retry={() => void found.refetch()} /> : <Day day={found.data} open={open} />}
    </>
  )
}

function Day({ day, open }: { day: Timeline; open: (event: string) => void }) {
  const { t } = useSpeech()
  const names = useNames()
  const span = spanOf(day)
  if (!span) return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<><b>{t('timeline.none')}</b><br />{t('timeline.none.do')}</>} />
  return (
    <div className="sheet timeline">
      {day.windows.map((one) => (
        <section key={one.window} aria-label={names.windowOf(one.window)}>
          <h3 className="cut" title={names.windowOf(one.window)}>{names.windowOf(one.window)}</h3>
          <Line one={one} span={span} open={open} />
        </section>
      ))}
      <div className="ticks figures small quiet" aria-hidden>
        {ticks(span).map((at) => <span key={at} style={{ left: `${span.share(at) * 100}%` }}>{hourMinute(new Date(at).toISOString(), names.zone)}</span>)}
      </div>
      <p className="small quiet">{t('timeline.note')}</p>
    </div>
  )
}

function Line({ one, span, open }: { one: WindowDay; span: DaySpan; open: (event: string) => void }) {
  const { t, language } = useSpeech()
  const names = useNames()
  const hatching = useId()
  const x = (iso: string) => span.share(Date.parse(iso)) * 1000
  const rows = lanes(one.flags)
  return (
    <div className="line">
      <div className="flags" style={{ height: Math.max(1, rows.length) * 14 }}>
        {rows.map((row, lane) =>
          row.map((flag) => {
            const said = `${clock(flag.started_at, names.zone)} ${names.behaviour(flag.behaviour)} · ${t(`state.${flag.state}`)}`
            const left = span.share(Date.parse(flag.started_at)) * 100
            const width = span.share(Date.parse(flag.until)) * 100 - left
            return (
              <button key={flag.id} type="button" className={`flag ${flag.state}`} aria-label={said} title={said}
                style={{ left: `${left}%`, width: `max(10px, ${width}%)`, top: lane * 14 }} onClick={() => open(flag.id)} />
            )
          }),
        )}
      </div>
      <svg viewBox="0 0 1000 40" preserveAspectRatio="none" role="img" aria-label={names.windowOf(one.window)}>
        <defs>
          <pattern id={hatching} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <rect width="7" height="7" fill="var(--blank)" />
            <line x1="0" y1="0" x2="0" y2="7" stroke="var(--hatch)" strokeWidth="4" />
          </pattern>
        </defs>
        {one.hours.filter(isOpen).map((hour) => {
          const from = x(hour.hour)
          const width = x(new Date(Date.parse(hour.hour) + 3_600_000).toISOString()) - from - 1
          const part = shares(hour)
          const told = { on: duration(hour.on_s, language), away: duration(hour.away_s, language), unknown: duration(hour.unknown_s, language) }
          return (
            <g key={hour.hour}>
              <title>{t('timeline.hour', { hour: hourMinute(hour.hour, names.zone), ...told })}</title>
              <rect x={from} width={width} y={40 - part.on * 40} height={part.on * 40} fill="var(--on)" />
              <rect x={from} width={width} y={40 - (part.on + part.away) * 40} height={part.away * 40} fill="var(--away)" />
              <rect x={from} width={width} y={40 - (part.on + part.away + part.unknown) * 40} height={part.unknown * 40} fill={`url(#${hatching})`} />
            </g>
          )
        })}
        {one.flags.filter((flag) => flag.away && flag.state !== 'dismissed').map((flag) => (
          <rect key={flag.id} x={x(flag.started_at)} width={Math.max(2, x(flag.until) - x(flag.started_at))} y={0} height={40} fill="none" stroke="var(--warn)" strokeWidth="2" vectorEffect="non-scaling-stroke" />
        ))}
      </svg>
    </div>
  )
}
