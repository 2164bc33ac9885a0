import {
  documentFields,
  identifierFields,
  termFields,
  type IdentifierField,
  type TermField,
} from '#shared/domain/fields.ts'
import type { ExportEvent } from '#shared/domain/export.ts'
import { documentTexts } from './document-texts.ts'
import { recordText } from './event-facts.ts'

export type ParquetType = 'STRING' | 'TIMESTAMP' | 'INT64'
export type ParquetColumn = {
  readonly name: string
  readonly type: ParquetType
  readonly value: (event: ExportEvent) => string | Date | bigint | null
}

/** `userIdentity.accessKeyId` as `useridentity_accesskeyid`: engines want lower case and no dots. */
const columnName = (field: string): string => field.toLowerCase().replaceAll('.', '_')

/** The partition directory is called `account` and a column must not be; the region there comes from `awsRegion`. */
export const termColumn = (field: TermField): string => (field === 'account' ? 'event_account' : columnName(field))

export const identifierColumn = (field: IdentifierField): string => columnName(field)

/** All columns in the files. Documents are JSON text, and once more as SQL can search them (`document-texts.ts`); `record` is the whole record's text. */
export const parquetColumns: readonly ParquetColumn[] = [
  { name: 'eventtime', type: 'TIMESTAMP', value: (event) => new Date(event.timeMs) },
  ...termFields.map((field) => text(termColumn(field), (event) => event.terms[field])),
  ...identifierFields.map((field) => text(identifierColumn(field), (event) => event.identifiers[field])),
  ...documentFields.map((field) => text(columnName(field), (event) => event.documents[field])),
  text('document_texts', (event) => JSON.stringify(documentTexts(event).texts)),
  text('document_keys', (event) => JSON.stringify(documentTexts(event).keys)),
  text('integrity', (event) => event.integrity),
  text('tags', (event) => JSON.stringify(event.tags)),
  text('exhibit', (event) => event.bookmark?.exhibit),
  text('bookmark_title', (event) => event.bookmark?.title),
  text('bookmark_note', (event) => event.bookmark?.note),
  { name: 'occurrences', type: 'INT64', value: (event) => BigInt(event.occurrences) },
  text('evidence_file', (event) => event.source.path),
  text('evidence_sha256', (event) => event.source.sha256),
  { name: 'evidence_record', type: 'INT64', value: (event) => BigInt(event.source.ordinal) },
  text('record_sha256', (event) => event.recordSha256),
  text('record', recordText),
]

function text(name: string, value: (event: ExportEvent) => string | undefined): ParquetColumn {
  return { name, type: 'STRING', value: (event) => value(event) ?? null }
}

/** The directories, in their order, from the event's account, region and day (UTC). */
export const partitionColumns = ['account', 'region', 'day'] as const

/**
 * `account=123456789012/region=eu-west-1/day=2023-07-10`. The names come from evidence: anything that does not look like
 * an account number or a region becomes `other`, and its true value stays in the columns.
 */
export function partitionPath(event: ExportEvent): string {
  const account = /^\d{12}$/.test(event.terms.account ?? '') ? event.terms.account! : 'other'
  const region = /^[a-z]{2}(?:-[a-z]{2,10}){1,3}-\d{1,2}$/.test(event.terms.awsRegion ?? '')
    ? event.terms.awsRegion!
    : 'other'
  return `account=${account}/region=${region}/day=${new Date(event.timeMs).toISOString().slice(0, 10)}`
}
