/** The names of things in an event, in the language of the page. */
import { useBehaviours, useHall } from '../api/queries'
import type { HallEvent } from '../api/types'
import { useSpeech } from '../i18n/language'

export function useNames() {
  const { language, word } = useSpeech()
  const behaviours = useBehaviours().data
  const hall = useHall().data
  const chinese = language === 'zh'
  const article = (code: string) => behaviours?.find((one) => one.code === code)
  const behaviour = (code: string) => {
    const found = article(code)
    return found ? (chinese ? found.zh : found.en) : code
  }
  return {
    zone: hall?.time_zone ?? 'Asia/Shanghai',
    article,
    behaviour,
    what: (event: HallEvent) =>
      event.variant ? `${behaviour(event.behaviour)} · ${word('variant', event.variant)}` : behaviour(event.behaviour),
    window: (event: HallEvent) => (chinese ? event.window_name : event.window_name_en),
    windowOf: (id: string) => {
      const found = hall?.windows.find((one) => one.id === id)
      return (chinese ? found?.name : (found?.name_en ?? found?.name)) ?? id
    },
    camera: (id: string) => hall?.cameras.find((one) => one.id === id)?.name ?? id,
    why: (event: HallEvent) => (chinese ? event.explanation_zh : event.explanation_en),
  }
}
