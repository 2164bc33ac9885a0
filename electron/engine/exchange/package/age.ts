import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto'
import { assert } from '#shared/base/assert.ts'
import { failed, ok, type Failed, type Result } from '#shared/base/result.ts'
import { headerLimit, headerText, parseHeader } from './age-header.ts'
import {
  unwrapFileKey,
  wrapFileKey,
  type AgeIdentity,
  type AgeRecipients,
  type UnwrapFailure,
} from './age-recipients.ts'

/**
 * Encryption in the age format, version 1 (C2SP age.md), which the age tools open: a header with the wrapped file key,
 * then the content in chunks of 64 KiB, each sealed with ChaCha20-Poly1305 under a counter, the last one marked, so that a
 * cut file is noticed.
 *
 *   header | nonce, 16 | (64 KiB + tag, 16) … (last chunk + tag, 16)
 */
const CHUNK = 65_536
const TAG = 16
const NONCE = 16

/** The encrypted bytes of a stream, in constant memory. At least one recipient, or a passphrase. */
export async function* encryptAge(chunks: AsyncIterable<Uint8Array>, to: AgeRecipients): AsyncGenerator<Uint8Array> {
  assert(to.kind === 'passphrase' || to.keys.length > 0, 'who encrypts names somebody who can open it')
  const fileKey = randomBytes(16)
  yield Buffer.from(headerText(await wrapFileKey(fileKey, to), fileKey), 'utf8')
  const nonce = randomBytes(NONCE)
  yield nonce
  const key = payloadKey(fileKey, nonce)
  let counter = 0
  for await (const { bytes, last } of fixedChunks(chunks, CHUNK)) yield sealChunk(key, counter++, last, bytes)
}

export type AgeFailure = UnwrapFailure | 'DAMAGED' | 'CUT_OFF'

/**
 * Decrypts into `sink`, chunk by chunk, in constant memory. What the sink got must not be trusted before this returns
 * `ok`: damage and a cut end show only where they are.
 */
export async function decryptAge(
  chunks: AsyncIterable<Uint8Array>,
  identities: readonly AgeIdentity[],
  sink: (chunk: Uint8Array) => Promise<void>,
): Promise<Result<{ readonly bytes: number }, AgeFailure>> {
  const source = new ByteSource(chunks)
  try {
    const key = await openHeader(source, identities)
    return key.ok ? await decryptPayload(source, key.value, sink) : key
  } finally {
    await source.close()
  }
}

const cutOff = (): Failed<'CUT_OFF'> =>
  failed('CUT_OFF', 'The encrypted file ends before its end: it was not copied whole. Copy it again.')
const damaged = (): Failed<'DAMAGED'> =>
  failed('DAMAGED', 'The encrypted file was changed or damaged. Copy it again, or ask the sender for it.')

async function openHeader(
  source: ByteSource,
  identities: readonly AgeIdentity[],
): Promise<Result<Uint8Array, AgeFailure>> {
  const text = await readHeader(source)
  if (text === undefined) return failed('NOT_AGE', 'This is not an age file: it has no header.')
  const header = parseHeader(text)
  if (!header.ok) return header
  const fileKey = await unwrapFileKey(header.value.stanzas, identities)
  if (!fileKey.ok) return fileKey
  if (!header.value.isOf(fileKey.value)) return damaged()
  const nonce = await source.take(NONCE)
  return nonce.length < NONCE ? cutOff() : ok(payloadKey(fileKey.value, nonce))
}

async function decryptPayload(
  source: ByteSource,
  key: Uint8Array,
  sink: (chunk: Uint8Array) => Promise<void>,
): Promise<Result<{ readonly bytes: number }, AgeFailure>> {
  let bytes = 0
  for (let counter = 0; ; counter++) {
    const sealed = await source.take(CHUNK + TAG)
    const atEnd = await source.atEnd()
    if (sealed.length < TAG) return cutOff()
    const plain = openChunk(key, counter, atEnd, sealed)
    if (plain === undefined) return atEnd && openChunk(key, counter, false, sealed) !== undefined ? cutOff() : damaged()
    // Only an empty file has an empty chunk.
    if (plain.length === 0 && counter > 0) return damaged()
    await sink(plain)
    bytes += plain.length
    if (atEnd) return ok({ bytes })
  }
}

