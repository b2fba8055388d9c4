import { Empty, Table, type TableProps } from 'antd'

import { usePermitEffects } from '../api/queries'
import type { Permit } from '../api/types'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { clock, dayAndClock, hallDate } from '../time/hallTime'
import { Effects } from './Effects'
import { spanText, standingOf, type Standing } from './permitTimes'
import { Revoke } from './Revoke'

interface Properties {
  permits: Permit[]
  loading: boolean
  opened: readonly string[]
  open: (ids: string[]) => void
  now: Date
  showEvent: (id: string) => void
}

const TONES: Record<Standing, string> = { coming: 'warn', inForce: 'good', over: 'dismissed', revoked: 'bad' }

export function PermitTable({ permits, loading, opened, open, now, showEvent }: Properties) {
  const { t } = useSpeech()
  return (
    <Table<Permit>
      size="small"
      rowKey="id"
      columns={useColumns(now)}
      dataSource={permits}
      loading={loading}
      pagination={false}
      rowClassName={(permit) => (permit.revoked_at ? 'struck' : '')}
      locale={{
        emptyText: (
          <Empty
            image={Empty.PRESENTED_IMAGE_SIMPLE}
            description={<><b>{t('permits.empty')}</b><br />{t('permits.empty.do')}</>}
          />
        ),
      }}
      expandable={{
        expandedRowKeys: opened,
        onExpandedRowsChange: (ids) => open(ids.map(String)),
        expandRowByClick: true,
        expandedRowRender: (permit) => <Story permit={permit} showEvent={showEvent} />,
      }}
    />
  )
}

function useColumns(now: Date): NonNullable<TableProps<Permit>['columns']> {
  const { t, word, language } = useSpeech()
  const names = useNames()
  const registeredAt = (permit: Permit) => {
    const sameDay = hallDate(new Date(permit.registered_at), names.zone) === hallDate(new Date(permit.starts_at), names.zone)
    return sameDay ? clock(permit.registered_at, names.zone) : dayAndClock(permit.registered_at, names.zone, language)
  }
  return [
    { title: t('permits.span'), width: 120, className: 'figures', render: (_, permit) => spanText(permit, names.zone) },
    { title: t('permits.window'), width: 180, ellipsis: true, render: (_, permit) => names.windowOf(permit.window) },
    {
      title: t('permits.kind'),
      width: 150,
      render: (_, permit) => (
        <>
          {word('kind', permit.kind)}
          {permit.stand_in_window && (
            <div className="small quiet">{t('permits.standIn', { window: names.windowOf(permit.stand_in_window) })}</div>
          )}
        </>
      ),
    },
    { title: t('permits.reason'), render: (_, permit) => permit.reason },
    {
      title: t('permits.registered'),
      width: 130,
      render: (_, permit) => (
        <>
          <div className="cut">{permit.registered_by}</div>
          <div className="small quiet figures">
            {registeredAt(permit)} {permit.late && <span className="tag warn">{t('permits.late')}</span>}
          </div>
        </>
      ),
    },
    {
      title: t('permits.state'),
      width: 95,
      render: (_, permit) => {
        const standing = standingOf(permit, now)
        return <span className={`tag ${TONES[standing]}`}>{t(`standing.${standing}`)}</span>
      },
    },
    { width: 80, render: (_, permit) => permit.revoked_at === null && <Revoke permit={permit} /> },
  ]
}

/** What a permit did: who revoked it and why, and what became of each empty post that it touches. */
function Story({ permit, showEvent }: { permit: Permit; showEvent: (id: string) => void }) {
  const { t, language } = useSpeech()
  const names = useNames()
  const effects = usePermitEffects(permit.id)
  return (
    <div className="story">
      {permit.revoked_at && (
        <p>
          {t('permits.revokedBy', {
            who: permit.revoked_by ?? '',
            time: dayAndClock(permit.revoked_at, names.zone, language),
            reason: permit.revoke_reason ?? '',
          })}
        </p>
      )}
      {effects.isPending && <Loading />}
      {effects.isError && <Failure error={effects.error} retry={() => void effects.refetch()} />}
      {effects.data?.items.length === 0 && <p className="quiet">{t('permits.effects.none')}</p>}
      {!!effects.data?.items.length && (
        <>
          <h3>{t('permits.effects')}</h3>
          <Effects effects={effects.data.items} showEvent={showEvent} />
        </>
      )}
    </div>
  )
}
