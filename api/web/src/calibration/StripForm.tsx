import { SwapOutlined } from '@ant-design/icons'
import { Button, InputNumber, Select, Tooltip } from 'antd'

import { useSpeech } from '../i18n/language'
import type { Segment } from './content'
import { counterOf, lineOf, placeOf, type Counter, type Draft, type Line } from './draft'
import type { Edit } from './editing'

interface Properties {
  draft: Draft
  edit: (edit: Edit, stroke?: string) => void
  lift: () => void
}

const ORIGIN: Segment = [[0, 0], [1, 0]]
const AHEAD: Segment = [[0, 1], [1, 1]]

/** Where the counter's edge runs and the 1-metre line before it: through points, or typed in metres. */
export function StripForm({ draft, edit, lift }: Properties) {
  const { t } = useSpeech()
  return (
    <section className="strip-form" aria-label={t('calibration.strip')}>
      <h3>{t('calibration.strip')}</h3>
      <CounterRow draft={draft} edit={edit} lift={lift} />
      <LineRow draft={draft} edit={edit} lift={lift} />
    </section>
  )
}

function CounterRow({ draft, edit, lift }: Properties) {
  const { t } = useSpeech()
  const { counter } = draft
  const put = (next: Counter | null, stroke?: string) => edit({ do: 'setCounter', counter: next }, stroke)
  const measured = draft.points.filter((point) => placeOf(draft, point) !== null)
  // The counter is where people begin to measure: its points are the ones with y near 0.
  const [first, second] = measured.toSorted((one, other) => Math.abs(one.away ?? 0) - Math.abs(other.away ?? 0))
  const choose = (by: 'none' | Counter['by']) => {
    if (by === 'metres') put({ by, segment: counterOf(draft) ?? ORIGIN })
    else put(by === 'points' && first && second ? { by, a: first.id, b: second.id } : null)
  }
  const options = draft.points.map((point, index) => ({ value: point.id, label: `${index + 1}`, disabled: placeOf(draft, point) === null }))
  const end = (which: 'a' | 'b') => counter?.by === 'points' && (
    <Select
      size="small"
      aria-label={t(`calibration.counter.${which}`)}
      value={counter[which]}
      options={options.map((option) => ({ ...option, disabled: option.disabled || option.value === counter[which === 'a' ? 'b' : 'a'] }))}
      onChange={(id: number) => put({ ...counter, [which]: id })}
      style={{ width: 60 }}
    />
  )
  return (
    <>
      <div className="row">
        <Select
          size="small"
          aria-label={t('calibration.end.counter')}
          value={counter?.by ?? 'none'}
          onChange={choose}
          style={{ flex: 1, minWidth: 0 }}
          options={[
            { value: 'none', label: t('calibration.counter.none') },
            { value: 'points', label: t('calibration.counter.points'), disabled: measured.length < 2 },
            { value: 'metres', label: t('calibration.counter.metres') },
          ]}
        />
        {end('a')} {end('b')}
      </div>
      {counter?.by === 'metres' && (
        <Ends which={t('calibration.end.counter')} segment={counter.segment} put={(segment, stroke) => put({ by: 'metres', segment }, stroke)} lift={lift} />
      )}
    </>
  )
}

function LineRow({ draft, edit, lift }: Properties) {
  const { t } = useSpeech()
  const { line } = draft
  const put = (next: Line | null, stroke?: string) => edit({ do: 'setLine', line: next }, stroke)
  const choose = (by: 'none' | Line['by']) => {
    if (by === 'metres') put({ by, segment: lineOf(draft) ?? AHEAD })
    else put(by === 'ahead' ? { by, metres: 1, side: 1 } : null)
  }
  return (
    <>
      <div className="row">
        <Select
          size="small"
          aria-label={t('calibration.end.line')}
          value={line?.by ?? 'none'}
          onChange={choose}
          style={{ flex: 1, minWidth: 0 }}
          options={[
            { value: 'none', label: t('calibration.line.none') },
            { value: 'ahead', label: t('calibration.line.ahead'), disabled: !draft.counter },
            { value: 'metres', label: t('calibration.line.metres') },
          ]}
        />
        {line?.by === 'ahead' && (
          <>
            <InputNumber
              size="small" min={0.1} max={20} step={0.05} decimalSeparator="." controls={false}
              aria-label={t('calibration.line.distance')}
              value={line.metres}
              onChange={(metres) => typeof metres === 'number' && put({ ...line, metres }, 'line distance')}
              onBlur={lift}
              style={{ width: 60 }}
            />
            {t('calibration.metre')}
            <Tooltip title={t('calibration.line.flip')}>
              <Button
                size="small" icon={<SwapOutlined rotate={90} />} aria-label={t('calibration.line.flip')}
                onClick={() => put({ ...line, side: line.side === 1 ? -1 : 1 })}
              />
            </Tooltip>
          </>
        )}
      </div>
      {line?.by === 'metres' && (
        <Ends which={t('calibration.end.line')} segment={line.segment} put={(segment, stroke) => put({ by: 'metres', segment }, stroke)} lift={lift} />
      )}
    </>
  )
}

interface EndsProperties {
  which: string
  segment: Segment
  put: (segment: Segment, stroke: string) => void
  lift: () => void
}

/** The two ends of a segment on the floor, typed. */
function Ends({ which, segment, put, lift }: EndsProperties) {
  const { t } = useSpeech()
  const field = (end: 0 | 1, axis: 0 | 1) => (
    <InputNumber
      size="small" controls={false} step={0.01} decimalSeparator="."
      aria-label={t('calibration.end', { which, end: end + 1, axis: axis ? 'y' : 'x' })}
      value={segment[end][axis]}
      onChange={(value) => {
        if (typeof value !== 'number') return
        const changed: [number, number] = [segment[end][0], segment[end][1]]
        changed[axis] = value
        put(end ? [segment[0], changed] : [changed, segment[1]], `${which} ${end} ${axis}`)
      }}
      onBlur={lift}
      style={{ width: 62 }}
    />
  )
  return (
    <div className="row tight ends">
      ({field(0, 0)}, {field(0, 1)}) – ({field(1, 0)}, {field(1, 1)})
    </div>
  )
}
