/**
 * What a file turned out to be, decided by its content. `cloudtrail-log` to `aggregated-log` are what a trail delivers;
 * `digest` to `lake-sign-file` are proofs without records; then the exports; the rest is recognised and never gives events.
 */
export const containerKinds = [
  'cloudtrail-log',
  'insight-log',
  'network-activity-log',
  'aggregated-log',
  'digest',
  'public-keys',
  'signatures',
  'lake-sign-file',
  'lake-results',
  'lookup-events',
  'event-history-json',
  'event-history-csv',
  'athena-csv',
  'sentinel-csv',
  'cloudwatch-logs',
  'eventbridge',
  'firehose',
  'splunk',
  'elastic',
  'sns-sqs',
  'json-records',
  'config',
  's3-notification',
  'ocsf',
  'archive',
  'empty',
  'other',
] as const
export type ContainerKind = (typeof containerKinds)[number]

/** One record as columns; what each position means is in `#shared/domain/fields.ts`. */
export type EventColumns = {
  /** UTC milliseconds; `undefined` when the record has no time that can be read. */
  readonly timeMs: number | undefined
  /** Index = `termNumber(field)`. */
  readonly terms: (string | undefined)[]
  /** JSON text; index = position in `documentFields`. */
  readonly documents: (string | undefined)[]
  /** Index = position in `identifierFields`. */
  readonly identifiers: (string | undefined)[]
  /** Bits of `eventFlags`. */
  flags: number
}

/** A record and where its bytes stand: `offset` and `length` count bytes of the inflated file. */
export type ParsedRecord = {
  /** Position among all records of the file, read or rejected, from 0. */
  readonly ordinal: number
  readonly offset: number
  readonly length: number
  readonly columns: EventColumns
}

/** A record that could not be read; `reason` says why in one sentence. */
export type RejectedRecord = { readonly ordinal: number; readonly offset: number; readonly reason: string }

export type Outcome = 'stored' | 'quarantined' | 'ignored'
export type Compression = 'none' | 'gzip' | 'zstd'

/** Everything that was found in one file. Sizes and offsets in bytes, hashes SHA-256 as lower-case hex. */
export type ParsedFile = {
  readonly outcome: Outcome
  /** What happened, why and what to do; always there unless the file was stored. */
  readonly reason?: string
  readonly kind: ContainerKind
  /** Of the bytes as they were handed over. */
  readonly sha256: string
  readonly size: number
  /** Of the bytes after the first gzip member (of each layer) was inflated; equal to `sha256` for a plain file. */
  readonly inflatedSha256: string
  readonly inflatedSize: number
  readonly compression: Compression
  /** Bytes after the first gzip member: never read as evidence. */
  readonly trailingBytes: number
  readonly records: ParsedRecord[]
  /** As many as `records` holds, or held before they were handed over. */
  readonly recordCount: number
  /** The first 1,000 of them. */
  readonly rejected: RejectedRecord[]
  readonly rejectedCount: number
  /** Where a damaged file breaks off, in inflated bytes. */
  readonly brokeAt?: number
  /** Facts worth showing that change nothing about the outcome. */
  readonly notes: string[]
}

export type { Limits } from './limits.ts'

/** One file of a source, found but not read. */
export type Entry = {
  /** Inside the source, with `/`; members of archives as `outer.zip!inner/name`. Text from evidence, never a path to write. */
  readonly path: string
  /** Bytes; unknown of files on disk that are named as a trail names its own, as they are not looked at before they are read. */
  readonly size: number | undefined
  readonly modifiedMs?: number
  /** A plain file on disk: whoever parses it may read it there. */
  readonly localPath?: string
  /** Its bytes. Rejects only when a file on disk cannot be read. */
  read(): Promise<Buffer>
}

/** A part of a source that gives no file, and why. */
export type EntryProblem = {
  readonly path: string
  readonly outcome: Exclude<Outcome, 'stored'>
  readonly reason: string
}

/** A value as `JSON.parse` gives it. */
export type JsonObject = { readonly [key: string]: unknown }
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
