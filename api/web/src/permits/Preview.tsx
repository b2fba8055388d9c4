import { usePermitPreview, usePermitRules } from '../api/queries'
import type { PermitPlan } from '../api/types'
import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n/language'
import { Effects } from './Effects'

/** What registering would do: to empty posts that were flagged, by the limit that each was flagged by. */
export function Preview({ plan, showEvent }: { plan: PermitPlan | null; showEvent: (id: string) => void }) {
  const { t, word } = useSpeech()
  const preview = usePermitPreview(plan)
  const rules = usePermitRules().data
  if (!plan) return null
  if (preview.isError) return <Failure error={preview.error} />
  const noteOnly = rules?.[plan.kind] === 'annotate'
  return (
    <div className="preview">
      <b>{t('permits.would')}</b>
      {noteOnly && <p>{t('permits.noteOnly', { kind: word('kind', plan.kind) })}</p>}
      {preview.data?.items.length === 0 && !noteOnly && <p className="quiet">{t('permits.would.none')}</p>}
      {!!preview.data?.items.length && <Effects effects={preview.data.items} showEvent={showEvent} />}
    </div>
  )
}
