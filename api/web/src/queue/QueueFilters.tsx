import { FilterOutlined } from '@ant-design/icons'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Badge, Button, DatePicker, Input, Popover, Select, Slider } from 'antd'
import dayjs from 'dayjs'
import { useState } from 'react'

import { keys, useBehaviours, useHall } from '../api/queries'
import { reviewApi } from '../api/reviewApi'
import type { QueueFilter, SavedView } from '../api/reviewTypes'
import { Failure } from '../app/Failure'
import { useNames } from '../events/names'
import { useSpeech } from '../i18n/language'
import { momentOf, wallTime } from '../time/hallTime'

interface Properties {
  filter: QueueFilter
  choose: (filter: QueueFilter) => void
}

/** What the queue is narrowed to, and the views that this account keeps. */
export function QueueFilters(properties: Properties) {
  const { t } = useSpeech()
  const count = Object.keys(properties.filter).length
  return (
    <Popover trigger="click" placement="bottomLeft" title={t('filter.title')} content={<Panel {...properties} />} destroyOnHidden>
      <Badge count={count} size="small" color="var(--accent)">
        <Button size="small" type="text" icon={<FilterOutlined />} aria-label={t('filter.title')} title={t('filter.title')} />
      </Badge>
    </Popover>
  )
}

/** Without the parts that were emptied. */
function lean(filter: { [name in keyof QueueFilter]: QueueFilter[name] | null | undefined }): QueueFilter {
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined && value !== null && value !== ''))
}

function Panel({ filter, choose }: Properties) {
  const { t, language } = useSpeech()
  const names = useNames()
  const put = (part: { [name in keyof QueueFilter]: QueueFilter[name] | undefined }) => choose(lean({ ...filter, ...part }))
  const windows = (useHall().data?.windows ?? []).map(({ id }) => ({ value: id, label: names.windowOf(id) }))
  const behaviours = (useBehaviours().data ?? []).map((one) => ({ value: one.code, label: language === 'zh' ? one.zh : one.en }))
  const shown = (iso: string | undefined) => (iso ? dayjs(wallTime(new Date(iso), names.zone)) : null)
  const moment = (day: dayjs.Dayjs | null | undefined) => (day ? momentOf(day.format('YYYY-MM-DDTHH:mm'), names.zone) : undefined)
  return (
    <div className="filter-panel">
      <Select aria-label={t('event.window')} allowClear placeholder={t('events.allWindows')} options={windows} value={filter.window ?? null} onChange={(window: string | undefined) => put({ window })} />
      <Select aria-label={t('event.behaviour')} allowClear placeholder={t('events.allBehaviours')} options={behaviours} value={filter.behaviour ?? null} onChange={(behaviour: string | undefined) => put({ behaviour })} />
      <DatePicker.RangePicker
        showTime={{ format: 'HH:mm' }}
        format="MM-DD HH:mm"
        value={[shown(filter.from), shown(filter.to)]}
        allowEmpty={[true, true]}
        placeholder={[t('events.from'), t('events.to')]}
        onChange={(range) => put({ from: moment(range?.[0]), to: moment(range?.[1]) })}
      />
      <label>
        <span className="small quiet">{t('filter.score')}</span>
        <Slider
          range
          min={0}
          max={1}
          step={0.05}
          value={[filter.score_from ?? 0, filter.score_to ?? 1]}
          ariaLabelForHandle={[t('filter.scoreFrom'), t('filter.scoreTo')]}
          onChange={([from = 0, to = 1]) => put({ score_from: from > 0 ? from : undefined, score_to: to < 1 ? to : undefined })}
        />
      </label>
      <Views filter={filter} choose={choose} />
    </div>
  )
}

function Views({ filter, choose }: Properties) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const [name, setName] = useState('')
  const views = useQuery({ queryKey: keys.views, queryFn: ({ signal }) => reviewApi.views(signal) })
  const settled = { onSettled: () => void client.invalidateQueries({ queryKey: keys.views }) }
  const save = useMutation({ mutationFn: () => reviewApi.saveView(name.trim(), filter), onSuccess: () => setName(''), ...settled })
  const remove = useMutation({ mutationFn: (view: SavedView) => reviewApi.deleteView(view.name), ...settled })
  return (
    <div className="views">
      <div className="small quiet">{t('views.title')}</div>
      <div className="chips">
        <Button size="small" onClick={() => choose({})}>{t('views.all')}</Button>
        {(views.data ?? []).map((view) => (
          <span key={view.name}>
            <Button size="small" onClick={() => choose(lean(view.filter))}>{view.name}</Button>
            <Button size="small" type="text" aria-label={t('views.delete', { name: view.name })} title={t('views.delete', { name: view.name })} onClick={() => remove.mutate(view)}>×</Button>
          </span>
        ))}
      </div>
      <div className="save">
        <Input size="small" maxLength={64} value={name} placeholder={t('views.name')} aria-label={t('views.name')} onChange={(change) => setName(change.target.value)} onPressEnter={() => name.trim() && save.mutate()} />
        <Button size="small" disabled={!name.trim()} loading={save.isPending} onClick={() => save.mutate()}>{t('views.save')}</Button>
      </div>
      {(save.isError || remove.isError || views.isError) && <Failure error={save.error ?? remove.error ?? views.error} />}
    </div>
  )
}
