import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Empty, Input, Table } from 'antd'
import { useState } from 'react'
import { Link } from 'react-router'

import { keys } from '../api/queries'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { dayAndClock } from '../time/hallTime'
import { CodeField, codeNeeded, useCode } from './CodeField'
import { Fetch } from './Fetch'
import { StateOfRequest } from './StateOfRequest'
import { originalsApi, useOriginals, type OriginalRequest } from './queries'

/** Who asked for which original and why; a second person releases or refuses. */
export default function OriginalsPage() {
  const { t, language } = useSpeech()
  const { zone, windowOf, behaviour } = useNames()
  const found = useOriginals()
  return (
    <div className="page">
      <header>
        <h1>{t('originals.title')}</h1>
        <span className="quiet">{t('originals.what')}</span>
      </header>
      {found.isPending && <Loading />}
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.data && (
        <Table<OriginalRequest>
          size="small"
          rowKey="id"
          pagination={false}
          dataSource={found.data}
          locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('originals.none')} /> }}
          columns={[
            {
              title: t('originals.event'),
              width: 230,
              render: (_, { event, window: at, behaviour: code, started_at }) => (
                <Link to={`/events?event=${event}`}>{behaviour(code)} · {windowOf(at)}<br /><span className="small figures">{dayAndClock(started_at, zone, language)}</span></Link>
              ),
            },
            { title: t('originals.asked'), width: 150, render: (_, { asked_by, asked_at }) => <>{asked_by}<br /><span className="small quiet figures">{dayAndClock(asked_at, zone, language)}</span></> },
            { title: t('originals.reason'), render: (_, { reason, said }) => <>{reason}{said && <div className="small quiet">{said}</div>}</> },
            {
              title: t('originals.state'),
              width: 190,
              render: (_, request) => (
                <>
                  <StateOfRequest request={request} />
                  {(request.state === 'waiting' || request.state === 'ready') && <div className="small quiet figures">{t('originals.until', { at: dayAndClock(request.expires_at, zone, language) })}</div>}
                </>
              ),
            },
            { title: t('originals.decided'), width: 150, render: (_, { decided_by, decided_at }) => decided_by && <>{decided_by}<br /><span className="small quiet figures">{decided_at && dayAndClock(decided_at, zone, language)}</span></> },
            { title: '', width: 300, render: (_, request) => <Actions request={request} /> },
          ]}
        />
      )}
    </div>
  )
}

function Actions({ request }: { request: OriginalRequest }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const code = useCode()
  const [refusal, setRefusal] = useState<string | null>(null)
  const onSettled = () => void client.invalidateQueries({ queryKey: keys.originals })
  const release = useMutation({ mutationFn: () => originalsApi.release(request.id, code.value), onError: code.heed, onSettled })
  const refuse = useMutation({ mutationFn: () => originalsApi.refuse(request.id, refusal?.trim() ?? ''), onSettled })
  const error = release.error ?? refuse.error
  if (request.url) return <Fetch request={request} />
  if (!request.may_decide) return request.state === 'waiting' && <span className="small quiet">{t('originals.second')}</span>
  return (
    <>
      {error && !codeNeeded(error) && <Failure error={error} />}
      {refusal === null ? (
        <div style={{ display: 'flex', gap: 6, alignItems: 'center' }}>
          <CodeField code={code} />
          <Button size="small" type="primary" loading={release.isPending} onClick={() => release.mutate()}>{t('originals.release')}</Button>
          <Button size="small" onClick={() => setRefusal('')}>{t('originals.refuse')}</Button>
        </div>
      ) : (
        <div style={{ display: 'flex', gap: 6, alignItems: 'center' }}>
          <Input size="small" autoFocus value={refusal} maxLength={500} onChange={(change) => setRefusal(change.target.value)} placeholder={t('originals.refusal')} aria-label={t('originals.refusal')} />
          <Button size="small" danger disabled={refusal.trim().length < 2} loading={refuse.isPending} onClick={() => refuse.mutate()}>{t('originals.refuse')}</Button>
        </div>
      )}
    </>
  )
}
