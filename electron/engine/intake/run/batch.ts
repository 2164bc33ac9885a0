import type { ParsedFile } from '../types.ts'

/** One entry that a worker is asked to parse. Plain files on disk are read by the worker itself; archive members come with their bytes. */
export type FileJob = {
  /** Path inside the source. */
  readonly path: string
  /** Stored bytes; unknown of files on disk that were not looked at yet. */
  readonly size: number | undefined
  readonly localPath?: string
  readonly bytes?: Uint8Array
  /** SHA-256 (hex) under which the ledger already holds this path: when it still fits, the file is not parsed again. */
  readonly knownSha256?: string
}

/** What is known of one file after parsing, without its records. */
export type FileFacts = Omit<ParsedFile, 'records'> & {
  readonly path: string
  /** The ledger holds these very bytes under this path already. */
  readonly unchanged: boolean
}

/**
 * Many records as columns, cheap to hand from thread to thread: texts that repeat are sent once per worker and named by
 * a number after that.
 *
 *   worker: "s3.amazonaws.com" -> 7        batch.newTerms: [[0, "s3.amazonaws.com"]]   batch.ids: … 7 … 7 … 7 …
 */
export type RecordColumns = {
  readonly count: number
  /** Which file of the batch each record stands in. */
  readonly file: Uint32Array
  readonly ordinal: Uint32Array
  /** Bytes in the inflated file; Float64 because files may exceed 4 GB. */
  readonly offset: Float64Array
  readonly length: Uint32Array
  /** UTC milliseconds, NaN when the record has no readable time. */
  readonly timeMs: Float64Array
  readonly flags: Uint16Array
  /** `count` x (terms + documents) worker-local numbers, 0 = absent; record by record. */
  readonly ids: Uint32Array
  /** First 16 bytes of the SHA-256 of each record's bytes. */
  readonly recordHash: Uint8Array
  /** `count` x 3 identifiers of 16 bytes; meaningful where `identifierKind` says UUID. */
  readonly identifiers: Uint8Array
  /** `count` x 3: 0 absent, 1 lower-case UUID, 2 text (see `identifierTexts`). */
  readonly identifierKind: Uint8Array
  /** [record * 3 + identifier, text] */
  readonly identifierTexts: readonly (readonly [number, string])[]
}

/** Texts of one kind that a worker meets for the first time, in the order of the numbers it gave them: three lists of one length. */
export type TextList = {
  readonly fields: readonly number[]
  readonly texts: readonly string[]
  /** As the index of words takes them; `null` when it finds the same words in the text itself, empty when it holds none to find. */
  readonly words: readonly (string | null)[]
}

export type NewTexts = {
  /** Fields whose numbering starts again at 1 before this batch. */
  readonly restartedTerms: readonly number[]
  readonly restartedDocuments: boolean
  /** Numbers count up from 1 per field. */
  readonly terms: TextList
  /** JSON texts; numbers count up from 1 over all fields. */
  readonly documents: TextList
}

export type ParsedBatch = {
  /** Of the files that were asked for, from the first on: a worker ends a batch that grows too large. */
  readonly files: readonly FileFacts[]
  /** The stored bytes of all files, one after the other; each has its start and length, -1 when it was not read or the ledger has it. */
  readonly stored: Uint8Array
  readonly starts: readonly number[]
  readonly lengths: readonly number[]
  /** The inflated bytes of the digests among the files, one after the other; each has its `inflatedSize`. */
  readonly digests: Uint8Array
  readonly columns: RecordColumns
  readonly texts: NewTexts
  /** Size of the file after these when it is too large to be held in memory. */
  readonly largeNext: number | undefined
}

/** Whether the inflated bytes of a file come with its batch. */
export const isDigest = (file: Pick<ParsedFile, 'kind' | 'outcome'>): boolean =>
  file.kind === 'digest' && file.outcome === 'stored'

/** Facts of a file of which nothing is known but its name and size. */
export const blankFacts = (file: FileJob): FileFacts => ({
  rejectedCount: 0,
  outcome: 'quarantined',
  kind: 'other',
  sha256: '',
  size: file.size ?? 0,
  inflatedSha256: '',
  inflatedSize: 0,
  compression: 'none',
  trailingBytes: 0,
  rejected: [],
  notes: [],
  path: file.path,
  recordCount: 0,
  unchanged: false,
})
