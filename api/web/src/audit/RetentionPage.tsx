import { Button, Empty, Table, Tooltip } from 'antd'

import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { clock, hallDate } from '../time/hallTime'
import { CLASSES, useDeletions, useRetention, type Class, type Deletion, type Retention } from './retention'

/** What is kept for how long, and the proof of what was deleted. */
export default function RetentionPage() {
  const { t } = useSpeech()
  const found = useRetention()
  return (
    <div className="page">
      <header>
        <h1>{t('retention.title')}</h1>
      </header>
      <p className="quiet small" style={{ marginBottom: 10 }}>{t('retention.what')}</p>
      {found.isPending && <Loading />}
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.data && <Classes retention={found.data} />}
      <h2 style={{ fontSize: 16, margin: '18px 0 8px' }}>{t('retention.deleted')}</h2>
      <Deletions />
    </div>
  )
}

function Classes({ retention }: { retention: Retention }) {
  const { t } = useSpeech()
  const due = (one: Class) => (one === 'original' ? retention.due.originals : retention.due[one])
  return (
    <>
      <Table
        size="small"
        rowKey="name"
        pagination={false}
        style={{ maxWidth: 620 }}
        dataSource={CLASSES.map((name) => ({ name }))}
        columns={[
          { title: t('retention.class'), render: (_, { name }) => t(`retention.${name}`) },
          { title: t('retention.days'), width: 130, className: 'figures', render: (_, { name }) => retention.days[name] },
          { title: t('retention.due'), width: 130, className: 'figures', render: (_, { name }) => due(name) },
        ]}
      />
      {retention.held > 0 && <p style={{ marginTop: 8 }}><span className="tag warn">{t('retention.held', { count: retention.held })}</span></p>}
    </>
  )
}

function Deletions() {
  const { t } = useSpeech()
  const { zone } = useNames()
  const found = useDeletions()
  if (found.isPending) return <Loading />
  if (found.isError) return <Failure error={found.error} retry={() => void found.refetch()} />
  return (
    <>
      {/* Focusable, since nothing in it is: the page is longer than the screen, and keys must scroll it. */}
      <section tabIndex={0} aria-label={t('retention.deleted')}>
        <Table<Deletion>
          size="small"
          rowKey="id"
          pagination={false}
          dataSource={found.data.pages.flatMap((page) => page.items)}
          locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('retention.none')} /> }}
          columns={[
            { title: t('retention.at'), width: 180, className: 'figures', render: (_, { deleted_at }) => `${hallDate(new Date(deleted_at), zone)} ${clock(deleted_at, zone)}` },
            { title: t('retention.event'), width: 320, render: (_, { id }) => <code className="small">{id}</code> },
            { title: t('retention.state'), width: 170, render: (_, { state }) => t(`retention.${state}`) },
            { title: t('retention.rows'), render: (_, { rows }) => <span className="small">{Object.entries(rows).map(([name, number]) => `${name} ${number}`).join(' · ')}</span> },
            {
              title: t('retention.files'),
              width: 90,
              render: (_, { files }) => (
                <Tooltip title={files.map(({ name, sha256 }) => `${name} ${sha256}`).join('\n')} overlayStyle={{ maxWidth: 620 }}>{files.length}</Tooltip>
              ),
            },
          ]}
        />
      </section>
      {found.hasNextPage && (
        <div style={{ textAlign: 'center', marginTop: 12 }}>
          <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>{t('retention.more')}</Button>
        </div>
      )}
    </>
  )
}
