import { Button, Dropdown } from 'antd'

import { useSpeech } from '../i18n/language'
import { APPEARANCES, useAppearance, type Appearance } from './appearance'

/** Language and appearance; both are remembered in this browser. */
export function Choices() {
  const { t, language, setLanguage } = useSpeech()
  const { appearance, setAppearance } = useAppearance()
  const items = APPEARANCES.map((key) => ({ key, label: t(`shell.appearance.${key}`) }))
  const menu = { items, selectedKeys: [appearance], onClick: ({ key }: { key: string }) => setAppearance(key as Appearance) }
  return (
    <>
      <Button type="text" onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
        {t('shell.language')}
      </Button>
      <Dropdown menu={menu} trigger={['click']}>
        <Button type="text">{t('shell.appearance')}</Button>
      </Dropdown>
    </>
  )
}
