import { documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'
import { parsePrestoStruct } from './presto-struct.ts'
import type { JsonObject } from './types.ts'

/** CloudTrail's names by their lower-case form, as Athena and CloudTrail Lake write columns. */
const NAMES = [
  ...termFields.filter((field) => !field.includes('.')),
  ...documentFields,
  ...identifierFields,
  'eventTime',
  'serviceEventDetails',
  'addendum',
  'edgeDeviceDetails',
  'insightDetails',
  'eventContext',
] as const
const canonical: ReadonlyMap<string, string> = new Map(NAMES.map((name) => [name.toLowerCase(), name]))
const STRUCTS: ReadonlySet<string> = new Set([
  'userIdentity',
  'resources',
  'tlsDetails',
  'addendum',
  'edgeDeviceDetails',
])

/** CloudTrail's name of a column, whatever its case; other names stay. */
export const canonicalName = (name: string): string => canonical.get(name.toLowerCase()) ?? name

/**
 * Rebuilds a record from named cells: lower-case columns of Athena and CloudTrail Lake, dotted columns of SIEM exports
 * (`userIdentity.arn`). Empty cells and the text `null` are absent. Struct text (`{type=Root, …}`) is read as far as it can be.
 * The result is a copy made by another program, never the bytes AWS wrote.
 */
export function rowToRecord(names: readonly string[], cells: readonly unknown[]): JsonObject {
  const record = Object.create(null) as Record<string, unknown>
  names.forEach((raw, i) => {
    const cell = cells[i]
    if (cell === undefined || cell === null || cell === '' || cell === 'null') return
    const [head, ...rest] = raw.split('.')
    const name = canonicalName(head ?? '')
    if (rest.length > 0) {
      place(record, [name, ...rest], cell)
      return
    }
    record[name] =
      STRUCTS.has(name) && typeof cell === 'string' && isStruct(cell) ? parsePrestoStruct(cell) : readCell(cell)
  })
  return record
}

const isStruct = (text: string): boolean => /^\[?\{\w+=/.test(text)

/** Cells that hold JSON are read as JSON: `{"bucketName":…}`. */
function readCell(cell: unknown): unknown {
  if (typeof cell !== 'string' || !/^[[{]/.test(cell)) return cell
  try {
    return JSON.parse(cell)
  } catch {
    return cell
  }
}

function place(record: Record<string, unknown>, path: readonly string[], cell: unknown): void {
  let at = record
  for (const step of path.slice(0, -1)) {
    const next = at[step]
    if (typeof next === 'object' && next !== null && !Array.isArray(next)) at = next as Record<string, unknown>
    else if (next === undefined) at = at[step] = Object.create(null) as Record<string, unknown>
    else return
  }
  at[path[path.length - 1]!] = cell
}
