import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Dropdown } from 'antd'
import { Suspense, lazy, useState, type ReactNode } from 'react'
import { BrowserRouter, NavLink, Navigate, Route, Routes, useLocation, useNavigate } from 'react-router'

import { api } from '../api/client'
import { keys, useBehaviours, useHall, usePendingCount } from '../api/queries'
import { useStream, type Connection } from '../api/stream'
import type { Session } from '../api/types'
import { useSpeech } from '../i18n/language'
import ChangePassword from '../session/ChangePassword'
import { Choices } from './Choices'
import { Loading } from './Loading'
import { roomsOf } from './rooms'

const WallPage = lazy(() => import('../dashboard/WallPage'))
const CalibrationPage = lazy(() => import('../calibration/CalibrationPage'))
const SessionsPage = lazy(() => import('../session/SessionsPage'))

/** The frame around every page: where to go, who is signed in, whether what is seen is fresh. */
export default function Shell({ session }: { session: Session }) {
  const connection = useStream()
  const [changing, setChanging] = useState(false)
  if (changing) return <ChangePassword leave={() => setChanging(false)} />
  return (
    <BrowserRouter>
      <Routes>
        {session.rights.includes('figures') && (
          <Route path="/wall" element={<Suspense fallback={<Loading />}><WallPage /></Suspense>} />
        )}
        <Route path="*" element={<Frame session={session} connection={connection} change={() => setChanging(true)} />} />
      </Routes>
    </BrowserRouter>
  )
}

function Frame({ session, connection, change }: { session: Session; connection: Connection; change: () => void }) {
  const { t } = useSpeech()
  const navigate = useNavigate()
  return (
    <div className="shell">
      <header>
        <Brand />
        <Navigation session={session} />
        <div className="end">
          <span
            className={`pulse ${connection}`}
            role="img"
            aria-label={t(connection === 'open' ? 'shell.connected' : 'shell.connecting')}
            title={t(connection === 'open' ? 'shell.connected' : 'shell.connecting')}
          />
          <Choices />
          <Person session={session} change={change} sessions={() => void navigate('/sessions')} />
        </div>
      </header>
      <div role="status">{connection === 'lost' && <div className="notice">{t('shell.lost')}</div>}</div>
      <main>
        <Suspense fallback={<Loading />}>
          <Named>
            <Routes>
              {roomsOf(session).map(({ path, page: Page }) => <Route key={path} path={path} element={<Page />} />)}
              <Route path="/hours" element={<Moved to="/dashboard" />} />
              {session.rights.includes('calibrate') && <Route path="/cameras/:camera/calibration" element={<CalibrationPage />} />}
              <Route path="/sessions" element={<SessionsPage />} />
              <Route path="*" element={<Navigate to={roomsOf(session)[0]?.path ?? '/sessions'} replace />} />
            </Routes>
          </Named>
        </Suspense>
      </main>
    </div>
  )
}

/** An address that people may have kept, with whatever it asked for. */
function Moved({ to }: { to: string }) {
  return <Navigate to={to + useLocation().search} replace />
}

/** Nothing is shown before its names are there: codes of behaviours must not flash by, nor stay where they came late. */
function Named({ children }: { children: ReactNode }) {
  const behaviours = useBehaviours()
  return behaviours.isPending && behaviours.failureCount === 0 ? <Loading /> : children
}

function Brand() {
  const { language } = useSpeech()
  const hall = useHall().data
  const name = language === 'zh' ? hall?.name : (hall?.name_en ?? hall?.name)
  return (
    <div className="brand">
      <img src="/icon.svg" width={24} height={24} alt="" />
      hallwatch {name && <small>{name}</small>}
    </div>
  )
}

function Navigation({ session }: { session: Session }) {
  const { t } = useSpeech()
  return (
    <nav>
      {roomsOf(session).map(({ path, name }) => (
        <NavLink key={path} to={path}>
          {t(name)} {path === '/queue' && <Pending />}
        </NavLink>
      ))}
    </nav>
  )
}

function Pending() {
  const pending = usePendingCount()
  return pending !== undefined && <span className="tally figures">{pending}</span>
}

export function Person({ session, change, sessions }: { session: Session; change: () => void; sessions?: () => void }) {
  const { t } = useSpeech()
  const client = useQueryClient()
  const leave = useMutation({
    mutationFn: api.signOut,
    onSettled: () => {
      client.clear()
      client.setQueryData(keys.session, null)
      location.assign('/')
    },
  })
  const items = [
    ...(sessions ? [{ key: 'sessions', label: t('sessions.title'), onClick: sessions }] : []),
    { key: 'password', label: t('shell.changePassword'), onClick: change },
    { key: 'leave', label: t('shell.signOut'), onClick: () => leave.mutate() },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']}>
      <Button type="text">{session.username}</Button>
    </Dropdown>
  )
}
