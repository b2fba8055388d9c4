import { useMutation, useQueryClient } from '@tanstack/react-query'
import { Button, Dropdown } from 'antd'
import { Suspense, lazy, useState, type ReactNode } from 'react'
import { BrowserRouter, NavLink, Navigate, Route, Routes, useLocation } from 'react-router'

import { api } from '../api/client'
import { keys, useBehaviours, useHall, usePendingCount } from '../api/queries'
import { useStream, type Connection } from '../api/stream'
import type { Session } from '../api/types'
import { useSpeech } from '../i18n/language'
import ChangePassword from '../session/ChangePassword'
import { Choices } from './Choices'
import { Loading } from './Loading'

const QueuePage = lazy(() => import('../queue/QueuePage'))
const EventsPage = lazy(() => import('../events/EventsPage'))
const FairnessPage = lazy(() => import('../fairness/FairnessPage'))
const PermitsPage = lazy(() => import('../permits/PermitsPage'))
const DashboardPage = lazy(() => import('../dashboard/DashboardPage'))
const WallPage = lazy(() => import('../dashboard/WallPage'))
const ReportsPage = lazy(() => import('../reports/ReportsPage'))
const CamerasPage = lazy(() => import('../cameras/CamerasPage'))
const CalibrationPage = lazy(() => import('../calibration/CalibrationPage'))

/** The frame around every page: where to go, who is signed in, whether what is seen is fresh. */
export default function Shell({ session }: { session: Session }) {
  const connection = useStream()
  const [changing, setChanging] = useState(false)
  if (changing) return <ChangePassword leave={() => setChanging(false)} />
  return (
    <BrowserRouter>
      <Routes>
        <Route path="/wall" element={<Suspense fallback={<Loading />}><WallPage /></Suspense>} />
        <Route path="*" element={<Frame session={session} connection={connection} change={() => setChanging(true)} />} />
      </Routes>
    </BrowserRouter>
  )
}

function Frame({ session, connection, change }: { session: Session; connection: Connection; change: () => void }) {
  const { t } = useSpeech()
  return (
    <div className="shell">
      <header>
        <Brand />
        <Navigation />
        <div className="end">
          <span
            className={`pulse ${connection}`}
            role="img"
            aria-label={t(connection === 'open' ? 'shell.connected' : 'shell.connecting')}
            title={t(connection === 'open' ? 'shell.connected' : 'shell.connecting')}
          />
          <Choices />
          <Person session={session} change={change} />
        </div>
      </header>
      <div role="status">{connection === 'lost' && <div className="notice">{t('shell.lost')}</div>}</div>
      <main>
        <Suspense fallback={<Loading />}>
          <Named>
            <Routes>
              <Route path="/queue" element={<QueuePage />} />
              <Route path="/events" element={<EventsPage />} />
              <Route path="/fairness" element={<FairnessPage />} />
              <Route path="/permits" element={<PermitsPage />} />
              <Route path="/dashboard" element={<DashboardPage />} />
              <Route path="/reports" element={<ReportsPage />} />
              <Route path="/hours" element={<Moved to="/dashboard" />} />
              <Route path="/cameras" element={<CamerasPage />} />
              <Route path="/cameras/:camera/calibration" element={<CalibrationPage />} />
              <Route path="*" element={<Navigate to="/queue" replace />} />
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

function Navigation() {
  const { t } = useSpeech()
  const pending = usePendingCount()
  return (
    <nav>
      <NavLink to="/queue">
        {t('nav.queue')} {pending !== undefined && <span className="tally figures">{pending}</span>}
      </NavLink>
      <NavLink to="/events">{t('nav.events')}</NavLink>
      <NavLink to="/fairness">{t('nav.fairness')}</NavLink>
      <NavLink to="/permits">{t('nav.permits')}</NavLink>
      <NavLink to="/dashboard">{t('nav.dashboard')}</NavLink>
      <NavLink to="/reports">{t('nav.reports')}</NavLink>
      <NavLink to="/cameras">{t('nav.cameras')}</NavLink>
    </nav>
  )
}

export function Person({ session, change }: { session: Session; change: () => void }) {
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
    { key: 'password', label: t('shell.changePassword'), onClick: change },
    { key: 'leave', label: t('shell.signOut'), onClick: () => leave.mutate() },
  ]
  return (
    <Dropdown menu={{ items }} trigger={['click']}>
      <Button type="text">{session.username}</Button>
    </Dropdown>
  )
}
