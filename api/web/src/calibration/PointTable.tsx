import { DeleteOutlined } from '@ant-design/icons'
import { Button, InputNumber, Segmented, Tooltip } from 'antd'
import type { KeyboardEvent } from 'react'

import { useSpeech } from '../i18n/language'
import { isOff, type PointError } from './content'
import type { Draft, DraftPoint, Units } from './draft'
import type { Edit } from './editing'
import { cellName } from './FloorLayer'

interface Properties {
  draft: Draft
  errors: ReadonlyMap<number, PointError>
  edit: (edit: Edit, stroke?: string) => void
  lift: () => void
}

/** The floor points with their metres: two numbers a row, the rest is told. */
export function PointTable({ draft, errors, edit, lift }: Properties) {
  const { t } = useSpeech()
  if (!draft.points.length) return <p className="quiet">{t('calibration.points.none')}</p>
  return (
    <div className="points">
      <table>
        <thead>
          <tr>
            <th />
            <th scope="col">{t('calibration.x')}</th>
            <th scope="col">{t('calibration.y')}</th>
            <th scope="col"><Tooltip title={t('calibration.off.what')}>{t('calibration.off')}</Tooltip></th>
            <th scope="col"><Tooltip title={t('calibration.leftOut.what')}>{t('calibration.leftOut')}</Tooltip></th>
            <th />
          </tr>
        </thead>
        <tbody>
          {draft.points.map((point, index) => (
            <Row key={point.id} point={point} number={index + 1} units={draft.units} error={errors.get(point.id)} edit={edit} lift={lift} />
          ))}
        </tbody>
      </table>
    </div>
  )
}

interface RowProperties {
  point: DraftPoint
  number: number
  units: Units
  error: PointError | undefined
  edit: (edit: Edit, stroke?: string) => void
  lift: () => void
}

function Row({ point, number, units, error, edit, lift }: RowProperties) {
  const { t } = useSpeech()
  const cell = (axis: 'across' | 'away') => (
    <InputNumber
      id={cellName(point.id, axis)}
      size="small"
      controls={false}
      keyboard={false}
      step={units === 'metres' ? 0.01 : 1}
      decimalSeparator="."
      aria-label={t(axis === 'across' ? 'calibration.x.of' : 'calibration.y.of', { number })}
      value={point[axis]}
      status={point[axis] === null ? 'warning' : ''}
      onChange={(value) => edit({ do: 'measure', id: point.id, axis, value: typeof value === 'number' ? value : null }, `${axis} ${point.id}`)}
      onKeyDown={goOn}
      onBlur={lift}
    />
  )
  const grade = error?.grade ?? 'unknown'
  return (
    <tr>
      <th scope="row"><span className={`number ${grade}`} title={error && t(`calibration.grade.${error.grade}`)}>{number}</span></th>
      <td>{cell('across')}</td>
      <td>{cell('away')}</td>
      <td className={`figures ${error && (grade === 'good' || isOff(error)) ? grade : ''}`}>
        {error && <Tooltip title={t('calibration.px', { px: error.off_px.toFixed(1) })}>{t('calibration.cm', { cm: error.off_cm.toFixed(1) })}</Tooltip>}
      </td>
      <td className={`figures ${error && grade === 'weak' && !isOff(error) ? grade : 'quiet'}`}>
        {error?.left_out_cm != null && (
          <Tooltip title={error.left_out_px !== null && t('calibration.px', { px: error.left_out_px.toFixed(1) })}>
            {t('calibration.cm', { cm: error.left_out_cm.toFixed(1) })}
          </Tooltip>
        )}
      </td>
      <td>
        <Button
          type="text" size="small" tabIndex={-1} icon={<DeleteOutlined />}
          aria-label={t('calibration.point.remove', { number })}
          onClick={() => edit({ do: 'removePoint', id: point.id })}
        />
      </td>
    </tr>
  )
}

/** Enter goes on like Tab: to the next number, and from the last one nowhere. */
function goOn(event: KeyboardEvent<HTMLInputElement>) {
  const rows = event.currentTarget.closest('tbody')
  const step = event.key === 'Enter' ? 1 : event.key === 'ArrowDown' ? 2 : event.key === 'ArrowUp' ? -2 : 0
  if (!rows || !step) return
  event.preventDefault()
  const cells = [...rows.querySelectorAll('input')]
  const next = cells[cells.indexOf(event.currentTarget) + step]
  next?.focus()
  next?.select()
}

/** Metres, or tiles of one size. */
export function UnitsRow({ draft, edit, lift }: Omit<Properties, 'errors'>) {
  const { t } = useSpeech()
  const size = (axis: 0 | 1) => (
    <InputNumber
      size="small" controls={false} min={0.01} max={100} step={0.01} decimalSeparator="."
      aria-label={t(axis ? 'calibration.tile.depth' : 'calibration.tile.width')}
      value={draft.tile[axis]}
      status={draft.tile[axis] ? '' : 'warning'}
      onChange={(value) => edit({ do: 'setTile', axis, value: typeof value === 'number' ? value : null }, `tile ${axis}`)}
      onBlur={lift}
      style={{ width: 62 }}
    />
  )
  return (
    <div className="row">
      <Segmented
        size="small"
        aria-label={t('calibration.units')}
        value={draft.units}
        onChange={(units: Units) => edit({ do: 'setUnits', units })}
        options={(['metres', 'tiles'] as const).map((value) => ({ value, label: t(`calibration.units.${value}`) }))}
      />
      {draft.units === 'tiles' && <span className="row tight">{t('calibration.tile')} {size(0)} × {size(1)} {t('calibration.metre')}</span>}
    </div>
  )
}
