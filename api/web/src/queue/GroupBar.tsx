import { Button } from 'antd'
import { useEffect, useRef } from 'react'

import type { QueueItem } from '../api/reviewTypes'
import { useNames } from '../events/names'
import { Poster } from '../evidence/Poster'
import { useSpeech } from '../i18n/language'
import { clock } from '../time/hallTime'

interface Properties {
  group: QueueItem[]
  currentId: string
  seen: ReadonlySet<string>
  select: (id: string) => void
  confirm: () => void
  dismiss: () => void
}

const keepFocus = { onMouseDown: (press: React.MouseEvent) => press.preventDefault() }

/** The events of a group as a strip of pictures; all at once only after each was on the screen. */
export function GroupBar({ group, currentId, seen, select, confirm, dismiss }: Properties) {
  const { t } = useSpeech()
  const names = useNames()
  const looked = group.filter((one) => seen.has(one.id)).length
  const ready = looked === group.length
  const film = useRef<HTMLOListElement>(null)
  useEffect(() => {
    const [strip, tile] = [film.current, film.current?.querySelector<HTMLElement>('[aria-current=true]')]
    if (strip && tile) strip.scrollLeft = tile.offsetLeft - strip.offsetLeft - (strip.clientWidth - tile.offsetWidth) / 2
  }, [currentId])
  return (
    <section className="sheet group" aria-label={t('group.title', { count: group.length })}>
      <div className="row">
        <b>{t('group.title', { count: group.length })}</b>
        <span className="small quiet figures">{t('group.seen', { seen: looked, count: group.length })}</span>
      </div>
      <ol className="film" ref={film}>
        {group.map((one) => (
          <li key={one.id}>
            <button type="button" className="plain" aria-current={one.id === currentId} onClick={() => select(one.id)} {...keepFocus}>
              <Poster event={one} />
              <span className="small figures">{seen.has(one.id) ? '✓ ' : ''}{clock(one.started_at, names.zone)}</span>
            </button>
          </li>
        ))}
      </ol>
      <div className="row">
        <Button size="small" disabled={!ready} onClick={confirm} {...keepFocus}>{t('group.confirm')}<kbd>⇧F</kbd></Button>
        <Button size="small" disabled={!ready} onClick={dismiss} {...keepFocus}>{t('group.dismiss')}<kbd>⇧D</kbd></Button>
      </div>
      {!ready && <div className="small quiet">{t('group.lookFirst')}</div>}
    </section>
  )
}
