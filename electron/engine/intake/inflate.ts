import { constants, crc32, inflateRawSync } from 'node:zlib'
import { Decompress } from 'fzstd'
import { bytes as sizeText } from '#shared/base/count.ts'
import { inflateAllowance, type Limits } from './limits.ts'
import type { Compression } from './types.ts'

/** What came out of a compressed file, as far as it could be read. */
export type Inflated = {
  readonly bytes: Buffer
  /** Of the outermost layer. */
  readonly compression: Compression
  /** Bytes after the first member, over all layers. */
  readonly trailingBytes: number
  /** Why the file is damaged or refused, in one sentence; `bytes` then hold what came out before. */
  readonly problem?: string
}

/**
 * Undoes gzip and zstd: the first member only, layer by layer, within the limits. This is "the inflated file" that offsets
 * of records count in. Never throws for bad input: `problem` says what is wrong.
 * @param inflate for the outermost layer; what it gives may be valid only until its next call
 */
export function inflateFirstMember(stored: Uint8Array, limits: Limits, inflate: Inflate = inflateRaw): Inflated {
  let bytes: Buffer = Buffer.from(stored.buffer, stored.byteOffset, stored.byteLength)
  let compression: Compression = 'none'
  let trailingBytes = 0
  for (let layer = 0; ; layer++) {
    const found = compressionOf(bytes)
    if (found === 'none') return { bytes, compression, trailingBytes }
    if (layer === limits.compressionLayers) {
      return { bytes: Buffer.alloc(0), compression, trailingBytes, problem: tooManyLayers(limits) }
    }
    const member =
      found === 'gzip' ? gunzipMember(bytes, limits, layer === 0 ? inflate : inflateRaw) : unzstd(bytes, limits)
    if (layer === 0) compression = found
    trailingBytes += member.trailing
    bytes = member.bytes
    if (member.problem !== undefined) return { bytes, compression, trailingBytes, problem: member.problem }
  }
}

export const tooManyLayers = (limits: Limits): string =>
  `The file is compressed more than ${limits.compressionLayers} times over: refused as hostile. Unpack it and import the result.`

/** By magic number (RFC 1952, RFC 8878). */
export function compressionOf(bytes: Uint8Array): Compression {
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) return 'gzip'
  if (bytes[0] === 0x28 && bytes[1] === 0xb5 && bytes[2] === 0x2f && bytes[3] === 0xfd) return 'zstd'
  return 'none'
}

type Member = { readonly bytes: Buffer; readonly trailing: number; readonly problem?: string }

const NOTHING = Buffer.alloc(0)
const TRAILER = 8

/**
 * The first gzip member. Node's gunzip joins all members; here the header is read by hand and its deflate stream alone is
 * inflated, so that what follows is seen as what it is: bytes that AWS never signed.
 */
function gunzipMember(stored: Buffer, limits: Limits, inflate: Inflate): Member {
  const header = gzipHeaderLength(stored)
  if (header === undefined) {
    return {
      bytes: NOTHING,
      trailing: 0,
      problem: 'The gzip header is damaged or cut off: the file cannot be inflated.',
    }
  }
  const body = stored.subarray(header)
  const allowance = inflateAllowance(stored.length, limits)
  const raw = inflate(body, allowance, sizeHint(stored, allowance))
  if (raw === 'too-large') return { bytes: NOTHING, trailing: 0, problem: tooLarge(stored.length, allowance, limits) }
  if (raw === 'damaged') return salvage(stored, header, allowance)
  const trailer = header + raw.consumed
  if (trailer + TRAILER > stored.length) {
    return {
      bytes: raw.bytes,
      trailing: 0,
      problem: `The file is cut off: its gzip stream ends after ${sizeText(stored.length)} without its checksum.`,
    }
  }
  const trailing = stored.length - trailer - TRAILER
  if (stored.readUInt32LE(trailer) !== crc32(raw.bytes)) return { bytes: raw.bytes, trailing, problem: BAD_CHECKSUM }
  if (stored.readUInt32LE(trailer + 4) !== raw.bytes.length % 2 ** 32)
    return { bytes: raw.bytes, trailing, problem: BAD_CHECKSUM }
  return { bytes: raw.bytes, trailing }
}

export const BAD_CHECKSUM =
  'The gzip checksum does not fit the content: bytes were changed after the file was compressed.'

