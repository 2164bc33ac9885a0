/** A member of what was noted, with its name. */
export type EntryPart = { readonly name: string; readonly value: string }

/** What changed: a field with what it said before and says now; null where there was or is nothing. */
export type EntryChange = { readonly field: string; readonly before: string | null; readonly after: string | null }

export type EntryParts = { readonly changes: readonly EntryChange[]; readonly rest: readonly EntryPart[] }

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const toText = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value, null, 2))
const saidIn = (side: unknown, field: string): string | null =>
  isRecord(side) && Object.hasOwn(side, field) && side[field] !== null ? toText(side[field]) : null

/** Takes an entry's JSON apart: before and after side by side, the rest as it is. Text that is no JSON object comes back as one part. */
export function entryParts(body: string): EntryParts {
  let value: unknown
  try {
    value = JSON.parse(body)
  } catch {
    return { changes: [], rest: [{ name: 'noted', value: body }] }
  }
  if (!isRecord(value)) return { changes: [], rest: [{ name: 'noted', value: toText(value) }] }
  const { before, after, ...others } = value
  const isChange = isRecord(before) || isRecord(after)
  const fields = isChange ? [...new Set([...keysOf(before), ...keysOf(after)])] : []
  const sides = isChange ? [] : Object.entries({ before, after }).filter(([, side]) => side !== undefined)
  return {
    changes: fields.map((field) => ({ field, before: saidIn(before, field), after: saidIn(after, field) })),
    rest: [...sides, ...Object.entries(others)].map(([name, one]) => ({ name, value: toText(one) })),
  }
}

const keysOf = (value: unknown): readonly string[] => (isRecord(value) ? Object.keys(value) : [])
