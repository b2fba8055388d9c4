import { createContext, useContext, useEffect, useState, type ReactNode } from 'react'

import { remember, remembered } from './remembered'

export type Appearance = 'auto' | 'light' | 'dark'
export const APPEARANCES: readonly Appearance[] = ['auto', 'light', 'dark']

interface Look {
  appearance: Appearance
  dark: boolean
  setAppearance: (appearance: Appearance) => void
}

const Context = createContext<Look>({ appearance: 'auto', dark: false, setAppearance: () => undefined })
const system = matchMedia('(prefers-color-scheme: dark)')

export function AppearanceProvider({ children }: { children: ReactNode }) {
  const [appearance, setAppearance] = useState<Appearance>(() => remembered('appearance', APPEARANCES, 'auto'))
  const [systemDark, setSystemDark] = useState(system.matches)
  const dark = appearance === 'auto' ? systemDark : appearance === 'dark'
  useEffect(() => {
    const follow = () => setSystemDark(system.matches)
    system.addEventListener('change', follow)
    return () => system.removeEventListener('change', follow)
  }, [])
  useEffect(() => {
    document.documentElement.dataset['theme'] = dark ? 'dark' : 'light'
    remember('appearance', appearance)
  }, [appearance, dark])
  return <Context value={{ appearance, dark, setAppearance }}>{children}</Context>
}

export const useAppearance = () => useContext(Context)
