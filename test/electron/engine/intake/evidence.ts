import { gzipSync } from 'node:zlib'
import {
  documentFields,
  eventFlags,
  termNumber,
  type DocumentField,
  type EventFlag,
  type TermField,
} from '#shared/domain/fields.ts'
import { defaultLimits, type Limits } from '#engine/intake/limits.ts'
import { parseFile } from '#engine/intake/parse-file.ts'
import { parseStream } from '#engine/intake/parse-stream.ts'
import { inflateFirstMember } from '#engine/intake/inflate.ts'
import type { EventColumns, ParsedFile, ParsedRecord } from '#engine/intake/types.ts'

/** A made-up record; `n` makes its eventID. */
export const record = (n: number, more: Record<string, unknown> = {}): Record<string, unknown> => ({
  eventVersion: '1.09',
  userIdentity: {
    type: 'IAMUser',
    principalId: 'AIDAEXAMPLE',
    arn: 'arn:aws:iam::111122223333:user/ana',
    accountId: '111122223333',
  },
  eventTime: `2024-05-01T00:${String(n % 60).padStart(2, '0')}:31Z`,
  eventSource: 's3.amazonaws.com',
  eventName: 'GetObject',
  awsRegion: 'eu-west-1',
  sourceIPAddress: '203.0.113.7',
  requestParameters: { bucketName: 'vault', key: `report-${n}.pdf` },
  responseElements: null,
  eventID: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
  eventType: 'AwsApiCall',
  recipientAccountId: '111122223333',
  eventCategory: 'Data',
  ...more,
})

export const records = (count: number): Record<string, unknown>[] => Array.from({ length: count }, (_, n) => record(n))
export const logText = (items: readonly unknown[]): string => JSON.stringify({ Records: items })
export const gz = (content: string | Uint8Array): Buffer => gzipSync(content)

export const parse = (content: string | Buffer, path = 'evidence.json', limits: Partial<Limits> = {}): ParsedFile =>
  parseFile(path, typeof content === 'string' ? Buffer.from(content) : content, { ...defaultLimits, ...limits })

/** Parses as a stream in pieces of `size` bytes, and gives the records too. */
export async function parsePieces(
  content: Buffer,
  size: number,
  path = 'evidence.json',
  limits: Partial<Limits> = {},
): Promise<ParsedFile> {
  async function* pieces(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < content.length; at += size) yield await Promise.resolve(content.subarray(at, at + size))
  }
  const found: ParsedRecord[] = []
  const file = await parseStream(
    path,
    pieces(),
    { ...defaultLimits, ...limits },
    (part, seen) => {
      for (const { offset, length } of part) {
        if (offset < seen.base || offset + length > seen.base + seen.bytes.length)
          throw new Error('a record lies outside the bytes handed over')
      }
      found.push(...part)
      return Promise.resolve()
    },
    new AbortController().signal,
  )
  return { ...file, records: found }
}

/** The bytes of a record as they stand in the file. */
export function raw(content: string | Buffer, parsed: ParsedRecord): string {
  const { bytes } = inflateFirstMember(Buffer.from(content), defaultLimits)
  return bytes.toString('utf8', parsed.offset, parsed.offset + parsed.length)
}

export const term = (columns: EventColumns, field: TermField): string | undefined => columns.terms[termNumber(field)]
export const document = (columns: EventColumns, field: DocumentField): string | undefined =>
  columns.documents[documentFields.indexOf(field)]
export const flagged = (columns: EventColumns, flag: EventFlag): boolean => (columns.flags & eventFlags[flag]) !== 0
export const ids = (file: ParsedFile): (string | undefined)[] => file.records.map((r) => r.columns.identifiers[0])
export const names = (file: ParsedFile): (string | undefined)[] => file.records.map((r) => term(r.columns, 'eventName'))
