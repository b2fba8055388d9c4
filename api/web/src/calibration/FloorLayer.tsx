import { Fragment, type PointerEvent } from 'react'

import { useSpeech } from '../i18n/language'
import { isOff, type Fit, type Place, type PointError } from './content'
import type { Draft, DraftPoint } from './draft'
import { pathOf } from './pathOf'
import { Spot } from './Spot'
import type { Edit } from './editing'

interface Properties {
  draft: Draft
  fit: Fit | null
  errors: ReadonlyMap<number, PointError>
  size: readonly [number, number]
  seen: readonly [number, number]
  editable: boolean
  chosen: string | null
  choose: (mark: string | null) => void
  grasp: (event: PointerEvent<SVGElement>, at: Place, move: (to: Place) => void) => void
  edit: (edit: Edit, stroke?: string) => void
  lift: () => void
  removed: (index: number) => void
}

export const pointMark = (id: number) => `point-${id}`
export const cellName = (id: number, axis: 'across' | 'away') => `${axis}-${id}`

/** The fitted floor drawn back on the picture, and the points that it was fitted to. */
export function FloorLayer({ draft, fit, errors, size, seen, editable, chosen, choose, grasp, edit, lift, removed }: Properties) {
  const { t } = useSpeech()
  const line = (places: readonly Place[]) => pathOf(places, seen)
  const move = (point: DraftPoint) => (at: Place) => edit({ do: 'movePoint', id: point.id, at }, `drag ${point.id}`)
  return (
    <g className="floor-layer">
      {fit?.grid.map((places, index) => <path key={index} className="grid" d={line(places)} />)}
      {editable && fit?.ellipses.map((places, index) => <path key={index} className="ellipse" d={`${line(places)}Z`} />)}
      {fit?.counter && <Edge className="counter" d={line(fit.counter)} />}
      {fit?.line && <Edge className="line" d={line(fit.line)} />}
      {editable && draft.points.map((point, index) => {
        const number = index + 1
        const error = errors.get(point.id)
        const grade = error?.grade ?? 'unknown'
        const told = error ? `${t('calibration.cm', { cm: error.off_cm.toFixed(1) })}, ${t(`calibration.grade.${error.grade}`)}` : ''
        return (
          <Spot
            key={point.id}
            at={point.at}
            seen={[point.at[0] * seen[0], point.at[1] * seen[1]]}
            size={size}
            name={[t('calibration.point', { number }), told, t('calibration.point.help')].filter(Boolean).join('. ')}
            mark={pointMark(point.id)}
            chosen={chosen === pointMark(point.id)}
            grasp={(event, at) => grasp(event, at, move(point))}
            nudge={(at) => edit({ do: 'movePoint', id: point.id, at }, `nudge ${point.id}`)}
            choose={() => choose(pointMark(point.id))}
            leave={lift}
            remove={() => { edit({ do: 'removePoint', id: point.id }); removed(index) }}
            enter={() => document.getElementById(cellName(point.id, 'across'))?.focus()}
          >
            <g className={`point ${grade}`}>
              <path d="M-11 0H-4M4 0H11M0 -11V-4M0 4V11" />
              <circle r={6} />
              <circle className="heart" r={1.2} />
              <text x={9} y={-8}>{number}</text>
              {error && isOff(error) && <text className="told" x={9} y={16}>{t('calibration.cm', { cm: error.off_cm.toFixed(0) })}</text>}
            </g>
          </Spot>
        )
      })}
    </g>
  )
}

/** A line over any picture: light on dark. */
function Edge({ className, d }: { className: string; d: string }) {
  return (
    <Fragment>
      <path className="under" d={d} />
      <path className={className} d={d} />
    </Fragment>
  )
}