/** The header's text up to the line break after its MAC; undefined if there is none within the limit. */
async function readHeader(source: ByteSource): Promise<string | undefined> {
  let text = ''
  for (;;) {
    const line = await source.takeLine(headerLimit - text.length)
    if (line === undefined) return undefined
    text += line
    if (line.startsWith('---')) return text
  }
}

const payloadKey = (fileKey: Uint8Array, nonce: Uint8Array): Uint8Array =>
  new Uint8Array(hkdfSync('sha256', fileKey, nonce, 'payload', 32))

function chunkNonce(counter: number, last: boolean): Buffer {
  const nonce = Buffer.alloc(12)
  nonce.writeBigUInt64BE(BigInt(counter), 3)
  nonce[11] = last ? 1 : 0
  return nonce
}

function sealChunk(key: Uint8Array, counter: number, last: boolean, bytes: Uint8Array): Uint8Array {
  const cipher = createCipheriv('chacha20-poly1305', key, chunkNonce(counter, last), { authTagLength: TAG })
  return Buffer.concat([cipher.update(bytes), cipher.final(), cipher.getAuthTag()])
}

function openChunk(key: Uint8Array, counter: number, last: boolean, sealed: Uint8Array): Uint8Array | undefined {
  const decipher = createDecipheriv('chacha20-poly1305', key, chunkNonce(counter, last), { authTagLength: TAG })
  decipher.setAuthTag(sealed.subarray(-TAG))
  const plain = decipher.update(sealed.subarray(0, -TAG))
  try {
    decipher.final()
    return plain
  } catch {
    return undefined
  }
}

/** Regroups a stream into chunks of exactly `size`, the last one shorter or full; one empty chunk for an empty stream. */
async function* fixedChunks(
  chunks: AsyncIterable<Uint8Array>,
  size: number,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly last: boolean }> {
  const source = new ByteSource(chunks)
  try {
    for (let last = false; !last;) {
      const bytes = await source.take(size)
      last = await source.atEnd()
      yield { bytes, last }
    }
  } finally {
    await source.close()
  }
}

/** Takes a stream in pieces of wished length. */
class ByteSource {
  readonly #chunks: AsyncIterator<Uint8Array>
  #held: Uint8Array = new Uint8Array(0)
  #ended = false
  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#chunks = chunks[Symbol.asyncIterator]()
  }
  /** `length` bytes, fewer only at the end. */
  async take(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = []
    let missing = length
    while (missing > 0 && !(await this.atEnd())) {
      const part = this.#held.subarray(0, missing)
      this.#held = this.#held.subarray(part.length)
      parts.push(part)
      missing -= part.length
    }
    return Buffer.concat(parts)
  }
  /** The text to the next line break, with it; undefined when it is longer than `limit`, or none comes. */
  async takeLine(limit: number): Promise<string | undefined> {
    const parts: Uint8Array[] = []
    let length = 0
    while (length <= limit && !(await this.atEnd())) {
      const end = this.#held.indexOf(10)
      const part = this.#held.subarray(0, end === -1 ? this.#held.length : end + 1)
      this.#held = this.#held.subarray(part.length)
      parts.push(part)
      length += part.length
      if (end !== -1) return length > limit ? undefined : Buffer.concat(parts).toString('latin1')
    }
    return undefined
  }
  async atEnd(): Promise<boolean> {
    while (this.#held.length === 0 && !this.#ended) {
      const next = await this.#chunks.next()
      if (next.done === true) this.#ended = true
      else this.#held = next.value
    }
    return this.#held.length === 0
  }
  async close(): Promise<void> {
    if (!this.#ended) await this.#chunks.return?.()
  }
}
