/** What the API says went wrong, in words (RFC 9457); `code` is for the page, `title` and `detail` for people. */
export class ProblemError extends Error {
  readonly status: number
  readonly code: string
  readonly detail: string
  readonly fields: string[]
  /** what else the problem says, as it came */
  readonly more: Readonly<Record<string, unknown>>

  constructor(status: number, code: string, title: string, detail = '', fields: string[] = [], more: object = {}) {
    super(title)
    this.name = 'ProblemError'
    this.status = status
    this.code = code
    this.detail = detail
    this.fields = fields
    this.more = { ...more }
  }
}

interface ProblemBody {
  title?: string
  detail?: string
  code?: string
  errors?: { pointer: string; message: string }[]
}

/** The problem that an answer carries; an answer that is none still gets a code. */
export async function problemOf(answer: Response): Promise<ProblemError> {
  const body = (await answer.json().catch(() => ({}))) as ProblemBody
  const fields = (body.errors ?? []).map((error) => error.message)
  return new ProblemError(
    answer.status,
    body.code ?? 'unknown',
    body.title ?? `HTTP ${answer.status}`,
    body.detail,
    fields,
    body,
  )
}

export function isProblem(error: unknown, code: string): boolean {
  return error instanceof ProblemError && error.code === code
}
