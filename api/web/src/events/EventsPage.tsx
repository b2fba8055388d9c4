import { Button, Empty, Segmented, Table, type TableProps } from 'antd'
import { useMemo } from 'react'
import { useSearchParams } from 'react-router'

import { useEvents } from '../api/queries'
import type { EventFilter, HallEvent } from '../api/types'
import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n/language'
import { standingWithdrawal } from '../permits/withdrawal'
import { duration } from '../time/duration'
import { beginningOf, dayAfter, dayAndClock, hallDate, secondsBetween } from '../time/hallTime'
import { CalendarView } from './CalendarView'
import './events.css'
import { EventDrawer } from './EventDrawer'
import { Filters, type Chosen } from './Filters'
import { boundsOf } from './hour'
import { useNames } from './names'
import { StateTag } from './StateTag'
import { TimelineView } from './TimelineView'

const PAGE = 50
const VIEWS = ['list', 'calendar', 'timeline'] as const
type View = (typeof VIEWS)[number]

export default function EventsPage() {
  const { t } = useSpeech()
  const [address, setAddress] = useSearchParams()
  const names = useNames()
  const chosen = chosenIn(address)
  const view = (VIEWS as readonly string[]).includes(address.get('view') ?? '') ? (address.get('view') as View) : 'list'
  const day = address.get('date') ?? hallDate(new Date(), names.zone)
  const filter = filterOf(chosen, names.zone)
  const events = useEvents(filter)
  const rows = useMemo(() => events.data?.pages.flatMap((page) => page.items) ?? [], [events.data])
  const put = (part: Record<string, string>) =>
    setAddress((before) => {
      const next = new URLSearchParams(before)
      for (const [name, value] of Object.entries(part)) value ? next.set(name, value) : next.delete(name)
      return next
    })
  return (
    <div className="page">
      <header>
        <h1>{t('nav.events')}</h1>
        <Segmented
          aria-label={t('events.view')}
          value={view}
          onChange={(next) => put({ view: next, event: '' })}
          options={VIEWS.map((value) => ({ value, label: t(`events.view.${value}`) }))}
        />
        {view === 'list' && <Filters chosen={chosen} choose={(part) => put({ ...part, event: '' })} />}
      </header>
      {view === 'calendar' && (
        <CalendarView date={day} window={chosen.window} turn={(date) => put({ date })} chooseWindow={(window) => put({ window })} open={(date) => put({ view: 'list', from: date, to: date })} />
      )}
      {view === 'timeline' && <TimelineView date={day} turn={(date) => put({ date })} open={(event) => put({ event })} />}
      {view === 'list' && <List events={events} rows={rows} put={put} />}
      <EventDrawer id={address.get('event')} close={() => put({ event: '' })} />
    </div>
  )
}

interface ListProperties {
  events: ReturnType<typeof useEvents>
  rows: HallEvent[]
  put: (part: Record<string, string>) => void
}

function List({ events, rows, put }: ListProperties) {
  const { t } = useSpeech()
  return (
    <>
      {events.isError && <Failure error={events.error} retry={() => void events.refetch()} />}
      <Table<HallEvent>
        size="small"
        rowKey="id"
        columns={useColumns()}
        dataSource={rows}
        loading={events.isPending}
        pagination={false}
        sticky={{ offsetHeader: 0 }}
        scroll={{ x: 'max-content' }}
        locale={{ emptyText: <Nothing /> }}
        onRow={(event) => ({
          onClick: () => put({ event: event.id }),
          onKeyDown: (press) => press.key === 'Enter' && put({ event: event.id }),
          tabIndex: 0,
          style: { cursor: 'pointer' },
        })}
      />
      <div style={{ textAlign: 'center', padding: 14 }} className="quiet">
        {events.hasNextPage ? (
          <Button loading={events.isFetchingNextPage} onClick={() => void events.fetchNextPage()}>
            {t('events.more')}
          </Button>
        ) : (
          rows.length > 0 && t('events.end', { count: rows.length })
        )}
      </div>
    </>
  )
}

function Nothing() {
  const { t } = useSpeech()
  return <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={<><b>{t('events.empty')}</b><br />{t('events.empty.do')}</>} />
}

function useColumns(): NonNullable<TableProps<HallEvent>['columns']> {
  const { t, word, language } = useSpeech()
  const names = useNames()
  return [
    { title: t('event.time'), width: 150, className: 'figures', render: (_, event) => dayAndClock(event.started_at, names.zone, language) },
    { title: t('event.behaviour'), width: 230, ellipsis: true, render: (_, event) => names.what(event) },
    { title: t('event.window'), width: 260, ellipsis: true, render: (_, event) => names.window(event) },
    {
      title: t('event.lasted'),
      width: 110,
      className: 'figures',
      render: (_, event) => (event.ended_at ? duration(secondsBetween(event.started_at, event.ended_at), language) : t('ending.ongoing')),
    },
    { title: t('event.score'), width: 100, align: 'right', className: 'figures', render: (_, event) => event.peak_score?.toFixed(2) },
    { title: t('event.state'), width: 110, render: (_, event) => <StateTag state={event.state} /> },
    {
      title: t('events.reason'),
      ellipsis: true,
      render: (_, event) => {
        const withdrawal = standingWithdrawal(event)
        if (withdrawal) return word('kind', withdrawal.reason)
        const { decision } = event
        return decision && [decision.reason && word('reason', decision.reason), decision.note].filter(Boolean).join(' · ')
      },
    },
    { title: t('event.by'), width: 110, ellipsis: true, render: (_, event) => standingWithdrawal(event)?.withdrawn_by ?? event.decision?.decided_by },
  ]
}

function chosenIn(address: URLSearchParams): Chosen {
  const part = (name: string) => address.get(name) ?? ''
  return { state: part('state'), window: part('window'), behaviour: part('behaviour'), from: part('from'), to: part('to'), hour: part('hour'), q: part('q') }
}

function filterOf(chosen: Chosen, zone: string): EventFilter {
  const date = /^\d{4}-\d{2}-\d{2}$/
  return {
    order: 'newest',
    limit: PAGE,
    ...(chosen.q && { q: chosen.q }),
    ...(chosen.state && { state: chosen.state as 'pending' }),
    ...(chosen.window && { window: chosen.window }),
    ...(chosen.behaviour && { behaviour: chosen.behaviour }),
    ...(date.test(chosen.from) && { from: beginningOf(chosen.from, zone) }),
    ...(date.test(chosen.to) && { to: beginningOf(dayAfter(chosen.to), zone) }),
    ...boundsOf(chosen.hour),
  }
}
