import { Select } from 'antd'

import { useHall } from '../api/queries'
import { useSpeech } from '../i18n/language'

interface Properties {
  id: string
  value: string[]
  onChange: (units: string[]) => void
  /** the hall itself may be chosen too */
  withHall?: boolean
  placeholder?: string
}

/** Windows of the hall, and the hall, to choose from. */
export function Units({ id, value, onChange, withHall = false, placeholder }: Properties) {
  const nameOf = useUnitNames()
  const hall = useHall().data
  const units = [...(withHall && hall ? [hall.id] : []), ...(hall?.windows.map((one) => one.id) ?? [])]
  return (
    <Select
      id={id}
      mode="multiple"
      value={value}
      onChange={onChange}
      placeholder={placeholder}
      options={units.map((unit) => ({ value: unit, label: nameOf(unit) }))}
      optionFilterProp="label"
      style={{ width: '100%' }}
    />
  )
}

/** What a unit of the hall tree is called; its id where it is not there any more. */
export function useUnitNames(): (unit: string) => string {
  const { language } = useSpeech()
  const hall = useHall().data
  const named = new Map([hall, ...(hall?.windows ?? [])].flatMap((one) => (one ? [[one.id, language === 'zh' ? one.name : (one.name_en ?? one.name)]] : [])))
  return (unit) => named.get(unit) ?? unit
}
