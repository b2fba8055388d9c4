import { App } from 'antd'
import { useEffect } from 'react'
import { useNavigate } from 'react-router'

import { useSpeech } from '../i18n/language'

/** Asks before a link or the browser leaves the page, while there is something to lose. */
export function useLeaveGuard(dirty: boolean): void {
  const { t } = useSpeech()
  const { modal } = App.useApp()
  const navigate = useNavigate()
  useEffect(() => {
    if (!dirty) return
    const unload = (event: BeforeUnloadEvent) => event.preventDefault()
    const click = (event: MouseEvent) => {
      const link = event.target instanceof Element ? event.target.closest('a[href]') : null
      const elsewhere = event.button !== 0 || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey
      if (!(link instanceof HTMLAnchorElement) || elsewhere || link.target === '_blank' || link.origin !== location.origin) return
      event.preventDefault()
      event.stopPropagation()
      void modal.confirm({
        title: t('calibration.leave'),
        content: t('calibration.leave.what'),
        okText: t('calibration.leave.go'),
        cancelText: t('calibration.leave.stay'),
        onOk: () => void navigate(link.pathname + link.search),
      })
    }
    window.addEventListener('beforeunload', unload)
    document.addEventListener('click', click, { capture: true })
    return () => {
      window.removeEventListener('beforeunload', unload)
      document.removeEventListener('click', click, { capture: true })
    }
  }, [dirty, modal, navigate, t])
}
