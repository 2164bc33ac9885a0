import { createHash } from 'node:crypto'
import { bytes as sizeText } from '#shared/base/count.ts'
import { concludeFile, trailingNote } from './conclude-file.ts'
import { Findings, type TextReader } from './findings.ts'
import { inflateStream, withHead, type InflateState } from './inflate-stream.ts'
import type { Limits } from './limits.ts'
import { HEAD_BYTES, readerFor } from './reader-for.ts'
import type { ParsedFile, ParsedRecord } from './types.ts'

/** The bytes in which records stand: a record's offset minus `base` is where it begins in `bytes`. */
export type SeenBytes = { readonly bytes: Buffer; readonly base: number }

/** Inflated text is read in pieces of about this size: large enough to be quick, small enough to be bounded. */
const PIECE = 1 << 20

/**
 * Reads a file of any size in bounded memory: as `parseFile`, but the records are handed over as they are found and the
 * result holds none. Each call of `onRecords` is awaited before more is read. Whether the file is damaged is known only at
 * its end: when the outcome is `quarantined`, the records handed over are salvaged, and the caller must mark them.
 * Throws the signal's reason when cancelled, and what `chunks` or `onRecords` throw.
 */
export async function parseStream(
  path: string,
  chunks: AsyncIterable<Uint8Array>,
  limits: Limits,
  onRecords: (records: ParsedRecord[], seen: SeenBytes) => Promise<void>,
  signal: AbortSignal,
): Promise<ParsedFile> {
  const findings = new Findings()
  const stored = { hash: createHash('sha256'), size: 0 }
  const inflated = { hash: createHash('sha256'), size: 0 }
  const state: InflateState = { compression: 'none', trailingBytes: 0, problem: undefined }
  async function* counted(): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      signal.throwIfAborted()
      stored.hash.update(chunk)
      stored.size += chunk.length
      yield chunk
    }
    signal.throwIfAborted()
  }
  const { head, rest } = await withHead(inflateStream(counted(), state, limits), HEAD_BYTES)
  const reader = streamReader(head, findings, limits)
  let stuck = false
  for await (const piece of pieces(rest)) {
    inflated.hash.update(piece)
    inflated.size += piece.length
    if (reader === undefined || stuck) continue
    reader.push(piece)
    await handOver(findings, reader, onRecords)
    stuck = isStuck(reader, findings, limits)
  }
  if (reader !== undefined && !stuck) {
    reader.end()
    await handOver(findings, reader, onRecords)
  }
  if (stored.size === 0) {
    findings.is('empty')
    findings.refuse('ignored', 'The file is empty.')
  }
  if (state.problem !== undefined) findings.damagedBy(state.problem, inflated.size)
  if (state.trailingBytes > 0) findings.note(trailingNote(state.trailingBytes))
  return concludeFile(path, findings, {
    sha256: stored.hash.digest('hex'),
    size: stored.size,
    inflatedSha256: inflated.hash.digest('hex'),
    inflatedSize: inflated.size,
    compression: state.compression,
    trailingBytes: state.trailingBytes,
  })
}

function streamReader(head: Buffer, findings: Findings, limits: Limits): TextReader | undefined {
  const mark = head.length >= 2 ? head.readUInt16BE(0) : 0
  if (mark === 0xfffe || mark === 0xfeff) {
    findings.refuse('quarantined', 'A large file in UTF-16. Convert it to UTF-8 and import the result.')
    return undefined
  }
  return head.length === 0 ? undefined : readerFor(head, findings, limits)
}

async function handOver(
  findings: Findings,
  reader: TextReader,
  onRecords: (records: ParsedRecord[], seen: SeenBytes) => Promise<void>,
): Promise<void> {
  const records = findings.take()
  if (records.length > 0) await onRecords(records, reader.seen)
}

function isStuck(reader: TextReader, findings: Findings, limits: Limits): boolean {
  const at = reader.stuckAt
  if (at === undefined) return false
  findings.breaksAt(
    at,
    `The value that begins at byte ${at} is larger than ${sizeText(limits.recordBytes)}, the limit for a record. What follows was not read.`,
  )
  return true
}

/** Joins small parts: a part of a few kilobytes at a time would cost more than its content. */
async function* pieces(parts: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = []
  let size = 0
  for await (const part of parts) {
    for (let at = 0; at < part.length; at += PIECE) {
      const cut = part.subarray(at, at + PIECE)
      held.push(cut)
      size += cut.length
      if (size < PIECE) continue
      yield Buffer.concat(held)
      held = []
      size = 0
    }
  }
  if (size > 0) yield Buffer.concat(held)
}
