/** Accounts, keys and sessions as the API tells them. */
import { useQuery } from '@tanstack/react-query'

import { call, json } from '../api/client'
import { keys } from '../api/queries'
import type { Role } from '../api/types'

export interface Account {
  username: string
  role: Role
  windows: string[]
  /** null: the whole hall */
  scope: string[] | null
  disabled: boolean
  must_change_password: boolean
  has_second_factor: boolean
  created_at: string
  seen_at: string | null
}

export interface AccountPlan {
  username: string
  role: Role
  windows: string[]
  scope: string[] | null
}

export interface OneTime {
  account: Account
  one_time_password: string
}

/** What an authenticator takes in; `picture` is a QR code as a data URL. */
export interface BegunFactor {
  secret: string
  address: string
  picture: string
}

export const KEY_RIGHTS = ['catalogue', 'events', 'figures', 'reports', 'permits_read', 'permits', 'cameras'] as const
export type KeyRight = (typeof KEY_RIGHTS)[number]

export interface ApiKey {
  id: string
  name: string
  rights: KeyRight[]
  scope: string[] | null
  made_by: string
  made_at: string
  expires_at: string | null
  used_at: string | null
  revoked_at: string | null
  revoked_by: string | null
}

export interface KeyPlan {
  name: string
  rights: KeyRight[]
  scope: string[] | null
  expires_at: string | null
}

export interface OwnSession {
  id: string
  signed_in_at: string
  seen_at: string
  address: string | null
  agent: string | null
  current: boolean
}

const account = (username: string) => `/accounts/${encodeURIComponent(username)}`

export const accountsApi = {
  make: (plan: AccountPlan) => json<OneTime>('/accounts', { method: 'POST', body: plan }),
  change: (username: string, change: Partial<Omit<AccountPlan, 'username'>> & { disabled?: boolean }) =>
    json<Account>(account(username), { method: 'PATCH', body: change }),
  reset: (username: string) => json<OneTime>(`${account(username)}/one-time-password`, { method: 'POST' }),
  forgetFactor: (username: string) => call(`${account(username)}/second-factor`, { method: 'DELETE' }),
  beginFactor: () => json<BegunFactor>('/session/second-factor', { method: 'POST' }),
  confirmFactor: (code: string) => json<{ recovery_codes: string[] }>('/session/second-factor', { method: 'PUT', body: { code } }),
  removeFactor: (code: string) => call('/session/second-factor/removal', { method: 'POST', body: { code } }),
  makeKey: (plan: KeyPlan) => json<{ details: ApiKey; key: string }>('/keys', { method: 'POST', body: plan }),
  revokeKey: (id: string) => json<ApiKey>(`/keys/${encodeURIComponent(id)}/revocation`, { method: 'POST' }),
  endSession: (id: string) => call(`/session/all/${encodeURIComponent(id)}`, { method: 'DELETE' }),
}

export const useAccounts = () =>
  useQuery({ queryKey: keys.accounts, queryFn: ({ signal }) => json<Account[]>('/accounts', { signal }) })

export const useKeys = () => useQuery({ queryKey: keys.apiKeys, queryFn: ({ signal }) => json<ApiKey[]>('/keys', { signal }) })

export const useOwnSessions = () =>
  useQuery({ queryKey: keys.ownSessions, queryFn: ({ signal }) => json<OwnSession[]>('/session/all', { signal }) })
