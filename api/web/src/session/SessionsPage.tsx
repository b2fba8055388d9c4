import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Table } from 'antd'

import { accountsApi, useOwnSessions, type OwnSession } from '../accounts/queries'
import { keys, useSession } from '../api/queries'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { dayAndClock } from '../time/hallTime'
import { SecondFactor } from './SecondFactor'

/** Where somebody is signed in, to end what was left open. */
export default function SessionsPage() {
  const { t, language } = useSpeech()
  const { zone } = useNames()
  const client = useQueryClient()
  const found = useOwnSessions()
  const session = useSession().data
  const end = useMutation({
    mutationFn: accountsApi.endSession,
    onSettled: () => void client.invalidateQueries({ queryKey: keys.ownSessions }),
  })
  return (
    <div className="page">
      <header>
        <h1>{t('sessions.title')}</h1>
      </header>
      {session && <SecondFactor session={session} />}
      <h2 style={{ fontSize: 16, margin: '18px 0 8px' }}>{t('sessions.open')}</h2>
      <p className="quiet small" style={{ marginBottom: 8 }}>{t('sessions.what')}</p>
      {found.isPending && <Loading />}
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      {end.isError && <Failure error={end.error} />}
      {found.data && (
        <Table<OwnSession>
          size="small"
          rowKey="id"
          pagination={false}
          dataSource={found.data}
          columns={[
            { title: t('sessions.agent'), ellipsis: true, render: (_, { agent }) => agent ?? '–' },
            { title: t('sessions.address'), width: 170, className: 'figures', render: (_, { address }) => address ?? '–' },
            { title: t('sessions.since'), width: 150, className: 'figures', render: (_, { signed_in_at }) => dayAndClock(signed_in_at, zone, language) },
            { title: t('sessions.seen'), width: 150, className: 'figures', render: (_, { seen_at }) => dayAndClock(seen_at, zone, language) },
            {
              title: '',
              width: 130,
              render: (_, { id, current }) =>
                current ? (
                  <span className="tag good">{t('sessions.current')}</span>
                ) : (
                  <Button size="small" danger loading={end.isPending && end.variables === id} onClick={() => end.mutate(id)}>{t('sessions.end')}</Button>
                ),
            },
          ]}
        />
      )}
    </div>
  )
}
