import { Input } from 'antd'
import { useState } from 'react'

import { ProblemError } from '../api/problem'
import { useSpeech } from '../i18n/language'

interface Code {
  value: string
  asked: boolean
  set: (value: string) => void
  forget: () => void
  /** shows the field once the API asked for a code */
  heed: (error: unknown) => void
}

/** The API asks for a code, and there was none yet: no failure, a question. */
export const codeNeeded = (error: unknown) => error instanceof ProblemError && error.code === 'second_factor_needed'

export function useCode(): Code {
  const [value, set] = useState('')
  const [asked, setAsked] = useState(false)
  return { value: value.trim(), asked, set, forget: () => set(''), heed: (error) => codeNeeded(error) && setAsked(true) }
}

/** For a code of the second factor, where the hall demands it. */
export function CodeField({ code }: { code: Code }) {
  const { t } = useSpeech()
  if (!code.asked) return null
  return (
    <Input autoFocus style={{ width: 150 }} value={code.value} maxLength={32} inputMode="numeric" autoComplete="one-time-code" onChange={(change) => code.set(change.target.value)} placeholder={t('signIn.code')} aria-label={t('signIn.code')} />
  )
}
