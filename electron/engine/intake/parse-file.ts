import { hash } from 'node:crypto'
import { concludeFile, trailingNote } from './conclude-file.ts'
import { Findings } from './findings.ts'
import { inflateFirstMember, type Inflate, type Inflated } from './inflate.ts'
import type { Limits } from './limits.ts'
import { ignoredByName } from './ignored-by-name.ts'
import { readerFor } from './reader-for.ts'
import { decodeText, type DecodedText } from './text-encoding.ts'
import type { ContainerKind, ParsedFile } from './types.ts'

export { parseStream } from './parse-stream.ts'

/**
 * Reads one file that fits in memory: hashes it, inflates its first gzip member, decides by content what it is, and
 * projects its records. Synchronous, and total: bad input is an outcome, never an exception. `path` decides nothing but
 * files that are ignored by name, and stands in for the content where that cannot say what it is.
 */
export const parseFile = (path: string, stored: Uint8Array, limits: Limits): ParsedFile =>
  parseWithContent(path, stored, limits).file

/** What a caller knows of a log file whose records it has read itself. */
type ReadLog = { readonly kind: ContainerKind; readonly records: number }

/**
 * As `parseFile`, and gives the inflated bytes too, for a caller that needs the records' bytes at once. `readLog` may take a sound
 * file and read its records itself; the file's `records` are then empty, and counted nevertheless.
 */
export function parseWithContent(
  path: string,
  stored: Uint8Array,
  limits: Limits,
  readLog: (inflated: Buffer) => ReadLog | undefined = () => undefined,
  inflate?: Inflate,
): { readonly file: ParsedFile; readonly inflated: Buffer } {
  const findings = new Findings()
  const sha256 = hash('sha256', stored, 'hex')
  const rule = ignoredByName(path, stored.length)
  const inflated: Inflated =
    rule === undefined
      ? inflateFirstMember(stored, limits, inflate)
      : {
          bytes: Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength),
          compression: 'none',
          trailingBytes: 0,
        }
  if (rule !== undefined) {
    findings.is(stored.length === 0 ? 'empty' : 'other')
    findings.refuse('ignored', rule)
  } else {
    const log = inflated.problem === undefined ? readLog(inflated.bytes) : undefined
    if (log === undefined) readText(decodeText(inflated.bytes), findings, limits)
    else {
      findings.is(log.kind)
      findings.recordCount = log.records
    }
    if (inflated.problem !== undefined) findings.damagedBy(inflated.problem, inflated.bytes.length)
  }
  if (inflated.trailingBytes > 0) findings.note(trailingNote(inflated.trailingBytes))
  const inflatedSha256 = inflated.compression === 'none' ? sha256 : hash('sha256', inflated.bytes, 'hex')
  const file = concludeFile(path, findings, {
    sha256,
    size: stored.length,
    inflatedSha256,
    inflatedSize: inflated.bytes.length,
    compression: inflated.compression,
    trailingBytes: inflated.trailingBytes,
  })
  return { file, inflated: inflated.bytes }
}

function readText(text: DecodedText, findings: Findings, limits: Limits): void {
  if (text.bytes.length === 0) return
  findings.positions = text.toFileOffset
  const reader = readerFor(text.bytes, findings, limits)
  if (reader === undefined) return
  reader.push(text.bytes)
  reader.end()
}
