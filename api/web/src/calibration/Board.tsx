import { Alert, Spin } from 'antd'
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type PointerEvent } from 'react'

import { useSpeech } from '../i18n/language'
import type { Calibration, Place } from './content'
import type { Draft } from './draft'
import { nextId, outlineOf, type Edit, type ZoneName } from './editing'
import { FloorLayer, pointMark } from './FloorLayer'
import { Loupe } from './Loupe'
import type { Preview } from './queries'
import { useGrip } from './useGrip'
import type { Still } from './useStill'
import { ZoneLayer, cornerMark } from './ZoneLayer'

export type Tool = 'floor' | 'zones'

interface Properties {
  still: Still
  size: Calibration['size']
  tool: Tool
  draft: Draft
  preview: Preview
  zone: ZoneName | null
  drawing: boolean
  zoneName: (zone: ZoneName) => string
  pickZone: (zone: ZoneName) => void
  finishZone: () => void
  edit: (edit: Edit, stroke?: string) => void
  lift: () => void
}

/** The still picture with what is drawn on it, in pixels of the screen. */
export function Board({ still, size, tool, draft, preview, zone, drawing, zoneName, pickZone, finishZone, edit, lift }: Properties) {
  const { t } = useSpeech()
  const board = useRef<SVGSVGElement>(null)
  const seen = useSeenSize(board, size)
  const grip = useGrip(board)
  const [chosen, setChosen] = useState<string | null>(null)
  const [wanted, setWanted] = useState<string | null>(null)
  useEffect(() => {
    if (!wanted) return
    board.current?.querySelector<SVGElement>(`[data-spot="${CSS.escape(wanted)}"]`)?.focus({ preventScroll: true })
    setWanted(null)
  }, [wanted])

  const adds = tool === 'floor' || (zone !== null && drawing)
  const add = (at: Place) => {
    if (tool === 'floor') {
      edit({ do: 'addPoint', at })
      setWanted(pointMark(nextId(draft)))
    } else if (zone) {
      edit({ do: 'addCorner', zone, at })
      setWanted(cornerMark(zone, outlineOf(draft, zone).length))
    }
  }
  const press = (event: PointerEvent<SVGElement>) => {
    // Pressing shows the magnifier; the spot is where the pointer is let go.
    if (adds) grip.grasp(event, null, { drop: add })
  }
  const grasp = (event: PointerEvent<SVGElement>, at: Place, move: (to: Place) => void, drop?: (to: Place, still: boolean) => void) =>
    grip.grasp(event, at, {
      move,
      drop: (to, dropped) => {
        drop?.(to, dropped)
        lift()
      },
    })
  const keys = (event: KeyboardEvent) => {
    if (tool === 'zones' && drawing && (event.key === 'Enter' || event.key === 'Escape')) finishZone()
  }
  const afterRemoval = (index: number) => {
    const next = draft.points[index + 1] ?? draft.points[index - 1]
    setWanted(next ? pointMark(next.id) : null)
  }
  const focused = tool === 'floor' ? draft.points.find(({ id }) => pointMark(id) === chosen)?.at : undefined
  const enlarged = grip.held ?? focused
  return (
    <div className="board" style={{ aspectRatio: `${size[0]} / ${size[1]}` }}>
      {still.url && <img src={still.url} alt="" draggable={false} />}
      {still.fetching && !still.url && <div className="over"><Spin /></div>}
      {still.missing && !still.url && (
        <div className="over">
          <Alert type="warning" showIcon title={t('calibration.still.none')} description={t('calibration.still.none.do')} />
        </div>
      )}
      <svg
        ref={board}
        viewBox={`0 0 ${seen[0]} ${seen[1]}`}
        className={adds ? 'adding' : ''}
        aria-label={t('calibration.board')}
        role="group"
        onPointerDown={press}
        onPointerMove={grip.follow}
        onPointerUp={grip.release}
        onPointerCancel={grip.release}
        onKeyDown={keys}
        onBlur={() => setChosen(null)}
      >
        <FloorLayer
          draft={draft} fit={preview.fit} errors={preview.errors} size={size} seen={seen} editable={tool === 'floor'}
          chosen={chosen} choose={setChosen} grasp={grasp} edit={edit} lift={lift} removed={afterRemoval}
        />
        {tool === 'zones' && (
          <ZoneLayer
            draft={draft} names={zoneName} size={size} seen={seen} active={zone} drawing={drawing} chosen={chosen}
            choose={setChosen} pick={pickZone} finish={finishZone} grasp={grasp} edit={edit} lift={lift}
          />
        )}
        {enlarged && still.url && <Loupe url={still.url} at={enlarged} seen={seen} />}
      </svg>
    </div>
  )
}

/** How large the board is on the screen; the camera's own size until it is known. */
function useSeenSize(board: { current: SVGSVGElement | null }, size: Calibration['size']): [number, number] {
  const [seen, setSeen] = useState<[number, number]>([size[0], size[1]])
  useLayoutEffect(() => {
    const element = board.current
    if (!element) return
    const measure = () => {
      const { width, height } = element.getBoundingClientRect()
      if (width && height) setSeen([width, height])
    }
    measure()
    const watching = new ResizeObserver(measure)
    watching.observe(element)
    return () => watching.disconnect()
  }, [board])
  return seen
}
