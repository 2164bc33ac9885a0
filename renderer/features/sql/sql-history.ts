export type Run = { readonly sql: string; readonly atMs: number; readonly rows: number }

const MOST = 100
const keyOf = (uuid: string): string => `sql.history.${uuid}`

/** What was run in this case on this machine, the newest first. What cannot be read is no history. */
export function readHistory(uuid: string): readonly Run[] {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(keyOf(uuid)) ?? '[]')
    return Array.isArray(value) ? value.filter(isRun) : []
  } catch {
    return []
  }
}

/** Puts a run in front; the same statement stands there once. */
export function noteRun(uuid: string, run: Run): readonly Run[] {
  const next = [run, ...readHistory(uuid).filter((one) => one.sql !== run.sql)].slice(0, MOST)
  try {
    localStorage.setItem(keyOf(uuid), JSON.stringify(next))
  } catch {
    // A full or forbidden store: the history is a convenience.
  }
  return next
}

function isRun(value: unknown): value is Run {
  if (typeof value !== 'object' || value === null) return false
  const run = value as Partial<Record<keyof Run, unknown>>
  return typeof run.sql === 'string' && typeof run.atMs === 'number' && typeof run.rows === 'number'
}
