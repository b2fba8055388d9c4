/** Which pages there are, in their order, and the right that each needs. */
import { lazy, type ComponentType } from 'react'

import type { Right, Session } from '../api/types'
import type { Key } from '../i18n/zh'

export interface Room {
  path: string
  name: Key
  right: Right
  page: ComponentType
}

const ROOMS: readonly Room[] = [
  { path: '/queue', name: 'nav.queue', right: 'review', page: lazy(() => import('../queue/QueuePage')) },
  { path: '/events', name: 'nav.events', right: 'events', page: lazy(() => import('../events/EventsPage')) },
  { path: '/fairness', name: 'nav.fairness', right: 'review', page: lazy(() => import('../fairness/FairnessPage')) },
  { path: '/originals', name: 'nav.originals', right: 'originals', page: lazy(() => import('../originals/OriginalsPage')) },
  { path: '/permits', name: 'nav.permits', right: 'permits', page: lazy(() => import('../permits/PermitsPage')) },
  { path: '/dashboard', name: 'nav.dashboard', right: 'figures', page: lazy(() => import('../dashboard/DashboardPage')) },
  { path: '/reports', name: 'nav.reports', right: 'reports', page: lazy(() => import('../reports/ReportsPage')) },
  { path: '/accounts', name: 'nav.accounts', right: 'accounts', page: lazy(() => import('../accounts/AccountsPage')) },
  { path: '/keys', name: 'nav.keys', right: 'keys', page: lazy(() => import('../accounts/KeysPage')) },
  { path: '/webhooks', name: 'nav.webhooks', right: 'webhooks', page: lazy(() => import('../webhooks/WebhooksPage')) },
  { path: '/cameras', name: 'nav.cameras', right: 'cameras', page: lazy(() => import('../cameras/CamerasPage')) },
  { path: '/audit', name: 'nav.audit', right: 'audit', page: lazy(() => import('../audit/AuditPage')) },
  { path: '/retention', name: 'nav.retention', right: 'retention', page: lazy(() => import('../audit/RetentionPage')) },
]

/** Those for who is signed in; the first is where they begin. Reports are of the whole hall. */
export const roomsOf = ({ rights, scope }: Session): readonly Room[] =>
  ROOMS.filter(({ path, right }) => rights.includes(right) && (path !== '/reports' || scope === null))
