import { useId, type MouseEvent } from 'react'

import type { HallEvent } from '../api/types'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { duration } from '../time/duration'
import { clipSpan, triggerAt } from './clipTime'
import { bars, domain, momentAt, position, thresholdOf } from './strip'

const WIDTH = 1000
const HEIGHT = 46

interface Properties {
  event: HallEvent
  /** playhead in the event's seconds; null while there is nothing to play */
  at: number | null
  seek: (at: number) => void
}

/** How strongly each moment spoke for the behaviour, and what was not observed at all. */
export function EvidenceStrip({ event, at, seek }: Properties) {
  const { t, language } = useSpeech()
  const hatching = useId()
  const threshold = thresholdOf(event, useNames().article(event.behaviour))
  const clip = clipSpan(event)
  const span = domain(event.evidence, clip)
  const x = (moment: number) => position(moment, span, WIDTH)
  const y = (score: number) => HEIGHT - score * HEIGHT
  const jump = (press: MouseEvent<SVGSVGElement>) => {
    const place = press.currentTarget.getBoundingClientRect()
    seek(momentAt(press.clientX - place.left, span, place.width))
  }
  if (!event.evidence.length) return <div className="strip small quiet">{t('evidence.none')}</div>
  const label = t('evidence.label', { span: duration(span.to - span.from, language) })
  return (
    <div className="strip">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label} onClick={jump}>
        <defs>
          <pattern id={hatching} width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">
            <line x1="0" y1="0" x2="0" y2="7" stroke="var(--hatch)" strokeWidth="4" />
          </pattern>
        </defs>
        {bars(event.evidence, span, WIDTH).map((bar, index) =>
          bar.score === null ? (
            <rect key={index} x={bar.x} width={bar.width} y={0} height={HEIGHT} fill={`url(#${hatching})`} />
          ) : (
            <rect
              key={index}
              x={bar.x}
              width={bar.width + 0.3}
              y={y(bar.score)}
              height={HEIGHT - y(bar.score)}
              fill={threshold !== null && bar.score >= threshold ? 'var(--bar-high)' : 'var(--bar)'}
            />
          ),
        )}
        {clip && <rect x={x(clip.from)} width={x(clip.to) - x(clip.from)} y={0} height={HEIGHT} fill="none" stroke="var(--warn)" strokeWidth="2" vectorEffect="non-scaling-stroke" />}
        {threshold !== null && <line className="threshold" x1={0} x2={WIDTH} y1={y(threshold)} y2={y(threshold)} stroke="var(--bad)" strokeDasharray="6 4" vectorEffect="non-scaling-stroke" />}
        <line x1={x(triggerAt(event))} x2={x(triggerAt(event))} y1={0} y2={HEIGHT} stroke="var(--bad)" strokeWidth="2" vectorEffect="non-scaling-stroke" />
        {at !== null && <line x1={x(at)} x2={x(at)} y1={0} y2={HEIGHT} stroke="var(--ink)" strokeWidth="2" vectorEffect="non-scaling-stroke" />}
      </svg>
      <div className="legend">
        <span>{t('evidence.title')}</span>
        {threshold !== null && <span style={{ color: 'var(--bad)' }}>┄ {t('evidence.threshold', { value: threshold })}</span>}
        <span style={{ color: 'var(--bad)' }}>┃ {t('evidence.trigger')}</span>
        {clip && <span style={{ color: 'var(--warn)' }}>▭ {t('evidence.clip')}</span>}
        <span>
          <i className="hatched" />
          {t('evidence.unobserved')}
        </span>
      </div>
    </div>
  )
}
