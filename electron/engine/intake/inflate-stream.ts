import { constants, crc32, createInflateRaw } from 'node:zlib'
import { Decompress } from 'fzstd'
import { bytes as sizeText } from '#shared/base/count.ts'
import { BAD_CHECKSUM, compressionOf, gzipHeaderLength, tooLarge, tooManyLayers } from './inflate.ts'
import { inflateAllowance, type Limits } from './limits.ts'
import type { Compression } from './types.ts'

type Bytes = AsyncIterable<Uint8Array>

/** What is known of the compression once the bytes have gone by. */
export type InflateState = {
  /** Of the outermost layer. */
  compression: Compression
  trailingBytes: number
  problem: string | undefined
}

/** What goes to zlib at once: bounds what can come out before the limits are looked at (1,032 bytes for one). */
const STEP = 64 * 1024
const MAX_HEADER = 64 * 1024 + 1024
const TRAILER = 8

/** As `inflateFirstMember`, for files that do not fit in memory: pieces in, pieces out. */
export async function* inflateStream(
  source: Bytes,
  state: InflateState,
  limits: Limits,
  layer = 0,
): AsyncGenerator<Buffer> {
  const { head, rest } = await withHead(source, 4)
  const found = compressionOf(head)
  if (found === 'none') {
    for await (const piece of rest) yield piece
    return
  }
  if (layer === 0) state.compression = found
  if (layer === limits.compressionLayers) {
    state.problem ??= tooManyLayers(limits)
    for await (const _ of rest);
    return
  }
  const inner = found === 'gzip' ? gunzip(rest, state, limits) : unzstd(rest, state, limits)
  yield* inflateStream(inner, state, limits, layer + 1)
}

/** At least `size` bytes from the front, if there are so many, and everything again from the front. */
export async function withHead(source: Bytes, size: number): Promise<{ head: Buffer; rest: AsyncGenerator<Buffer> }> {
  const iterator = source[Symbol.asyncIterator]()
  let head: Buffer = Buffer.alloc(0)
  while (head.length < size) {
    const next = await iterator.next()
    if (next.done === true) break
    head = head.length === 0 ? asBuffer(next.value) : Buffer.concat([head, next.value])
  }
  async function* rest(): AsyncGenerator<Buffer> {
    try {
      if (head.length > 0) yield head
      for (;;) {
        const next = await iterator.next()
        if (next.done === true) return
        yield asBuffer(next.value)
      }
    } finally {
      await iterator.return?.()
    }
  }
  return { head, rest: rest() }
}

const asBuffer = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

async function* gunzip(source: Bytes, state: InflateState, limits: Limits): AsyncGenerator<Buffer> {
  const { head, rest } = await withHead(source, MAX_HEADER)
  const header = gzipHeaderLength(head)
  if (header === undefined) {
    state.problem ??= 'The gzip header is damaged or cut off: the file cannot be inflated.'
    for await (const _ of rest);
    return
  }
  const member = new MemberStream()
  let skip = header
  let stored = 0
  let produced = 0
  let checksum = 0
  for await (const piece of rest) {
    stored += piece.length
    const body = piece.subarray(Math.min(skip, piece.length))
    skip -= piece.length - body.length
    for (let at = 0; at < body.length; at += STEP) {
      const out = await member.feed(body.subarray(at, at + STEP))
      for (const part of out) {
        produced += part.length
        checksum = crc32(part, checksum)
        if (state.problem === undefined) yield part
      }
      const allowance = inflateAllowance(stored, limits)
      if (produced > allowance && state.problem === undefined) {
        state.problem = tooLarge(stored, allowance, limits)
        member.stop()
      }
    }
  }
  for (const part of await member.finish()) {
    produced += part.length
    checksum = crc32(part, checksum)
    if (state.problem === undefined) yield part
  }
  judgeMember(member, { stored, produced, checksum, header }, state)
}

