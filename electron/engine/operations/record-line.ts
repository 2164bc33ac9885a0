import { documentFields, termFields } from '#shared/domain/fields.ts'
import { compactJson, isJson } from '../exchange/formats/json-text.ts'
import { recordJson } from '../queries/event-details.ts'
import type { ExportRow } from '../queries/export-rows.ts'

/**
 * One event as one line of JSON: the record with CloudTrail's own names, numbers and duplicate keys as they were written,
 * then what the case knows about it under names with `_` (which come last, so that they win over the same names in evidence).
 * Nothing where the source is no JSON text (CSV, UTF-16): `rebuiltLine` then puts it together from the columns.
 */
export function recordLine(row: ExportRow): string | undefined {
  const record = recordJson(asBuffer(row.rawRecord))
  return record === undefined ? undefined : line(record, row)
}

/** The same from the columns, which must have been read. */
export const rebuiltLine = (row: ExportRow): string => line(rebuilt(row), row)

function line(json: string, row: ExportRow): string {
  const record = compactJson(json)
  const known = JSON.stringify({
    _id: row.id,
    _source: row.source.path,
    _record: row.source.ordinal,
    _integrity: row.integrity,
    _tags: row.tags,
    _bookmark: row.bookmark?.exhibit ?? null,
    _occurrences: row.occurrences,
  })
  return `${record.slice(0, -1)}${record === '{}' ? '' : ','}${compactJson(known).slice(1)}`
}

const asBuffer = (raw: ExportRow['rawRecord']): Buffer =>
  typeof raw === 'string' ? Buffer.from(raw) : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength)

/** Terms that are members of the record itself: no path, and none of ours. */
const memberTerms = termFields.filter(
  (field) => !field.includes('.') && !['account', 'principal', 'access', 'resource'].includes(field),
)
const booleans: readonly string[] = ['readOnly', 'managementEvent']

/** A record put together from its columns. */
function rebuilt({ terms, documents, identifiers, timeMs }: ExportRow): string {
  const members: string[] =
    timeMs === null ? [] : [member('eventTime', new Date(timeMs).toISOString().replace('.000Z', 'Z'))]
  for (const field of memberTerms) {
    const value = terms[field]
    if (value !== undefined)
      members.push(
        booleans.includes(field) && isJson(value) ? `${JSON.stringify(field)}:${value}` : member(field, value),
      )
  }
  for (const [field, value] of Object.entries(identifiers)) members.push(member(field, value))
  for (const field of documentFields) {
    const json = documents[field]
    if (json !== undefined && field !== 'otherFields') members.push(`${JSON.stringify(field)}:${json}`)
  }
  const others = documents.otherFields
  if (others !== undefined && others.length > 2) members.push(others.slice(1, -1))
  return `{${members.join(',')}}`
}

const member = (name: string, value: string): string => `${JSON.stringify(name)}:${JSON.stringify(value)}`
