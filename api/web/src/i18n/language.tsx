import { createContext, useContext, useEffect, useMemo, useState, type ReactNode } from 'react'

import { speak } from '../api/client'
import { remembered, remember } from '../app/remembered'
import { en } from './en'
import { fill } from './fill'
import { zh, type Key } from './zh'

export type Language = 'zh' | 'en'
export type Translate = (key: Key, values?: Record<string, string | number>) => string

interface Speech {
  language: Language
  setLanguage: (language: Language) => void
  t: Translate
  /** The text of that key, or the code itself where a newer server sends one without a word here. */
  word: (group: string, code: string) => string
}

const Context = createContext<Speech | null>(null)

const TAGS: Record<Language, string> = { zh: 'zh-CN', en: 'en' }

export function LanguageProvider({ children }: { children: ReactNode }) {
  const [language, setLanguage] = useState<Language>(() => remembered('language', ['zh', 'en'], 'zh'))
  // Before any child asks the server, so that its first error already comes in the right language.
  speak(TAGS[language])
  useEffect(() => {
    document.documentElement.lang = TAGS[language]
    remember('language', language)
  }, [language])
  const speech = useMemo(() => {
    const words: Record<string, string> = language === 'zh' ? zh : en
    return {
      language,
      setLanguage,
      t: (key: Key, values?: Record<string, string | number>) => fill(words[key] ?? key, values),
      word: (group: string, code: string) => words[`${group}.${code}`] ?? code,
    }
  }, [language])
  return <Context value={speech}>{children}</Context>
}

export function useSpeech(): Speech {
  const speech = useContext(Context)
  if (!speech) throw new Error('no language around this component')
  return speech
}
