import { documentFields, identifierFields, termNumber } from '#shared/domain/fields.ts'
import { eventVerdicts, type EventVerdict } from '#shared/domain/integrity.ts'
import { utcMs, formatUtc } from '#shared/base/time.ts'
import { Refusal } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { termFieldOf } from './facet-vector.ts'
import type { QueryWorld } from './evaluate.ts'

/** One event as a list shows it. `values` follows the fields asked for; absent is null. */
export type EventRow = {
  id: number
  position: number
  timeMs: number | null
  values: (string | null)[]
  access: 'ok' | 'denied' | 'failed'
  readOnly: boolean | null
  integrity: EventVerdict
  flags: number
  occurrences: number
  tags: string[]
  exhibit: string | null
}

const text = (n: number) => `(select text from term where field = ${n} and id = e.t${n})`
export const uuidText = (c: string): string =>
  `case typeof(${c}) when 'blob' then lower(substr(hex(${c}),1,8)||'-'||substr(hex(${c}),9,4)||'-'||substr(hex(${c}),13,4)||'-'||substr(hex(${c}),17,4)||'-'||substr(hex(${c}),21)) else ${c} end`

/**
 * The SQL expression of a field of `event e`: a column by CloudTrail's name, or a path into a document such as
 * `requestParameters.bucketName` (members of an object; arrays come as JSON text). @throws Refusal `bad-input`.
 */
export function fieldExpression(name: string): string {
  const lower = name.toLowerCase()
  if (lower === 'eventtime') return 'null'
  if (lower === '_source') return '(select path from entry where id = e.entry)'
  if (lower === '_record') return 'cast(e.ordinal as text)'
  const term = termFieldOf(name)
  if (term) return text(termNumber(term))
  const identifier = identifierFields.findIndex((f) => f.toLowerCase() === lower)
  if (identifier >= 0) return uuidText(`e.i${identifier}`)
  const document = documentFields.findIndex((f) => f.toLowerCase() === lower)
  if (document >= 0) return `(select json from document where id = e.d${document})`
  const dot = name.indexOf('.')
  const root = documentFields.findIndex((f) => f.toLowerCase() === lower.slice(0, dot))
  if (dot > 0 && root >= 0) {
    const path = name.slice(dot + 1).split('.')
    if (path.every((part) => part !== '' && !part.includes('"')))
      // The path stands in the statement as a literal: quotes are doubled, nothing else can end it.
      return `cast((select json ->> '$${path.map((part) => `."${part.replaceAll("'", "''")}"`).join('')}' from document where id = e.d${root}) as text)`
  }
  throw new Refusal(
    'bad-input',
    `There is no field ${name}. Use CloudTrail's names, such as eventName or requestParameters.bucketName.`,
  )
}

type Annotated = { tagsOf(event: number): string[]; exhibitOf(event: number): string | null }

/** Reads the events at the given positions, in that order. */
export async function readRows(
  world: QueryWorld,
  positions: readonly number[],
  fields: readonly string[],
  annotated: Annotated,
): Promise<EventRow[]> {
  if (positions.length === 0) return []
  const { index, reader } = world
  const verdicts = await world.verdicts()
  const columns = fields.map((field, n) => `, ${fieldExpression(field)} as v${n}`).join('')
  const out: EventRow[] = []
  for (let first = 0; first < positions.length; first += 5000) {
    const part = positions.slice(first, first + 5000)
    const events = part.map((p) => index.eventAt(p))
    const byId = await readEvents(reader, events, columns)
    for (const [n, position] of part.entries()) {
      const row = byId.get(events[n]!)
      if (!row) continue
      const timeMs = row['time_ms'] as number | null
      out.push({
        id: events[n]!,
        position,
        timeMs,
        values: fields.map((field, v) =>
          field.toLowerCase() === 'eventtime'
            ? timeMs === null
              ? null
              : formatUtc(utcMs(timeMs))
            : (row[`v${v}`] as string | null),
        ),
        access: (row['access'] as EventRow['access'] | null) ?? 'ok',
        readOnly: row['readOnly'] === null ? null : row['readOnly'] === 'true',
        integrity: eventVerdicts[verdicts[position]!] ?? 'none',
        flags: row['flags'] as number,
        occurrences: row['occurrences'] as number,
        tags: annotated.tagsOf(events[n]!),
        exhibit: annotated.exhibitOf(events[n]!),
      })
    }
  }
  return out
}

async function readEvents(reader: Connection, events: readonly number[], columns: string) {
  const rows = await reader.all<Record<string, string | number | null>>(
    `select e.id, e.time_ms, e.flags, ${text(termNumber('access'))} as access, ${text(termNumber('readOnly'))} as readOnly,
            1 + (select count(*) from occurrence o where o.event = e.id)
              + (select count(*) from entry copy where copy.outcome = 'duplicate' and copy.original = (select original from entry where id = e.entry)) as occurrences${columns}
     from event e where e.id in (${events.join(',')})`,
  )
  return new Map(rows.map((row) => [row['id'] as number, row]))
}
