import { Alert, Button } from 'antd'
import { useRef, useState } from 'react'

import { useQueue } from '../api/queries'
import type { QueueFilter, QueuePage as Page } from '../api/reviewTypes'
import type { Verdict } from '../api/types'
import { Failure } from '../app/Failure'
import { Loading } from '../app/Loading'
import { LiveCorner } from '../cameras/LiveCorner'
import { CaseView, type CaseKeys } from '../evidence/CaseView'
import { useSpeech } from '../i18n/language'
import { EmptyQueue } from './EmptyQueue'
import { GroupBar } from './GroupBar'
import { JudgePanel } from './JudgePanel'
import { KeysHelp } from './KeysHelp'
import type { Command } from './keymap'
import { PauseNotice } from './PauseNotice'
import { PendingList } from './PendingList'
import './queue.css'
import { QueueFilters } from './QueueFilters'
import { groupOf, waiting } from './reviewQueue'
import { UndoBar } from './UndoBar'
import { useKeys } from './useKeys'
import { useReview } from './useReview'

export default function QueuePage() {
  const [filter, setFilter] = useState<QueueFilter>({})
  const page = useQueue(filter)
  if (page.isPending) return <Loading />
  if (!page.data) return <div className="page"><Failure error={page.error} retry={() => void page.refetch()} /></div>
  return <Review page={page.data} filter={filter} setFilter={setFilter} />
}

interface Properties {
  page: Page
  filter: QueueFilter
  setFilter: (filter: QueueFilter) => void
}

/** What a dismissal that waits for its reason is about. */
type Choosing = 'one' | 'group' | null

function Review({ page, filter, setFilter }: Properties) {
  const { t } = useSpeech()
  const { queue, event, step, decide, undo, undoable, seen, takenBy } = useReview(page)
  const [choosing, setChoosing] = useState<Choosing>(null)
  const [note, setNote] = useState('')
  const [help, setHelp] = useState(false)
  const clip = useRef<CaseKeys>(null)
  const noteField = useRef<HTMLTextAreaElement>(null)
  const events = waiting(queue)
  const group = event ? groupOf(queue, event) : []
  const unseen = group.filter((one) => !seen.has(one.id))
  const whole = group.length > 1 && unseen.length === 0

  const leave = () => {
    setChoosing(null)
    setNote('')
  }
  const judge = (verdict: Verdict, reason: string, of: Choosing = 'one') => {
    if (!event || takenBy || (of === 'group' && !whole)) return
    decide(of === 'group' ? group : [event], { verdict, reason, note })
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
      case 'dismiss': return setChoosing(event && !takenBy ? 'one' : null)
      case 'confirmGroup': return judge('confirmed', 'real_breach', 'group')
      case 'dismissGroup': return setChoosing(whole ? 'group' : null)
      case 'reason': return judge('dismissed', command.reason, choosing)
      case 'skip': return event && go({ type: 'skipped', id: event.id })
      case 'undo': return undo()
      case 'note': return noteField.current?.focus()
      case 'play': return clip.current?.play()
      case 'stepBack': return clip.current?.step(-1)
      case 'stepForward': return clip.current?.step(1)
      case 'boxes': return clip.current?.boxes()
      case 'speed': return clip.current?.speed()
      case 'loop': return clip.current?.loop()
      case 'full': return clip.current?.full()
      case 'help': return setHelp(true)
      case 'back': return setChoosing(null)
    }
  }
  useKeys(choosing !== null, run)
  const hidden = page.items.length - events.length

  return (
    <div className="queue">
      <PendingList
        events={events}
        pending={Math.max(page.counts.pending - hidden, events.length)}
        currentId={queue.currentId}
        skipped={queue.skipped}
        select={(id) => go({ type: 'selected', id })}
        filters={<QueueFilters filter={filter} choose={setFilter} />}
      />
      {event ? <CaseView key={event.id} event={event} ref={clip} /> : <EmptyQueue filtered={Object.keys(filter).length > 0} clear={() => setFilter({})} />}
      <div className="judge">
        <PauseNotice stint={page.stint} />
        {takenBy && <Alert type="warning" showIcon title={t('queue.taken', { who: takenBy.username })} description={t('queue.taken.do')} action={<Button size="small" onClick={() => run({ do: 'skip' })}>{t('decide.skip')}</Button>} />}
        {event && group.length > 1 && (
          <GroupBar
            group={group}
            currentId={event.id}
            seen={seen}
            select={(id) => go({ type: 'selected', id })}
            confirm={() => run({ do: 'confirmGroup' })}
            dismiss={() => run({ do: 'dismissGroup' })}
          />
        )}
        {event && (
          <JudgePanel
            choosing={choosing !== null}
            about={choosing === 'group' ? t('group.about', { count: group.length }) : null}
            disabled={takenBy !== null}
            note={note}
            noteField={noteField}
            setNote={setNote}
            confirm={() => run({ do: 'confirm' })}
            choose={(open) => setChoosing(open ? 'one' : null)}
            dismiss={(reason) => judge('dismissed', reason, choosing)}
            skip={() => run({ do: 'skip' })}
          />
        )}
        <LiveCorner />
        <button type="button" className="plain small quiet" onClick={() => setHelp(true)}>{t('keys.hint')}</button>
      </div>
      <UndoBar undoable={undoable} undo={undo} />
      <KeysHelp open={help} close={() => setHelp(false)} />
    </div>
  )
}
