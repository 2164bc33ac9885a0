import { createHash } from 'node:crypto'
import { documentFields, eventFlags, termFields, type EventFlag } from '#shared/domain/fields.ts'
import type { EventVerdict } from '#shared/domain/integrity.ts'
import { isRecord, isRecordInLog } from '../intake/recognise.ts'
import { isObject, type JsonObject } from '../intake/types.ts'
import { Refusal } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { uuidText } from './event-rows.ts'
import type { InflatedFiles } from './read-original.ts'

/** Where one delivery of an event stands. Offset and length in bytes of the inflated file. */
export type Place = {
  entry: number
  source: string
  path: string
  ordinal: number
  offset: number
  length: number
  fileSha256: string
  verdict: string | null
  verdictDetail: string | null
  integrity: EventVerdict
}

export type EventRecord = {
  eventID: string
  json: string
  raw: Buffer
  recordSha256: string
  places: Place[]
  conflicts: number[]
  flagWords: string[]
}

/** What each flag of a record means, for people. */
export const flagWords: Readonly<Record<EventFlag, string>> = {
  duplicateKey: 'names the same key twice; other programs may read the other value',
  invalidUtf8: 'is not valid UTF-8; the raw bytes are exact',
  salvaged: 'comes from a file that is damaged or breaks off',
  partial: 'is a thin copy without request and response',
  derived: 'was rebuilt by another program; not the bytes AWS wrote',
  timeUncertain: 'has a time without zone, or none that can be read',
  syntheticId: 'has no eventID; it is known by the hash of its content',
  conflict: 'another record with the same eventID says something else',
  tooDeep: 'is nested deeper than the limit; its documents are not indexed',
}

/** Where event ?1 stands: its record, further records of it, and files with the same bytes as one of theirs. */
const DELIVERIES = `
  with direct as (select entry, ordinal, offset, length, 0 as later from event where id = ?1
                  union all select entry, ordinal, offset, length, 1 from occurrence where event = ?1)
  select * from direct
  union all
  select copy.id, d.ordinal, d.offset, d.length, 2 from direct d join entry n on n.id = d.entry
  join entry copy on copy.original = n.original and copy.outcome = 'duplicate'`

/** Everything about one event: its record, the exact bytes, all places where it was delivered. @throws Refusal `not-found`. */
export async function readEvent(reader: Connection, files: InflatedFiles, event: number): Promise<EventRecord> {
  const row = await reader.get<{ flags: number; eventID: string | null }>(
    `select flags, ${uuidText('i0')} as eventID from event where id = ?`,
    [event],
  )
  if (!row) throw new Refusal('not-found', 'There is no such event in this case.')
  const places = await reader.all<Place>(
    `select o.entry, s.path as source, n.path, o.ordinal, o.offset, o.length, lower(hex(n.sha256)) as fileSha256,
            v.verdict, v.detail as verdictDetail, coalesce(v.event_verdict, 'none') as integrity
     from (${DELIVERIES}) o
     join entry n on n.id = o.entry join source s on s.id = n.source left join entry_verdict v on v.entry = o.entry
     order by o.later, n.path`,
    [event],
  )
  const first = places[0]
  if (!first) throw new Refusal('not-found', 'The file of this event is not in the case.')
  const inflated = await files.of(first.entry)
  const raw = Buffer.from(inflated.subarray(first.offset, first.offset + first.length))
  const conflicts = await reader.all<{ id: number }>(
    'select other as id from conflict where event = ?1 union select event from conflict where other = ?1',
    [event],
  )
  const conflictBit = conflicts.length > 0 ? eventFlags.conflict : 0
  return {
    eventID: row.eventID ?? '',
    json: recordJson(raw) ?? (await rebuilt(reader, event)),
    raw,
    recordSha256: createHash('sha256').update(raw).digest('hex'),
    places,
    conflicts: conflicts.map((c) => c.id),
    flagWords: (Object.keys(eventFlags) as EventFlag[])
      .filter((flag) => ((row.flags | conflictBit) & eventFlags[flag]) !== 0)
      .map((flag) => flagWords[flag]),
  }
}

/**
 * The record's JSON text out of the bytes that hold it: as it stands in its file, or out of the JSON string that carries it
 * (`CloudTrailEvent` of lookup-events, `_raw`, `message`, an SNS `Message`). Nothing where no text holds exactly this record (CSV cells,
 * a wrapper around several): it is then put together from its columns.
 */
export function recordJson(raw: Buffer): string | undefined {
  const text = raw.toString('utf8').replace(/^\uFEFF/, '')
  for (const candidate of [text, unquoted(text), unquoted(`"${text}"`)]) {
    const value = candidate === undefined ? undefined : objectOf(candidate)
    if (value) return isRecord(value) || isRecordInLog(value) ? candidate : carried(value)
  }
  return undefined
}

/** How deep wrappers are looked into: an SQS message that holds an SNS message that holds an event. */
const WRAPPERS = 4

function carried(wrapper: JsonObject, depth = 0): string | undefined {
  if (depth === WRAPPERS) return undefined
  for (const member of Object.values(wrapper)) {
    const text = typeof member === 'string' && member.trimStart().startsWith('{') ? member : undefined
    const inner = text === undefined ? (isObject(member) ? member : undefined) : objectOf(text)
    if (!inner) continue
    const found = isRecord(inner) ? (text ?? JSON.stringify(inner)) : carried(inner, depth + 1)
    if (found !== undefined) return found
  }
  return undefined
}

function unquoted(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'string' ? value : undefined
  } catch {
    return undefined
  }
}

function objectOf(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** A record put together from its columns, where its source is no JSON text (CSV, UTF-16). */
async function rebuilt(reader: Connection, event: number): Promise<string> {
  const terms = termFields.map((_, n) => `(select text from term where field = ${n} and id = e.t${n}) as t${n}`)
  const documents = documentFields.map((_, n) => `(select json from document where id = e.d${n}) as d${n}`)
  const row = await reader.get<Record<string, string | null>>(
    `select ${[...terms, ...documents].join(', ')} from event e where id = ?`,
    [event],
  )
  const members: string[] = []
  for (const [n, field] of termFields.entries()) {
    const value = row?.[`t${n}`] ?? null
    if (value !== null && !field.includes('.') && !['account', 'principal', 'access', 'resource'].includes(field))
      members.push(`${JSON.stringify(field)}:${JSON.stringify(value)}`)
  }
  for (const [n, field] of documentFields.entries()) {
    const value = row?.[`d${n}`] ?? null
    if (value !== null) members.push(`${JSON.stringify(field)}:${value}`)
  }
  return `{${members.join(',')}}`
}
