import type { ReactNode } from 'react'
import { Link } from 'react-router'

import { useMay } from '../api/queries'
import type { Right } from '../api/types'

/** A link for who may go there, its words alone for others. */
export function Linked({ to, right, children }: { to: string; right: Right; children: ReactNode }) {
  return useMay(right) ? <Link to={to}>{children}</Link> : <span>{children}</span>
}
