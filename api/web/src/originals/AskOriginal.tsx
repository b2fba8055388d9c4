import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Input } from 'antd'
import { useState } from 'react'

import { keys } from '../api/queries'
import { Failure } from '../app/Failure'
import { useSpeech } from '../i18n/language'
import { Fetch } from './Fetch'
import { CodeField, codeNeeded, useCode } from './CodeField'
import { StateOfRequest } from './StateOfRequest'
import { originalsApi, useOriginals } from './queries'

const OVER = new Set(['refused', 'failed', 'expired'])

/** Asks for an event's original, which shows faces; says where this person's last request stands. */
export function AskOriginal({ id }: { id: string }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const found = useOriginals(id)
  const [reason, setReason] = useState<string | null>(null)
  const code = useCode()
  const ask = useMutation({
    mutationFn: () => originalsApi.ask(id, reason?.trim() ?? '', code.value),
    onSuccess: () => {
      setReason(null)
      code.forget()
    },
    onError: code.heed,
    onSettled: () => void client.invalidateQueries({ queryKey: keys.originals }),
  })
  const latest = found.data?.[0]
  const open = latest && !OVER.has(latest.state)
  return (
    <section style={{ marginTop: 12 }}>
      {latest && (
        <div className="row">
          <StateOfRequest request={latest} />
          <span className="small quiet">{latest.said ?? t('originals.for', { who: latest.asked_by, reason: latest.reason })}</span>
          {latest.url && <Fetch request={latest} />}
        </div>
      )}
      {ask.isError && !codeNeeded(ask.error) && <Failure error={ask.error} />}
      {!open && reason === null && <Button onClick={() => setReason('')}>{t('originals.ask')}</Button>}
      {!open && reason !== null && (
        <>
          <p className="small quiet">{t('originals.ask.what')}</p>
          <div className="row">
            <Input autoFocus value={reason} maxLength={500} onChange={(change) => setReason(change.target.value)} placeholder={t('originals.reason')} aria-label={t('originals.reason')} />
            <CodeField code={code} />
            <Button type="primary" disabled={reason.trim().length < 4} loading={ask.isPending} onClick={() => ask.mutate()}>{t('originals.send')}</Button>
          </div>
        </>
      )}
    </section>
  )
}
