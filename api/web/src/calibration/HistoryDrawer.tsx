import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Drawer, Popconfirm } from 'antd'

import { api } from '../api/client'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { dayAndClock } from '../time/hallTime'
import type { Calibration, Revision } from './content'
import { calibrationKeys, useRevisions } from './queries'

interface Properties {
  camera: string
  dirty: boolean
  shown: boolean
  close: () => void
  restored: (calibration: Calibration) => void
}

/** Every calibration that was saved, newest first, each to go back to. */
export function HistoryDrawer({ camera, dirty, shown, close, restored }: Properties) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const client = useQueryClient()
  const revisions = useRevisions(camera, shown)
  // Who restores has seen this list, so it is what the server must still have.
  const current = revisions.data?.[0]?.revision ?? 0
  const restore = useMutation({
    mutationFn: (revision: number) => api.restoreCalibration(camera, current, revision),
    onSuccess: (calibration) => {
      void message.success(t('calibration.history.done', { revision: calibration.revision }))
      restored(calibration)
      close()
    },
    onSettled: () => client.invalidateQueries({ queryKey: calibrationKeys.revisions(camera) }),
  })
  const sure = t(dirty ? 'calibration.history.sure.unsaved' : 'calibration.history.sure.what')
  return (
    <Drawer title={t('calibration.history')} size={420} open={shown} onClose={close} destroyOnHidden>
      {restore.isError && <Failure error={restore.error} />}
      {revisions.isPending && <Loading />}
      {revisions.isError && <Failure error={revisions.error} retry={() => void revisions.refetch()} />}
      {revisions.data?.every(({ revision }) => revision === 0) && <p className="quiet">{t('calibration.history.none')}</p>}
      <ol className="history">
        {withSiteFile(revisions.data).map((revision) => (
          <li key={revision.revision}>
            <Told revision={revision} />
            {revision.revision === current
              ? <span className="tag good">{t('calibration.history.current')}</span>
              : (
                <Popconfirm title={t('calibration.history.sure')} description={<div style={{ maxWidth: 260 }}>{sure}</div>} onConfirm={() => restore.mutate(revision.revision)}>
                  <Button size="small" loading={restore.isPending && restore.variables === revision.revision}>{t('calibration.history.restore')}</Button>
                </Popconfirm>
              )}
          </li>
        ))}
      </ol>
    </Drawer>
  )
}

function Told({ revision: { revision, saved_at, saved_by, note, restored_from, points, worst_cm } }: { revision: Revision }) {
  const { t, language } = useSpeech()
  const { zone } = useNames()
  const from = restored_from === 0 ? t('calibration.history.restoredSite') : t('calibration.history.restored', { revision: restored_from ?? 0 })
  const what = worst_cm === null
    ? t('calibration.history.points', { count: points })
    : t('calibration.history.what', { count: points, cm: worst_cm.toFixed(1) })
  return (
    <div>
      <b>{revision ? t('calibration.revision', { revision }) : t('calibration.fromSite')}</b>
      {saved_at && <span className="quiet small"> {t('calibration.savedBy', { who: saved_by ?? '–', time: dayAndClock(saved_at, zone, language) })}</span>}
      {note && <div>{note}</div>}
      <div className="quiet small">{[restored_from !== null && from, revision || points ? what : false].filter(Boolean).join(' · ')}</div>
    </div>
  )
}

/** What the site file says can always be gone back to. */
function withSiteFile(revisions: readonly Revision[] = []): readonly Revision[] {
  if (!revisions.length || revisions.some(({ revision }) => revision === 0)) return revisions
  return [...revisions, { revision: 0, saved_at: null, saved_by: null, note: null, restored_from: null, points: 0, worst_cm: null }]
}
