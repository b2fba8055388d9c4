import type { PointerEvent } from 'react'

import { COLOURS } from '../evidence/drawing'
import { useSpeech } from '../i18n/language'
import type { Place } from './content'
import { ZONE_SIDES, type Draft } from './draft'
import { outlineOf, type Edit, type ZoneName } from './editing'
import { pathOf } from './pathOf'
import { edges, middle, type Outline } from './polygon'
import { Spot } from './Spot'

interface Properties {
  draft: Draft
  names: (zone: ZoneName) => string
  size: readonly [number, number]
  seen: readonly [number, number]
  active: ZoneName | null
  drawing: boolean
  chosen: string | null
  choose: (mark: string | null) => void
  pick: (zone: ZoneName) => void
  finish: () => void
  grasp: (event: PointerEvent<SVGElement>, at: Place, move: (to: Place) => void, drop?: (to: Place, still: boolean) => void) => void
  edit: (edit: Edit, stroke?: string) => void
  lift: () => void
}

export const cornerMark = ({ window, side }: ZoneName, index: number) => `corner-${window}-${side}-${index}`

/** The zones of all windows; the active one with its corners. */
export function ZoneLayer(properties: Properties) {
  const { draft, names, seen, active, pick, drawing } = properties
  const zones = Object.keys(draft.zones).flatMap((window) => ZONE_SIDES.map((side): ZoneName => ({ window, side })))
  const isActive = (zone: ZoneName) => zone.window === active?.window && zone.side === active.side
  return (
    <g className="zone-layer">
      {zones.filter((zone) => outlineOf(draft, zone).length > 0).map((zone) => {
        const outline = outlineOf(draft, zone)
        const open = isActive(zone) && drawing
        const path = pathOf(outline, seen) + (open ? '' : 'Z')
        return (
          <g key={`${zone.window}/${zone.side}`} className={isActive(zone) ? 'zone active' : 'zone'} color={COLOURS[zone.side]}>
            <path d={path} className={open ? 'open' : ''} onPointerDown={(event) => {
              // While corners are being clicked, clicks inside other zones are corners too.
              if (drawing || isActive(zone)) return
              event.stopPropagation()
              pick(zone)
            }} />
            <Caption outline={outline} seen={seen} text={names(zone)} />
          </g>
        )
      })}
      {active && <Corners {...properties} zone={active} />}
    </g>
  )
}

function Caption({ outline, seen, text }: { outline: Outline; seen: readonly [number, number]; text: string }) {
  if (outline.length < 3) return null
  const top = outline.reduce((best, corner) => (corner[1] < best[1] ? corner : best))
  const x = Math.min(Math.max(top[0] * seen[0], 60), seen[0] - 60)
  return <text className="caption" x={x} y={Math.max(top[1] * seen[1] - 8, 14)} textAnchor="middle">{text}</text>
}

function Corners({ draft, names, size, seen, zone, drawing, chosen, choose, finish, grasp, edit, lift }: Properties & { zone: ZoneName }) {
  const { t } = useSpeech()
  const outline = outlineOf(draft, zone)
  const onScreen = ([x, y]: Place): Place => [x * seen[0], y * seen[1]]
  const sides = outline.length > 1 ? edges(outline).slice(0, outline.length > 2 && !drawing ? undefined : -1) : []
  const closes = (index: number) => drawing && index === 0 && outline.length > 2
  return (
    <g color={COLOURS[zone.side]}>
      {sides.map(([a, b], edge) => {
        const at = middle(a, b)
        const [x, y] = onScreen(at)
        let grown = false
        const grow = (to: Place) => {
          const stroke = `edge ${edge}`
          edit(grown ? { do: 'moveCorner', zone, index: edge + 1, at: to } : { do: 'insertCorner', zone, edge, at: to }, stroke)
          grown = true
        }
        const drop = (to: Place, still: boolean) => { if (still) grow(to) }
        return (
          <g
            key={edge}
            className="edge"
            role="button"
            aria-label={t('calibration.zone.edge', { zone: names(zone), number: edge + 1 })}
            transform={`translate(${x} ${y})`}
            onPointerDown={(event) => grasp(event, at, grow, drop)}
          >
            <circle r={12} fill="transparent" />
            <circle className="seed" r={3.5} />
          </g>
        )
      })}
      {outline.map((corner, index) => (
        <Spot
          key={index}
          at={corner}
          seen={onScreen(corner)}
          size={size}
          name={t('calibration.zone.corner', { zone: names(zone), number: index + 1 })}
          mark={cornerMark(zone, index)}
          chosen={chosen === cornerMark(zone, index)}
          grasp={(event, at) => grasp(event, at,
            (to) => edit({ do: 'moveCorner', zone, index, at: to }, `corner ${index}`),
            (_, still) => { if (still && closes(index)) finish() })}
          nudge={(to) => edit({ do: 'moveCorner', zone, index, at: to }, `nudge corner ${index}`)}
          choose={() => choose(cornerMark(zone, index))}
          leave={lift}
          remove={() => edit({ do: 'removeCorner', zone, index })}
          enter={finish}
        >
          <rect className={closes(index) ? 'corner closes' : 'corner'} x={-5} y={-5} width={10} height={10} rx={2} />
        </Spot>
      ))}
    </g>
  )
}
