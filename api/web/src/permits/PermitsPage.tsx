import { Button, DatePicker, Select } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'
import { useSearchParams } from 'react-router'

import { useHall, usePermits } from '../api/queries'
import type { Permit } from '../api/types'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { EventDrawer } from '../events/EventDrawer'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { beginningOf, dayAfter, hallDate } from '../time/hallTime'
import { PermitForm } from './PermitForm'
import { PermitTable } from './PermitTable'
import { useMinute } from './useMinute'

const PAGE = 100
const DATE = /^\d{4}-\d{2}-\d{2}$/

/** Who may be away and why: the permits of a day, and the form for the next one. */
export default function PermitsPage() {
  // Times are the hall's, so nothing can be said before its zone is known.
  const hall = useHall()
  if (hall.isPending) return <Loading />
  if (hall.isError) return <div className="page"><Failure error={hall.error} retry={() => void hall.refetch()} /></div>
  return <PermitsOfDay />
}

function PermitsOfDay() {
  const { t } = useSpeech()
  const names = useNames()
  const now = useMinute()
  const [address, setAddress] = useSearchParams()
  const [opened, setOpened] = useState<string[]>(() => address.getAll('permit'))
  const windows = (useHall().data?.windows ?? []).map(({ id }) => ({ value: id, label: names.windowOf(id) }))
  const today = hallDate(now, names.zone)
  const asked = address.get('date') ?? ''
  const date = DATE.test(asked) ? asked : today
  const window = address.get('window') ?? ''
  const permits = usePermits({
    from: beginningOf(date, names.zone),
    to: beginningOf(dayAfter(date), names.zone),
    revoked: true,
    limit: PAGE,
    ...(window && { window }),
  })
  const put = (part: Record<string, string>) =>
    setAddress((before) => {
      const next = new URLSearchParams(before)
      for (const [name, value] of Object.entries(part)) value ? next.set(name, value) : next.delete(name)
      return next
    })
  const shift = (days: number) => put({ date: dayjs(date).add(days, 'day').format('YYYY-MM-DD') })
  const registered = (permit: Permit) => {
    setOpened((before) => [...before, permit.id])
    put({ date: hallDate(new Date(permit.starts_at), names.zone), window: window && permit.window, register: '', from: '', to: '' })
  }
  return (
    <div className="page permits">
      <div>
        <header>
          <h1>{t('permits.title')}</h1>
          <Button onClick={() => shift(-1)}>{t('hours.previousDay')}</Button>
          <DatePicker
            aria-label={t('permits.day')}
            value={dayjs(date)}
            allowClear={false}
            style={{ width: 125 }}
            onChange={(day) => day && put({ date: day.format('YYYY-MM-DD') })}
          />
          <Button onClick={() => shift(1)}>{t('hours.nextDay')}</Button>
          <Button type="text" onClick={() => put({ date: '' })}>{t('hours.today')}</Button>
          <Select
            aria-label={t('permits.window')}
            value={window}
            onChange={(chosen) => put({ window: chosen })}
            options={[{ value: '', label: t('permits.allWindows') }, ...windows]}
            style={{ width: 220 }}
          />
        </header>
        {permits.isError && <Failure error={permits.error} retry={() => void permits.refetch()} />}
        <PermitTable
          permits={permits.data?.pages.flatMap((page) => page.items) ?? []}
          loading={permits.isPending}
          opened={opened}
          open={setOpened}
          now={now}
          showEvent={(event) => put({ event })}
        />
        {permits.hasNextPage && (
          <div style={{ textAlign: 'center', padding: 14 }}>
            <Button loading={permits.isFetchingNextPage} onClick={() => void permits.fetchNextPage()}>{t('events.more')}</Button>
          </div>
        )}
      </div>
      <PermitForm
        key={`${address.get('register')} ${address.get('from')}`}
        register={address.get('register')}
        from={address.get('from')}
        to={address.get('to')}
        registered={registered}
        showEvent={(event) => put({ event })}
      />
      <EventDrawer id={address.get('event')} close={() => put({ event: '' })} />
    </div>
  )
}
