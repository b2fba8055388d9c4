import { useState, type ReactNode } from 'react'

import type { HallEvent, Skeleton } from '../api/types'
import { useWords } from '../app/Failure'
import { useSpeech } from '../i18n/language'
import { COLOURS } from './drawing'
import { Overlay } from './Overlay'
import type { Player } from './usePlayer'

interface Properties {
  event: HallEvent
  address: string | null
  error: unknown
  skeleton: Skeleton | null
  boxes: boolean
  player: Player
}

export function ClipView({ event, address, error, skeleton, boxes, player }: Properties) {
  const { t } = useSpeech()
  const words = useWords()
  const [unplayable, setUnplayable] = useState<string | null>(null)
  const clip = event.clip
  const reason = clip?.reason ?? t('clip.failed.unknown')
  if (!clip) return <Instead title={t('clip.none')} todo={t('clip.none.do')} />
  if (clip.state === 'failed' && !clip.review?.url) return <Instead title={t('clip.failed')} todo={t('clip.failed.do', { reason })} />
  if (clip.review?.state === 'failed') return <Instead title={t('clip.copy.failed')} todo={t('clip.failed.do', { reason: clip.review.reason ?? t('clip.failed.unknown') })} />
  if (!clip.review?.url) return <Instead title={t('clip.copy.pending')} todo={t('clip.copy.pending.do')} />
  if (error) return <Instead title={words(error).title} todo={words(error).todo} />
  if (!address) return <Instead title={t('clip.loading')} />
  if (unplayable === address) return <Instead title={t('clip.unplayable')} todo={t('clip.unplayable.do')} />
  return (
    <div className="player">
      <video
        ref={player.video}
        src={address}
        poster={clip.review.poster_url ?? undefined}
        muted
        playsInline
        preload="auto"
        onClick={player.toggle}
        onError={() => setUnplayable(address)}
      />
      {boxes && skeleton && <Overlay skeleton={skeleton} at={player.at} />}
      {boxes && skeleton && <Legend />}
      {clip.state === 'ready' && clip.reason && <div className="corner top">{clip.reason}</div>}
      {clip.state === 'partial' && <div className="corner top">{t('clip.partial', { reason })}</div>}
    </div>
  )
}

function Instead({ title, todo }: { title: string; todo?: ReactNode }) {
  return (
    <div className="player">
      <div className="middle">
        <div>
          <b>{title}</b>
          <p>{todo}</p>
        </div>
      </div>
    </div>
  )
}

function Legend() {
  const { t } = useSpeech()
  const kinds = ['staff', 'public', 'other', 'thing'] as const
  return (
    <div className="corner">
      {kinds.map((kind) => (
        <span key={kind}>
          <i style={{ background: COLOURS[kind] }} />
          {t(`clip.${kind}`)}
        </span>
      ))}
    </div>
  )
}
