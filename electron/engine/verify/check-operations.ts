import { createHash } from 'node:crypto'
import { operationText } from '../annotations/operations-log.ts'
import { isAnnotationType, parseAnnotation } from '../annotations/operation-bodies.ts'
import { stopIfCancelled } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { Findings, type Check } from './findings.ts'

type Row = { id: string; timeMs: number; examiner: string; type: string; target: string; body: string }
type Act = { seq: number; ids: string; sha256: string | null }

const BLOCK = 500

/**
 * Every operation must be readable, be named by the custody entry of the act that made it, and be as it was then: the entry carries a hash
 * over its operations, and the chain guards the entry. An operation that no entry names was slipped in, or its entry was cut off.
 */
export async function checkOperations(reader: Connection, signal: AbortSignal): Promise<Check> {
  const found = new Findings('annotations')
  const named = new Set<string>()
  let after = 0
  for (;;) {
    stopIfCancelled(signal)
    const acts = await reader.all<Act>(
      `select seq, json_extract(body, '$.operations') as ids, json_extract(body, '$.operationsSha256') as sha256 from custody
       where seq > ? and instr(body, '"operations":[') > 0 and json_valid(body) order by seq limit ${BLOCK}`,
      [after],
    )
    for (const act of acts) await checkAct(reader, act, named, found)
    if (acts.length < BLOCK) break
    after = acts.at(-1)!.seq
  }
  for (const { id } of await reader.all<{ id: string }>('select id from operation order by seq'))
    if (!named.has(id)) found.failed(`Operation ${id} is in no custody entry.`)
  return found.result
}

async function checkAct(reader: Connection, act: Act, named: Set<string>, found: Findings): Promise<void> {
  const ids = idsOf(act.ids)
  const rows = await reader.all<Row>(
    `select o.id, o.time_ms as timeMs, o.examiner, o.type, o.target, o.body from json_each(?) j join operation o on o.id = j.value order by j.key`,
    [JSON.stringify(ids)],
  )
  const hash = createHash('sha256')
  for (const row of rows) {
    hash.update(operationText(row))
    const readable = isReadable(row)
    if (!readable) found.failed(`Operation ${row.id} (${row.type}) cannot be read.`)
    else if (!named.has(row.id)) found.passed()
    named.add(row.id)
  }
  if (rows.length < ids.length)
    found.failed(
      `Entry ${act.seq} of the custody log names ${ids.length} operations, ${ids.length - rows.length} of them are gone.`,
    )
  else if (act.sha256 !== null && hash.digest('hex') !== act.sha256)
    found.failed(`An operation of entry ${act.seq} of the custody log was changed after it was written.`)
}

function idsOf(json: string): string[] {
  try {
    const ids: unknown = JSON.parse(json)
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'string') : []
  } catch {
    return []
  }
}

/** Kinds of operations that this program does not know are kept for the newer one that wrote them. */
function isReadable(row: Row): boolean {
  try {
    const body: unknown = JSON.parse(row.body)
    return !isAnnotationType(row.type) || parseAnnotation({ ...row, body }) !== undefined
  } catch {
    return false
  }
}
