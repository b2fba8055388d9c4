/** Dates of a calendar as texts (YYYY-MM-DD); no zone is involved. */
const DAY_MS = 86_400_000

const text = (ms: number) => new Date(ms).toISOString().slice(0, 10)

/** The weeks that a month (YYYY-MM) touches, Monday first, seven dates each. */
export function monthWeeks(month: string): string[][] {
  const first = Date.parse(`${month}-01T00:00:00Z`)
  const monday = first - ((new Date(first).getUTCDay() + 6) % 7) * DAY_MS
  const weeks: string[][] = []
  for (let start = monday; start === monday || text(start).startsWith(month); start += 7 * DAY_MS)
    weeks.push(Array.from({ length: 7 }, (_, day) => text(start + day * DAY_MS)))
  return weeks
}

/** The first day of the month so many months on. */
export function monthsOn(month: string, by: number): string {
  const first = new Date(`${month}-01T00:00:00Z`)
  first.setUTCMonth(first.getUTCMonth() + by)
  return text(first.getTime())
}
