import { useRef, useState } from 'react'

import { useQueue } from '../api/queries'
import type { EventsPage } from '../api/types'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { remember, remembered } from '../app/remembered'
import { LiveCorner } from '../cameras/LiveCorner'
import { CaseView, type CaseKeys } from '../evidence/CaseView'
import { useSpeech } from '../i18n/language'
import { EmptyQueue } from './EmptyQueue'
import { JudgePanel } from './JudgePanel'
import { KeysHelp } from './KeysHelp'
import type { Command } from './keymap'
import { PendingList } from './PendingList'
import { current, waiting } from './reviewQueue'
import { UndoBar } from './UndoBar'
import { useKeys } from './useKeys'
import { useReview } from './useReview'

type Order = 'oldest' | 'newest'

export default function QueuePage() {
  const [order, setOrder] = useState<Order>(() => remembered('order', ['oldest', 'newest'], 'oldest'))
  const page = useQueue(order)
  const turn = () => {
    const next = order === 'oldest' ? 'newest' : 'oldest'
    remember('order', next)
    setOrder(next)
  }
  if (page.isPending) return <Loading />
  if (!page.data) return <div className="page"><Failure error={page.error} retry={() => void page.refetch()} /></div>
  return <Review key={order} page={page.data} order={order} turn={turn} />
}

function Review({ page, order, turn }: { page: EventsPage; order: Order; turn: () => void }) {
  const { t } = useSpeech()
  const { queue, step, decide, undo, undoable } = useReview(page)
  const [choosing, setChoosing] = useState(false)
  const [note, setNote] = useState('')
  const [help, setHelp] = useState(false)
  const clip = useRef<CaseKeys>(null)
  const event = current(queue)
  const events = waiting(queue)

  const leave = () => {
    setChoosing(false)
    setNote('')
  }
  const judge = (verdict: 'confirmed' | 'dismissed', reason: string) => {
    if (!event) return
    decide(event, verdict, reason, note)
    leave()
  }
  const go = (to: Parameters<typeof step>[0]) => {
    step(to)
    leave()
  }
  const run = (command: Command) => {
    switch (command.do) {
      case 'next': return go({ type: 'moved', by: 1 })
      case 'previous': return go({ type: 'moved', by: -1 })
      case 'confirm': return judge('confirmed', 'real_breach')
      case 'dismiss': return setChoosing(event !== null)
      case 'reason': return judge('dismissed', command.reason)
      case 'skip': return event && go({ type: 'skipped', id: event.id })
      case 'undo': return void undo()
      case 'play': return clip.current?.play()
      case 'stepBack': return clip.current?.step(-1)
      case 'stepForward': return clip.current?.step(1)
      case 'boxes': return clip.current?.boxes()
      case 'speed': return clip.current?.speed()
      case 'help': return setHelp(true)
      case 'back': return setChoosing(false)
    }
  }
  useKeys(choosing, run)

  return (
    <div className="queue">
      <PendingList
        events={events}
        pending={Math.max(page.counts.pending - (page.items.length - events.length), events.length)}
        currentId={queue.currentId}
        skipped={queue.skipped}
        order={order}
        turn={turn}
        select={(id) => go({ type: 'selected', id })}
      />
      {event ? <CaseView key={event.id} event={event} ref={clip} /> : <EmptyQueue />}
      <div className="judge">
        {event && (
          <JudgePanel
            choosing={choosing}
            note={note}
            setNote={setNote}
            confirm={() => judge('confirmed', 'real_breach')}
            choose={setChoosing}
            dismiss={(reason) => judge('dismissed', reason)}
            skip={() => run({ do: 'skip' })}
          />
        )}
        <LiveCorner />
        <button type="button" className="plain small quiet" onClick={() => setHelp(true)}>{t('keys.hint')}</button>
      </div>
      <UndoBar undoable={undoable} undo={() => void undo()} />
      <KeysHelp open={help} close={() => setHelp(false)} />
    </div>
  )
}
