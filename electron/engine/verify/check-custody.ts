import { hash } from 'node:crypto'
import { custodyText } from '../annotations/custody.ts'
import { followForeignLog, listForeignLogs } from '../annotations/foreign-logs.ts'
import { stopIfCancelled } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { Findings, type Check } from './findings.ts'

type Entry = readonly [
  seq: number,
  timeMs: number,
  examiner: string,
  action: string,
  body: string,
  previous: string,
  hash: string,
]

/** Entries read at once: as one JSON text, because a million rows as objects take longer than hashing them. */
const BLOCK = 5000
const START = '0'.repeat(64)

/**
 * Walks the custody log, and those that came with packages, and computes each hash again: an entry that was removed, swapped or edited breaks the chain. A tail that was
 * cut off, or a log that was rewritten as a whole, hangs together: that shows in operations whose entry is gone (the check of
 * annotations) and in a head that was noted elsewhere (`compareHead`: every report and package carries one).
 */
export async function checkCustody(reader: Connection, signal: AbortSignal): Promise<Check> {
  const found = new Findings('custody')
  let previous = START
  let last = 0
  let next: Promise<Entry[]> | undefined = readBlock(reader, 0)
  while (next) {
    stopIfCancelled(signal)
    const entries: Entry[] = await next
    const end = entries.at(-1)
    // SQLite reads the next block on its own thread while this one is hashed.
    next = end && entries.length === BLOCK ? readBlock(reader, end[0]) : undefined
    for (const entry of entries) {
      const problem = problemOf(entry, previous, last)
      if (problem === undefined) found.passed()
      else found.failed(problem)
      last = entry[0]
      previous = entry[6]
    }
  }
  for (const log of await listForeignLogs(reader)) {
    stopIfCancelled(signal)
    const followed = followForeignLog(log)
    for (let n = 0; n < followed.entries; n++) found.passed()
    if (followed.problem !== undefined)
      found.failed(`The custody log that came with a package and ended with ${log.head}: ${followed.problem}.`)
  }
  return found.result
}

async function readBlock(reader: Connection, after: number): Promise<Entry[]> {
  const row = await reader.get<{ block: string }>(
    `select json_group_array(json_array(seq, time_ms, examiner, action, body, lower(hex(previous)), lower(hex(hash)))) as block
     from (select * from custody where seq > ? order by seq limit ${BLOCK})`,
    [after],
  )
  return JSON.parse(row?.block ?? '[]') as Entry[]
}

function problemOf(
  [seq, timeMs, examiner, action, body, previous, kept]: Entry,
  before: string,
  last: number,
): string | undefined {
  if (seq !== last + 1) return `Entry ${last + 1} is missing: the log goes on with ${seq}.`
  if (previous !== before) return `Entry ${seq} does not follow the entry before it.`
  const computed = hash('sha256', custodyText({ seq, timeMs, examiner, action, body, previous }), 'hex')
  return computed === kept ? undefined : `Entry ${seq} (${action}) was changed after it was written.`
}
