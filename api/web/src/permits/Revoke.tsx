import { useMutation, useQueryClient } from '@tanstack/react-query'
import { App, Button, Input, Modal } from 'antd'
import { useState, type MouseEvent } from 'react'

import { api } from '../api/client'
import { keys } from '../api/queries'
import type { Permit } from '../api/types'
import { Failure } from '../app/Failure'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { spanText } from './permitTimes'

/** Takes a permit back, which needs a reason, since events come back with it. */
export function Revoke({ permit }: { permit: Permit }) {
  const { t, word } = useSpeech()
  const names = useNames()
  const { message } = App.useApp()
  const client = useQueryClient()
  const [asking, setAsking] = useState(false)
  const [reason, setReason] = useState('')
  const revoke = useMutation({
    mutationFn: () => api.revokePermit(permit.id, reason.trim()),
    onSuccess: ({ restored }) => {
      setAsking(false)
      void message.success(t('permits.revoked', { count: restored.length }), 6)
    },
    onSettled: () => {
      for (const queryKey of [keys.permits, keys.events, keys.figures]) void client.invalidateQueries({ queryKey })
    },
  })
  const ask = (press: MouseEvent) => {
    press.stopPropagation()
    setAsking(true)
  }
  return (
    // The row behind opens on a click, and a click in the dialogue is one in the row.
    <span onClick={(press) => press.stopPropagation()}>
      <Button size="small" onClick={ask}>{t('permits.revoke')}</Button>
      <Modal
        open={asking}
        title={t('permits.revoke.title')}
        okText={t('permits.revoke')}
        okButtonProps={{ danger: true, disabled: !reason.trim(), loading: revoke.isPending }}
        onOk={() => revoke.mutate()}
        onCancel={() => setAsking(false)}
        destroyOnHidden
      >
        <p>
          <b>{word('kind', permit.kind)}</b> · {names.windowOf(permit.window)} · <span className="figures">{spanText(permit, names.zone)}</span> · {permit.reason}
        </p>
        <p className="quiet" style={{ margin: '6px 0 10px' }}>{t('permits.revoke.what')}</p>
        <Input.TextArea
          autoFocus
          value={reason}
          onChange={(change) => setReason(change.target.value)}
          placeholder={t('permits.revoke.reason')}
          aria-label={t('permits.revoke.reason')}
          maxLength={500}
          autoSize={{ minRows: 2, maxRows: 4 }}
        />
        {revoke.isError && <div style={{ marginTop: 10 }}><Failure error={revoke.error} /></div>}
      </Modal>
    </span>
  )
}
