import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, DatePicker, Drawer, Empty, Table } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState } from 'react'

import { keys } from '../api/queries'
import { Failure, useWords } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { beginningOf, dayAfter, dayAndClock } from '../time/hallTime'
import { useDeliveries, webhooksApi, type Delivery, type Webhook } from './queries'

const DAY = 'YYYY-MM-DD'
const TONE: Record<Delivery['state'], string> = { waiting: 'warn', delivered: 'good', given_up: 'bad' }

/** What was sent to a webhook and how it went; each can be sent again, and so can a whole time. */
export function Deliveries({ webhook, close }: { webhook: Webhook; close: () => void }) {
  const { t } = useSpeech()
  return (
    <Drawer open size={860} title={t('webhooks.log', { name: webhook.name })} onClose={close}>
      <ReplayAll webhook={webhook} />
      <Log webhook={webhook} />
    </Drawer>
  )
}

function ReplayAll({ webhook }: { webhook: Webhook }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const words = useWords()
  const client = useQueryClient()
  const { zone } = useNames()
  const [span, setSpan] = useState<[Dayjs, Dayjs] | null>(null)
  const replay = useMutation({
    // Days of the hall, both included.
    mutationFn: ([first, last]: [Dayjs, Dayjs]) =>
      webhooksApi.replayAll(webhook.id, beginningOf(first.format(DAY), zone), beginningOf(dayAfter(last.format(DAY)), zone)),
    onSuccess: ({ messages }) => void message.success(t('webhooks.replayed', { count: messages })),
    onError: (error) => void message.error(words(error).title, 6),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.webhooks }),
  })
  return (
    <div style={{ display: 'flex', gap: 8, marginBottom: 12, alignItems: 'center' }}>
      <DatePicker.RangePicker
        placeholder={[t('webhooks.since'), t('webhooks.until')]}
        onChange={(chosen) => setSpan(chosen?.[0] && chosen[1] ? [chosen[0], chosen[1]] : null)}
      />
      <Button disabled={!span} loading={replay.isPending} onClick={() => span && replay.mutate(span)}>{t('webhooks.replayAll')}</Button>
    </div>
  )
}

function Log({ webhook }: { webhook: Webhook }) {
  const { t, language } = useSpeech()
  const { zone } = useNames()
  const client = useQueryClient()
  const found = useDeliveries(webhook.id)
  const again = useMutation({
    mutationFn: (id: number) => webhooksApi.replay(webhook.id, id),
    onSettled: () => void client.invalidateQueries({ queryKey: keys.webhooks }),
  })
  if (found.isPending) return <Loading />
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />
  const at = (time: string | null) => (time ? dayAndClock(time, zone, language) : '–')
  return (
    <>
      {again.isError && <Failure error={again.error} />}
      <Table<Delivery>
        size="small"
        rowKey="id"
        pagination={false}
        dataSource={found.data.pages.flatMap((page) => page.items)}
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('webhooks.log.none')} /> }}
        columns={[
          { title: t('webhooks.type'), render: (_, { type, subject }) => <><b>{type}</b><br /><code className="small quiet">{subject}</code></> },
          {
            title: t('accounts.state'),
            width: 190,
            render: (_, { state, status, error }) => (
              <>
                <span className={`tag ${TONE[state]}`}>{t(`webhooks.${state}`)}</span> <span className="figures">{status}</span>
                {error && <div className="small quiet" style={{ wordBreak: 'break-word' }}>{error}</div>}
              </>
            ),
          },
          { title: t('webhooks.attempts'), width: 70, className: 'figures', render: (_, { attempts }) => attempts },
          { title: t('webhooks.tried'), width: 140, className: 'figures', render: (_, { tried_at, took_ms }) => <>{at(tried_at)}{took_ms !== null && <div className="small quiet">{took_ms} ms</div>}</> },
          { title: t('webhooks.next'), width: 130, className: 'figures', render: (_, { next_at }) => at(next_at) },
          { title: '', width: 80, render: (_, { id, state }) => state !== 'waiting' && <Button size="small" loading={again.isPending && again.variables === id} onClick={() => again.mutate(id)}>{t('webhooks.again')}</Button> },
        ]}
      />
      {found.hasNextPage && <Button style={{ marginTop: 8 }} loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>{t('audit.more')}</Button>}
    </>
  )
}