export function tooLarge(stored: number, allowance: number, limits: Limits): string {
  const rule =
    allowance === limits.inflatedBytes
      ? `the limit for one file is ${sizeText(limits.inflatedBytes)}`
      : `the limit is ${limits.ratio} bytes for each stored byte`
  return `${sizeText(stored)} inflate to more than ${sizeText(allowance)}: ${rule}. Inflate it yourself if you trust it, and import the result.`
}

/** The member's last field is its size modulo 2^32: a guess for one allocation, never trusted. */
function sizeHint(stored: Buffer, allowance: number): number {
  const claimed = stored.length >= 18 ? stored.readUInt32LE(stored.length - 4) : 0
  return claimed > 0 && claimed <= allowance && claimed < stored.length * 40 ? claimed + 1 : 16 * 1024
}

export type RawInflated = { readonly bytes: Buffer; readonly consumed: number }

/** Inflates a deflate stream to at most `allowance` bytes; `hint` is how many there may be. */
export type Inflate = (body: Buffer, allowance: number, hint: number) => RawInflated | 'too-large' | 'damaged'

function inflateRaw(body: Buffer, allowance: number, hint: number): RawInflated | 'too-large' | 'damaged' {
  try {
    // With `info` Node gives the engine too; the types know only the buffer.
    const result = inflateRawSync(body, {
      finishFlush: constants.Z_SYNC_FLUSH,
      maxOutputLength: Math.max(allowance, 1),
      chunkSize: Math.max(hint, 64),
      info: true,
    }) as unknown as { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } }
    return { bytes: result.buffer, consumed: result.engine.bytesWritten }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE' ? 'too-large' : 'damaged'
  }
}

/**
 * What inflates before the first bad code of a damaged deflate stream. zlib gives nothing of a piece that ends in an error,
 * so the longest good prefix is searched by halving, to one part in 4,096 of the file.
 */
function salvage(stored: Buffer, header: number, allowance: number): Member {
  let good = header
  let bad = stored.length
  let bytes: Buffer = NOTHING
  const grain = Math.max(1, Math.floor(stored.length / 4096))
  while (bad - good > grain) {
    const middle = (good + bad) >> 1
    const tried = inflateRaw(stored.subarray(header, middle), allowance, 16 * 1024)
    if (typeof tried === 'string') bad = middle
    else {
      good = middle
      bytes = tried.bytes
    }
  }
  return {
    bytes,
    trailing: 0,
    problem: `The gzip stream is damaged near byte ${good}: nothing after it can be inflated.`,
  }
}

/** Bytes of a gzip header (RFC 1952 section 2.3), or `undefined` when it is none or incomplete. */
export function gzipHeaderLength(bytes: Uint8Array): number | undefined {
  const [FHCRC, FEXTRA, FNAME, FCOMMENT, RESERVED] = [2, 4, 8, 16, 0xe0]
  const flags = bytes[3]
  if (bytes.length < 10 || bytes[2] !== 8 || flags === undefined || (flags & RESERVED) !== 0) return undefined
  let at = 10
  if (flags & FEXTRA) {
    const low = bytes[at]
    const high = bytes[at + 1]
    if (low === undefined || high === undefined) return undefined
    at += 2 + low + high * 256
  }
  for (const text of [FNAME, FCOMMENT]) {
    if ((flags & text) === 0) continue
    const zero = bytes.indexOf(0, at)
    if (zero < 0) return undefined
    at = zero + 1
  }
  if (flags & FHCRC) at += 2
  return at <= bytes.length ? at : undefined
}

class OverLimit extends Error {}

/** All frames of a zstd file. The format's checksum is not verified by the library; digests cover the content. */
function unzstd(stored: Buffer, limits: Limits): Member {
  const allowance = inflateAllowance(stored.length, limits)
  const parts: Uint8Array[] = []
  let size = 0
  const progress = { ended: false }
  const stream = new Decompress((part, last) => {
    size += part.length
    if (size > allowance) throw new OverLimit()
    parts.push(part.slice())
    if (last === true) progress.ended = true
  })
  let problem: string | undefined
  try {
    stream.push(stored, true)
    if (!progress.ended) problem = 'The zstd stream is cut off.'
  } catch (error) {
    problem =
      error instanceof OverLimit
        ? tooLarge(stored.length, allowance, limits)
        : 'The zstd stream is damaged or cut off: nothing after the damage can be inflated.'
  }
  const bytes = Buffer.concat(parts)
  return problem === undefined ? { bytes, trailing: 0 } : { bytes, trailing: 0, problem }
}