function judgeMember(
  member: MemberStream,
  seen: { stored: number; produced: number; checksum: number; header: number },
  state: InflateState,
): void {
  if (state.problem !== undefined) return
  const { trailer } = member
  if (member.damaged) {
    state.problem = `The gzip stream is damaged near byte ${seen.header + member.consumed}: nothing after it can be inflated.`
  } else if (trailer.length < TRAILER) {
    state.problem = `The file is cut off: its gzip stream ends after ${sizeText(seen.stored)} without its checksum.`
  } else {
    state.trailingBytes += member.after - TRAILER
    const fits = trailer.readUInt32LE(0) === seen.checksum && trailer.readUInt32LE(4) === seen.produced % 2 ** 32
    if (!fits) state.problem = BAD_CHECKSUM
  }
}

/** One deflate stream, fed step by step; keeps the first bytes after its end and counts the rest. */
class MemberStream {
  damaged = false
  /** Bytes fed that stand after the end of the deflate stream. */
  after = 0
  trailer: Buffer = Buffer.alloc(0)
  #fed = 0
  #ended = false
  #stopped = false
  #out: Buffer[] = []
  #wake: () => void = () => undefined
  readonly #zlib = createInflateRaw({ finishFlush: constants.Z_SYNC_FLUSH, chunkSize: 256 * 1024 })

  constructor() {
    this.#zlib.on('data', (part: Buffer) => this.#out.push(part))
    this.#zlib.on('end', () => {
      this.#ended = true
      this.#wake()
    })
    this.#zlib.on('error', () => {
      this.damaged = true
      this.#wake()
    })
  }

  get consumed(): number {
    return this.#zlib.bytesWritten
  }

  stop(): void {
    this.#stopped = true
    this.#zlib.destroy()
  }

  async feed(step: Buffer): Promise<Buffer[]> {
    if (this.damaged || this.#stopped) return []
    if (this.#ended) {
      this.#keepAfter(step)
      return []
    }
    await new Promise<void>((resolve) => {
      this.#wake = resolve
      this.#zlib.write(step, () => resolve())
    })
    this.#fed += step.length
    // zlib takes nothing after the end of the stream: what it left belongs to the trailer.
    const left = this.#fed - this.consumed
    if (left > 0 && !this.#isDamaged()) this.#endedInside(step.subarray(step.length - left))
    return this.#take()
  }

  async finish(): Promise<Buffer[]> {
    if (!this.#ended && !this.damaged && !this.#stopped) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve
        this.#zlib.end()
      })
    }
    this.#zlib.destroy()
    return this.#take()
  }

  /** Set by an event while a step is awaited: a plain read of the field would look constant here. */
  #isDamaged(): boolean {
    return this.damaged
  }

  #endedInside(left: Buffer): void {
    this.#ended = true
    this.#keepAfter(left)
  }

  #keepAfter(bytes: Buffer): void {
    this.after += bytes.length
    if (this.trailer.length < TRAILER) {
      this.trailer = Buffer.concat([this.trailer, bytes.subarray(0, TRAILER - this.trailer.length)])
    }
  }

  #take(): Buffer[] {
    const taken = this.#out
    this.#out = []
    return taken
  }
}

async function* unzstd(source: Bytes, state: InflateState, limits: Limits): AsyncGenerator<Buffer> {
  let out: Buffer[] = []
  let stored = 0
  let produced = 0
  const stream = new Decompress((part) => {
    produced += part.length
    out.push(Buffer.from(part))
  })
  const push = (piece: Uint8Array, last: boolean): Buffer[] => {
    out = []
    if (state.problem !== undefined) return out
    try {
      stream.push(piece, last)
    } catch {
      state.problem = 'The zstd stream is damaged or cut off: nothing after the damage can be inflated.'
    }
    return out
  }
  for await (const piece of source) {
    for (let at = 0; at < piece.length; at += STEP) {
      const step = piece.subarray(at, at + STEP)
      stored += step.length
      yield* push(step, false)
      const allowance = inflateAllowance(stored, limits)
      if (produced > allowance) state.problem ??= tooLarge(stored, allowance, limits)
    }
  }
  yield* push(new Uint8Array(0), true)
}
