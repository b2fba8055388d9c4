import { Button, DatePicker, Empty, Input, Select, Table, Tooltip } from 'antd'
import type { Dayjs } from 'dayjs'
import { useState } from 'react'

import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { beginningOf, clock, dayAfter, hallDate } from '../time/hallTime'
import { useAudit, type AuditFilter, type Entry } from './queries'
import { auditZh } from './words.zh'

const ACTIONS = Object.keys(auditZh).flatMap((key) => (key.startsWith('action.') ? [key.slice('action.'.length)] : []))
const SHOWN_OF_HASH = 10

/** Who did what, when: for auditors, who see no clip and no figure. */
export default function AuditPage() {
  const { t, word } = useSpeech()
  const { zone } = useNames()
  const [filter, setFilter] = useState<AuditFilter>({})
  const found = useAudit(filter)
  const change = (part: AuditFilter) => setFilter((before) => ({ ...before, ...part }))
  const days = (chosen: [Dayjs | null, Dayjs | null] | null) => {
    const [first, last] = (chosen ?? []).map((day) => day?.format('YYYY-MM-DD'))
    change({ from: first && beginningOf(first, zone), to: last && beginningOf(dayAfter(last), zone) })
  }
  return (
    <div className="page">
      <header>
        <h1>{t('audit.title')}</h1>
        <Input.Search
          allowClear
          aria-label={t('audit.actor')}
          placeholder={t('audit.everybody')}
          onSearch={(actor) => change({ actor: actor.trim() || undefined })}
          style={{ width: 170 }}
        />
        <Select
          allowClear
          showSearch
          aria-label={t('audit.action')}
          placeholder={t('audit.everything')}
          value={filter.action}
          onChange={(action: string | undefined) => change({ action })}
          options={ACTIONS.map((value) => ({ value, label: word('action', value) }))}
          optionFilterProp="label"
          style={{ width: 200 }}
        />
        <Input.Search
          allowClear
          aria-label={t('audit.subject')}
          placeholder={t('audit.subject')}
          onSearch={(subject) => change({ subject: subject.trim() || undefined })}
          style={{ width: 230 }}
        />
        <DatePicker.RangePicker aria-label={t('audit.days')} onChange={(chosen) => days(chosen)} style={{ width: 250 }} />
      </header>
      <p className="quiet small" style={{ marginBottom: 10 }}>{t('audit.what')}</p>
      {found.isPending && <Loading />}
      {found.isError && <Failure error={found.error} retry={() => void found.refetch()} />}
      {found.data && <Entries entries={found.data.pages.flatMap((page) => page.items)} choose={change} />}
      {found.hasNextPage && (
        <div style={{ textAlign: 'center', marginTop: 12 }}>
          <Button loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>{t('audit.more')}</Button>
        </div>
      )}
    </div>
  )
}

function Entries({ entries, choose }: { entries: Entry[]; choose: (part: AuditFilter) => void }) {
  const { t, word } = useSpeech()
  const { zone } = useNames()
  return (
    <Table<Entry>
      size="small"
      rowKey="id"
      pagination={false}
      dataSource={entries}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('audit.none')} /> }}
      columns={[
        { title: '#', dataIndex: 'id', width: 80, className: 'figures quiet' },
        { title: t('audit.at'), width: 170, className: 'figures', render: (_, { at }) => `${hallDate(new Date(at), zone)} ${clock(at, zone)}` },
        { title: t('audit.actor'), width: 150, ellipsis: true, render: (_, { actor }) => <Actor actor={actor} /> },
        { title: t('audit.action'), width: 170, render: (_, { action }) => word('action', action) },
        {
          title: t('audit.subject'),
          width: 150,
          ellipsis: true,
          render: (_, { subject }) =>
            subject && (
              <button className="plain small" title={subject} onClick={() => choose({ subject })}><code>{subject.length > 16 ? `…${subject.slice(-12)}` : subject}</code></button>
            ),
        },
        { title: t('audit.detail'), render: (_, { detail }) => <Detail detail={detail} /> },
        {
          title: t('audit.hash'),
          width: 110,
          render: (_, { sha256 }) => <Tooltip title={sha256}><code className="small quiet">{sha256.slice(0, SHOWN_OF_HASH)}…</code></Tooltip>,
        },
      ]}
    />
  )
}

function Actor({ actor }: { actor: string }) {
  const { t } = useSpeech()
  if (actor === 'console') return <span className="quiet">{t('audit.console')}</span>
  if (actor === 'hallwatch') return <span className="quiet">{t('audit.system')}</span>
  return actor
}

function Detail({ detail }: { detail: Record<string, unknown> }) {
  const said = Object.entries(detail).filter(([, value]) => value !== null)
  return (
    <span className="small">
      {said.map(([name, value], index) => (
        <span key={name}>{index > 0 && ' · '}<span className="quiet">{name}</span> {typeof value === 'object' ? JSON.stringify(value) : String(value)}</span>
      ))}
    </span>
  )
}
