import { createHash } from 'node:crypto'
import type { Connection } from '../storage/sqlite.ts'

/**
 * The custody log of a case that this one came from, whole: a line per entry, each the very text whose SHA-256 is the entry's hash
 * (`custodyText`). `head` is the hash of the last.
 */
export type ForeignLog = { readonly head: string; readonly text: string }

/** Under this name and its head the case keeps each log among its facts. */
export const FOREIGN_LOG = 'custodyLog:'

export async function listForeignLogs(reader: Pick<Connection, 'all'>): Promise<ForeignLog[]> {
  const rows = await reader.all<{ name: string; value: string }>(
    'select name, value from fact where substr(name, 1, ?) = ? order by name',
    [FOREIGN_LOG.length, FOREIGN_LOG],
  )
  return rows.map(({ name, value }) => ({ head: name.slice(FOREIGN_LOG.length), text: value }))
}

/** Where the log does not hang together, or does not end as it did; undefined when it does. `entries` are those that follow each other. */
export function followForeignLog({ head, text }: ForeignLog): { readonly entries: number; readonly problem?: string } {
  let previous = '0'.repeat(64)
  let entries = 0
  for (let from = 0; from < text.length;) {
    const newline = text.indexOf('\n', from)
    const end = newline === -1 ? text.length : newline
    const line = text.slice(from, end)
    if (!line.includes(`"previous":"${previous}","seq":${entries + 1},`))
      return { entries, problem: `entry ${entries + 1} does not follow the entry before it` }
    previous = createHash('sha256').update(line, 'utf8').digest('hex')
    entries++
    from = end + 1
  }
  return previous === head
    ? { entries }
    : { entries, problem: 'its last entry is not the one that it had when it came' }
}
