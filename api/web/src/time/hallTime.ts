/** Times as the hall's clocks show them, whatever zone the browser is in. */

const formats = new Map<string, Intl.DateTimeFormat>()

function format(language: string, zone: string, parts: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language}|${zone}|${JSON.stringify(parts)}`
  let known = formats.get(key)
  if (!known) {
    known = new Intl.DateTimeFormat(language === 'zh' ? 'zh-CN' : 'en-GB', { timeZone: zone, hourCycle: 'h23', ...parts })
    formats.set(key, known)
  }
  return known
}

const CLOCK = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const
const DAY = { month: '2-digit', day: '2-digit' } as const

/** 14:05:09 */
export const clock = (iso: string, zone: string) => format('zh', zone, CLOCK).format(new Date(iso))

/** 14:05 */
export const hourMinute = (iso: string, zone: string) =>
  format('zh', zone, { hour: '2-digit', minute: '2-digit' }).format(new Date(iso))

/** 03/02 14:05:09 in Chinese, 02/03 … is ambiguous, so English names the month */
export function dayAndClock(iso: string, zone: string, language: string): string {
  const day = language === 'zh' ? DAY : ({ day: 'numeric', month: 'short' } as const)
  const date = new Date(iso)
  return `${format(language, zone, day).format(date)} ${format('zh', zone, CLOCK).format(date)}`
}

/** 2026-03-02: the date in the hall at that moment */
export function hallDate(moment: Date, zone: string): string {
  return new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  }).format(moment)
}

/** 2026-03-02T14:05: the calendar and the clock in the hall at that moment, to the minute */
export function wallTime(moment: Date, zone: string): string {
  return new Date(moment.getTime() + offsetMs(moment.getTime(), zone)).toISOString().slice(0, 16)
}

/** The moment at which `date` (YYYY-MM-DD) begins in the hall, as RFC 3339. */
export const beginningOf = (date: string, zone: string) => momentOf(`${date}T00:00`, zone)

/** The moment at which the hall's calendar and clock show that (YYYY-MM-DDTHH:mm), as RFC 3339. */
export function momentOf(wall: string, zone: string): string {
  const asUtc = Date.parse(`${wall}:00Z`)
  // Twice, because the offset at the guess may be the one before a change of clocks.
  const guess = asUtc - offsetMs(asUtc, zone)
  return new Date(asUtc - offsetMs(guess, zone)).toISOString()
}

export function dayAfter(date: string): string {
  return new Date(Date.parse(`${date}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}

function offsetMs(moment: number, zone: string): number {
  const parts = new Intl.DateTimeFormat('en-CA', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
  }).formatToParts(moment)
  const part = (type: string) => parts.find((one) => one.type === type)?.value ?? '00'
  const wall = `${part('year')}-${part('month')}-${part('day')}T${part('hour')}:${part('minute')}:${part('second')}Z`
  return Date.parse(wall) - Math.floor(moment / 1000) * 1000
}

/** Seconds between two times. */
export const secondsBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 1000
