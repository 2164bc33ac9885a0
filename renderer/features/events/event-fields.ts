import type { EventRow } from '#shared/contract/events.ts'
import { documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'

/** What every row carries, whichever columns are shown: the default columns and the marks are drawn from it. */
export const baseFields = [
  'eventName',
  'eventSource',
  'principal',
  'sourceIPAddress',
  'errorCode',
  'awsRegion',
  'resource',
  'eventCategory',
  'otherFields.insightDetails.state',
] as const

/** A row that knows the names of its values. */
export type GridEvent = EventRow & { readonly fields: readonly string[] }

/** The value of a field in a row; null where the event has none, and where the row was fetched without it. */
export const valueOf = (row: GridEvent, field: string): string | null => row.values[row.fields.indexOf(field)] ?? null

/** Every field of CloudTrail that can be a column and is not one by default. */
export const furtherFields: readonly string[] = [...termFields, ...documentFields, ...identifierFields].filter(
  (field) => !['eventName', 'principal', 'sourceIPAddress', 'awsRegion', 'resource', 'access'].includes(field),
)

const SERVICE_END = /\.amazonaws\.(?:com|com\.cn|eu)$/

/** `s3.amazonaws.com` as `s3`. */
export const shortService = (eventSource: string): string => eventSource.replace(SERVICE_END, '')

/**
 * Who acted, as short as it can be told apart: `alice`, `Admin/session-4711`, `root of 123456789012`. What is no ARN stays itself.
 */
export function shortPrincipal(principal: string): string {
  const parts = principal.split(':')
  if (parts[0] !== 'arn' || parts.length < 6) return principal
  const resource = parts.slice(5).join(':')
  if (resource === 'root') return `root of ${parts[4] ?? ''}`
  const slash = resource.indexOf('/')
  if (slash < 0) return resource
  const kind = resource.slice(0, slash)
  const name = resource.slice(slash + 1)
  return kind === 'assumed-role' ? name : (name.split('/').at(-1) ?? name)
}
