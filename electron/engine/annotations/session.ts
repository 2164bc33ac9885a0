import { hostname } from 'node:os'
import type { EngineSetting } from '../engine-setting.ts'
import type { Transaction } from '../storage/case-file.ts'

const MARK = 'session'

/**
 * Notes in the case that somebody works on it. The mark is taken away when the case is closed; one that is still there says
 * that the program before ended without closing it (FS-29). Gives what the custody log should say about that.
 */
export async function markSession(
  tx: Transaction,
  examiner: string,
  nowMs: number,
): Promise<Record<string, unknown> | undefined> {
  const left = await tx.get<{ value: string }>('select value from fact where name = ?', [MARK])
  await tx.run('insert into fact values (?, ?) on conflict (name) do update set value = excluded.value', [
    MARK,
    JSON.stringify({ examiner, sinceMs: nowMs }),
  ])
  if (!left) return undefined
  const last = await tx.get<{ path: string }>('select path from entry order by id desc limit 1')
  return { session: parsed(left.value), recovered: 'whole transactions only', lastFile: last?.path ?? null }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

export async function clearSession(tx: Transaction): Promise<void> {
  await tx.run('delete from fact where name = ?', [MARK])
}

/** With which program and on which computer a session began (FS-08, FS-24). */
export const sessionFacts = (setting: EngineSetting): Record<string, unknown> => ({
  host: hostname(),
  trailcase: setting.version,
  commit: setting.commit,
  node: process.versions.node,
})
