import { useMutation } from '@tanstack/react-query'
import { Button, Segmented, Table, Tooltip } from 'antd'
import { useState } from 'react'

import { Failure, useWords } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useSpeech } from '../i18n/language'
import { FORMATS, KINDS, download, periodsOf, useSending, type Delivery, type Format, type Kind, type Period, type Sending, type Tongue } from './reports'

export default function ReportsPage() {
  const { t, language } = useSpeech()
  const [kind, setKind] = useState<Kind>('daily')
  const [tongue, setTongue] = useState<Tongue>(language)
  const sending = useSending()
  return (
    <div className="page reports">
      <header>
        <h1>{t('reports.title')}</h1>
        <Segmented aria-label={t('reports.kind')} value={kind} onChange={setKind} options={KINDS.map((value) => ({ value, label: t(`reports.kind.${value}`) }))} />
        <Segmented
          aria-label={t('reports.language')}
          value={tongue}
          onChange={setTongue}
          options={(['zh', 'en'] as const).map((value) => ({ value, label: t(`reports.language.${value}`) }))}
        />
      </header>
      {sending.isPending && <Loading />}
      {sending.isError && <Failure error={sending.error} retry={() => void sending.refetch()} />}
      {sending.data && (
        <>
          <p className="quiet small" style={{ marginBottom: 10 }}>{t('reports.note')} <Plan sending={sending.data} /></p>
          <Periods kind={kind} tongue={tongue} sending={sending.data} />
        </>
      )}
    </div>
  )
}

function Plan({ sending }: { sending: Sending }) {
  const { t, language } = useSpeech()
  if (!sending.kinds.length || !sending.targets.length) return t('reports.sent.none')
  const listed = (parts: string[]) => parts.join(language === 'zh' ? '、' : ', ')
  return t('reports.sent.when', {
    kinds: listed(sending.kinds.map((kind) => t(`reports.kind.${kind}`))),
    at: sending.at.slice(0, 5),
    targets: listed(sending.targets.map((target) => (target === 'folder' ? t('reports.folder') : target))),
  })
}

function Periods({ kind, tongue, sending }: { kind: Kind; tongue: Tongue; sending: Sending }) {
  const { t } = useSpeech()
  const sent = (from: string) => sending.deliveries.filter((one) => one.kind === kind && one.from === from)
  return (
    <Table<Period>
      size="small"
      rowKey="from"
      pagination={false}
      sticky
      dataSource={periodsOf(kind, sending.today)}
      columns={[
        {
          title: t('reports.time'),
          width: 300,
          className: 'figures',
          render: (_, { from, to, over }) => (
            <>
              {from === to ? from : `${from} – ${to}`} {!over && <span className="quiet small">{t('reports.unfinished')}</span>}
            </>
          ),
        },
        { title: t('reports.files'), width: 380, render: (_, { from }) => <Files kind={kind} from={from} tongue={tongue} /> },
        { title: t('reports.sent'), render: (_, { from }) => <Sent deliveries={sent(from)} /> },
      ]}
    />
  )
}

function Files({ kind, from, tongue }: { kind: Kind; from: string; tongue: Tongue }) {
  const { t } = useSpeech()
  const words = useWords()
  const making = useMutation({ mutationFn: (format: Format) => download(kind, from, format, tongue) })
  const failed = making.isError ? words(making.error) : null
  return (
    <>
      <span style={{ display: 'inline-flex', gap: 6 }}>
        {FORMATS.map((format) => (
          <Button
            key={format}
            size="small"
            loading={making.isPending && making.variables === format}
            disabled={making.isPending}
            onClick={() => making.mutate(format)}
            aria-label={`${t(`reports.${format}`)} ${from}`}
          >
            {t(`reports.${format}`)}
          </Button>
        ))}
      </span>
      {failed && <p role="alert" className="small" style={{ color: 'var(--bad)' }}>{failed.title} {failed.todo}</p>}
    </>
  )
}

const TONE: Record<Delivery['state'], string> = { waiting: 'warn', delivered: 'good', given_up: 'bad' }

function Sent({ deliveries }: { deliveries: Delivery[] }) {
  const { t } = useSpeech()
  return (
    <span className="chips">
      {deliveries.map(({ target, state, attempts, last_error }) => (
        <Tooltip key={target} title={last_error ?? undefined}>
          <span className={`tag ${TONE[state]}`}>
            {target === 'folder' ? t('reports.folder') : target} · {t(`reports.state.${state}`)}
            {state !== 'delivered' && attempts > 1 && ` · ${t('reports.tries', { count: attempts })}`}
          </span>
        </Tooltip>
      ))}
    </span>
  )
}
