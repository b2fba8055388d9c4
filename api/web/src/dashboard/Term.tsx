import { Popover } from 'antd'

import { useSpeech } from '../i18n/language'
import { useDefinitions } from './figures'

/** The name of a figure; a click says how it is made, in the API's own words. */
export function Term({ name, children }: { name: string; children?: string }) {
  const { t, language } = useSpeech()
  const found = useDefinitions().data?.find(({ key }) => key === name)
  const chinese = language === 'zh'
  const title = children ?? (found ? (chinese ? found.name_zh : found.name_en) : '')
  if (!found) return <span>{title}</span>
  return (
    <Popover trigger="click" title={title} content={<p className="definition">{chinese ? found.text_zh : found.text_en}</p>}>
      <button type="button" className="plain term" aria-label={t('dashboard.explain', { term: title })}>
        {title}
      </button>
    </Popover>
  )
}
