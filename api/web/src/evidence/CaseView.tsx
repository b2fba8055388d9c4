import { useImperativeHandle, useState, type Ref } from 'react'

import type { HallEvent } from '../api/types'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { PermitsBeside } from '../permits/PermitsBeside'
import { clock, dayAndClock, secondsBetween } from '../time/hallTime'
import { duration } from '../time/duration'
import { Around } from './Around'
import { clipOffset, triggerAt } from './clipTime'
import { ClipView } from './ClipView'
import { Controls } from './Controls'
import { EvidenceStrip } from './EvidenceStrip'
import { useClip, useSkeleton } from './useClip'
import { usePlayer } from './usePlayer'

/** What the keys can do with the clip in view. */
export interface CaseKeys {
  play: () => void
  step: (by: 1 | -1) => void
  boxes: () => void
  speed: () => void
  loop: () => void
  full: () => void
}

/** Everything there is to judge one event by. */
export function CaseView({ event, ref }: { event: HallEvent; ref?: Ref<CaseKeys> }) {
  const clip = useClip(event)
  const skeleton = useSkeleton(event)
  const player = usePlayer(triggerAt(event) - clipOffset(event), clip.address)
  const [boxes, setBoxes] = useState(true)
  const toggleBoxes = () => setBoxes((before) => !before)
  useImperativeHandle(
    ref,
    () => ({
      play: player.toggle,
      step: player.step,
      speed: player.toggleSpeed,
      loop: player.toggleLoop,
      full: player.toggleFull,
      boxes: toggleBoxes,
    }),
    [player.toggle, player.step, player.toggleSpeed, player.toggleLoop, player.toggleFull],
  )
  const offset = clipOffset(event)
  return (
    <div className="case">
      <CaseHeading event={event} />
      <ClipView event={event} address={clip.address} error={clip.error} skeleton={skeleton} boxes={boxes} player={player} />
      {clip.address && (
        <Controls
          player={player}
          duration={event.clip?.duration_s ?? 0}
          boxes={boxes}
          toggleBoxes={toggleBoxes}
          hasSkeleton={skeleton !== null}
        />
      )}
      <EvidenceStrip event={event} at={clip.address ? player.at + offset : null} seek={(at) => player.seek(at - offset)} />
      <Why event={event} />
      <PermitsBeside event={event} />
      <Around event={event} />
    </div>
  )
}

function CaseHeading({ event }: { event: HallEvent }) {
  const { t, word, language } = useSpeech()
  const names = useNames()
  const ended = event.ended_at
  const lasted = ended ? duration(secondsBetween(event.started_at, ended), language) : t('ending.ongoing')
  return (
    <header data-event={event.id}>
      <h2>{names.what(event)}</h2>
      <b>{names.window(event)}</b>
      <span className="figures">
        {dayAndClock(event.started_at, names.zone, language)}
        {ended && `–${clock(ended, names.zone)}`}
      </span>
      <span>{lasted}</span>
      {event.due_at && event.state === 'pending' && <span className="small quiet figures">{t('event.due', { time: dayAndClock(event.due_at, names.zone, language) })}</span>}
      {event.ending && event.ending !== 'ceased' && <span className="tag warn">{word('ending', event.ending)}</span>}
      <span className="quiet">{names.camera(event.camera)}</span>
    </header>
  )
}

/** The reason in the page's language; the clause in both, as it is what a decision rests on. */
function Why({ event }: { event: HallEvent }) {
  const { t } = useSpeech()
  const names = useNames()
  const article = names.article(event.behaviour)
  return (
    <div className="why">
      <div>{names.why(event)}</div>
      {article && (
        <div className="small quiet">
          {t('event.clause', { clause: article.clause })} {article.clause_zh} <span lang="en">{article.clause_en}</span>
        </div>
      )}
    </div>
  )
}
