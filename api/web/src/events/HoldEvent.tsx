import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'

import { holdKey, placeHold, releaseHold, useHold } from '../audit/retention'
import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n/language'

/** Keeps an event from deletion by age, as while it is investigated. */
export function HoldEvent({ id }: { id: string }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const hold = useHold(id)
  const [reason, setReason] = useState<string | null>(null)
  const onSettled = () => {
    setReason(null)
    void client.invalidateQueries({ queryKey: holdKey(id) })
  }
  const place = useMutation({ mutationFn: () => placeHold(id, reason?.trim() ?? ''), onSettled })
  const release = useMutation({ mutationFn: () => releaseHold(id), onSettled })
  const error = hold.error ?? place.error ?? release.error
  return (
    <section style={{ marginTop: 12 }}>
      {error && <Failure error={error} />}
      {hold.data && (
        <div className="row">
          <span className="tag warn">{t('hold.held', { who: hold.data.placed_by, reason: hold.data.reason })}</span>
          <Button size="small" loading={release.isPending} onClick={() => release.mutate()}>{t('hold.release')}</Button>
        </div>
      )}
      {hold.data === null && reason === null && <Button onClick={() => setReason('')}>{t('hold.place')}</Button>}
      {hold.data === null && reason !== null && (
        <div className="row">
          <Input autoFocus value={reason} maxLength={500} onChange={(change) => setReason(change.target.value)} placeholder={t('hold.reason')} aria-label={t('hold.reason')} />
          <Button type="primary" disabled={!reason.trim()} loading={place.isPending} onClick={() => place.mutate()}>{t('hold.place')}</Button>
        </div>
      )}
    </section>
  )
}
