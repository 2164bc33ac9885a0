import { documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'
import { visible } from '#shared/base/visible.ts'
import { defaultLimits } from '../intake/limits.ts'
import { parseFile } from '../intake/parse-file.ts'
import type { ParsedRecord } from '../intake/types.ts'
import { uuidText } from '../queries/event-rows.ts'
import { readOriginal } from '../queries/read-original.ts'
import { Refusal, stopIfCancelled } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { Findings, type Check } from './findings.ts'

type Row = { id: number; ordinal: number; offset: number; length: number; time_ms: number | null } & Record<
  string,
  string | number | null
>

const columns = [
  ...termFields.map((_, n) => `(select text from term where field = ${n} and id = e.t${n}) as t${n}`),
  ...documentFields.map((_, n) => `(select json from document where id = e.d${n}) as d${n}`),
  ...identifierFields.map((_, n) => `${uuidText(`e.i${n}`)} as i${n}`),
].join(', ')

/** Parses every original again and compares each event's columns with what its record says. */
export async function checkColumns(
  reader: Connection,
  progress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Check> {
  const found = new Findings('columns')
  const files = await reader.all<{ id: number; path: string; original: number }>(
    'select id, path, original from entry where event_count > 0 and original is not null order by id',
  )
  for (const [n, file] of files.entries()) {
    stopIfCancelled(signal)
    if (n % 50 === 0) progress(n, files.length)
    const bytes = await readOriginal(reader, file.original).catch((error: unknown) => {
      if (error instanceof Refusal) return undefined
      throw error
    })
    if (!bytes) {
      found.failed(`${visible(file.path)}: its original cannot be read, so its events cannot be compared`)
      continue
    }
    const records = new Map(parseFile(file.path, bytes, defaultLimits).records.map((r) => [r.ordinal, r]))
    const rows = await reader.all<Row>(
      `select e.id, e.ordinal, e.offset, e.length, e.time_ms, ${columns} from event e where e.entry = ? order by e.id`,
      [file.id],
    )
    for (const row of rows) {
      const difference = compare(row, records.get(row.ordinal))
      if (difference === undefined) found.passed()
      else found.failed(`${visible(file.path)} record ${row.ordinal}: ${visible(difference)}`)
    }
  }
  return found.result
}

function compare(row: Row, record: ParsedRecord | undefined): string | undefined {
  if (!record) return 'is not in its file'
  if (row.offset !== record.offset || row.length !== record.length) return 'stands elsewhere in its file'
  const { columns: c } = record
  if (row.time_ms !== (c.timeMs ?? null))
    return `eventTime is ${String(row.time_ms)}, its record says ${String(c.timeMs)}`
  for (const [n, field] of termFields.entries())
    if ((row[`t${n}`] ?? undefined) !== c.terms[n]) return `${field} differs from its record`
  for (const [n, field] of documentFields.entries())
    if ((row[`d${n}`] ?? undefined) !== c.documents[n]) return `${field} differs from its record`
  for (const [n, field] of identifierFields.entries()) {
    const kept = row[`i${n}`] ?? undefined
    if (kept !== c.identifiers[n]) return `${field} differs from its record`
  }
  return undefined
}
