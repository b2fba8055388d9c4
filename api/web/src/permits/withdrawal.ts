import type { HallEvent, Withdrawal } from '../api/types'

/** The withdrawal that holds now; none where the event counts. */
export function standingWithdrawal(event: HallEvent): Withdrawal | undefined {
  if (event.state !== 'withdrawn') return undefined
  return event.withdrawals.findLast((withdrawal) => withdrawal.restored_at === null)
}
