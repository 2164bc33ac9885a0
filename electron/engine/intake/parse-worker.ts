/**
 * A parsing thread: bytes in, columns out. It never opens the case; the engine stores what comes from here.
 *
 *   engine  --parse(files)-->  worker  --batch-->  engine
 *   engine  --stream(file)-->  worker  --part, part, …, end-->  engine   (large files; each part waits for an `ack`)
 */
import { hash } from 'node:crypto'
import { constants, closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { ensure } from '#shared/base/assert.ts'
import { parseStream, parseWithContent } from './parse-file.ts'
import { reusedInflater } from './reused-inflater.ts'
import type { Limits, ParsedFile } from './types.ts'
import { BatchEncoder } from './run/batch-encoder.ts'
import { blankFacts, isDigest, type FileFacts, type FileJob, type RecordColumns } from './run/batch.ts'
import type { FromWorker, ToWorker } from './run/parse-pool.ts'

const port = ensure(parentPort, 'the parse worker runs as a worker thread')
const limits = (workerData as { limits: Limits }).limits
const encoder = new BatchEncoder(limits)
const inflate = reusedInflater()
let acknowledge: (() => void) | undefined
let stopped = new AbortController()

const send = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'parse':
      parseAll(message.job, message.files, message.largeFrom)
      break
    case 'stream':
      stopped = new AbortController()
      void streamOne(message.job, message.file)
      break
    case 'ack':
      acknowledge?.()
      break
    case 'stop':
      stopped.abort()
      acknowledge?.()
      break
  }
})

/** A batch ends before its stored bytes become more than this; a single file may be larger. */
const BATCH_BYTES = 3_000_000

function parseAll(job: number, files: readonly FileJob[], largeFrom: number): void {
  const facts: FileFacts[] = []
  const digests: Buffer[] = []
  const space = new BatchSpace(files.reduce((sum, file) => sum + (file.bytes?.length ?? 0), 0))
  let largeNext: number | undefined
  const leaveOut = (file: FileFacts) => {
    facts.push(file)
    space.skip()
  }
  for (const file of files) {
    const read = file.bytes
      ? space.copy(file.bytes)
      : readUnchanged(ensure(file.localPath, 'a job names a path or carries bytes'), space, largeFrom)
    if (read.is === 'full') break
    if (read.is === 'large') {
      largeNext = read.size
      break
    }
    if (read.is === 'unreadable') {
      leaveOut(unreadable(file, read.reason))
      continue
    }
    if (file.knownSha256 !== undefined && hash('sha256', read.bytes) === file.knownSha256) {
      leaveOut({
        ...blankFacts(file),
        outcome: 'stored',
        sha256: file.knownSha256,
        size: read.bytes.length,
        unchanged: true,
      })
      continue
    }
    const number = facts.length
    const log = (inflated: Buffer) => encoder.addLog(number, inflated)
    const { file: parsed, inflated } = parseWithContent(file.path, read.bytes, limits, log, inflate)
    encoder.add(number, { records: parsed.records, inflated, base: 0 })
    facts.push(toFacts(parsed, file.path))
    // A copy: the inflater uses its buffer again for the next file.
    if (isDigest(parsed)) digests.push(Buffer.from(inflated))
    space.keep(read.bytes.length)
  }
  const { columns, texts } = encoder.take()
  const { bytes: stored, starts, lengths } = space
  const proofs = joined(digests)
  const batch = { files: facts, stored, starts, lengths, digests: proofs, columns, texts, largeNext }
  send({ kind: 'batch', job, batch }, [...buffersOf(columns), stored.buffer, proofs.buffer])
}

/** One buffer of its own, so that it can change hands. */
function joined(parts: readonly Buffer[]): Buffer<ArrayBuffer> {
  const all = Buffer.allocUnsafeSlow(parts.reduce((size, part) => size + part.length, 0))
  let at = 0
  for (const part of parts) at += part.copy(all, at)
  return all
}

/** A file without its records. */
function toFacts(file: ParsedFile, path: string): FileFacts {
  // Written out member by member: taking one member off an object costs as much as reading the file.
  const facts: FileFacts = {
    path,
    unchanged: false,
    outcome: file.outcome,
    kind: file.kind,
    sha256: file.sha256,
    size: file.size,
    inflatedSha256: file.inflatedSha256,
    inflatedSize: file.inflatedSize,
    compression: file.compression,
    trailingBytes: file.trailingBytes,
    recordCount: file.recordCount,
    rejected: file.rejected,
    rejectedCount: file.rejectedCount,
    notes: file.notes,
  }
  if (file.reason === undefined) return facts
  return { ...facts, reason: file.reason, ...(file.brokeAt === undefined ? {} : { brokeAt: file.brokeAt }) }
}

/** One buffer for the stored bytes of all files of a batch: thousands of small ones are what collecting garbage costs. */
class BatchSpace {
  bytes = Buffer.alloc(0)
  readonly starts: number[] = []
  readonly lengths: number[] = []
  readonly #least: number
  #used = 0

  /** @param given bytes that came with the files: they always fit when there are no others. */
  constructor(given: number) {
    this.#least = Math.max(given, BATCH_BYTES)
  }

  /** Room for a file, to be filled and kept; nothing when the batch must end before it. */
  room(size: number): Buffer | undefined {
    if (this.bytes.length === 0) this.bytes = Buffer.allocUnsafeSlow(Math.max(size, this.#least))
    return this.#used + size > this.bytes.length ? undefined : this.bytes.subarray(this.#used, this.#used + size)
  }

  copy(bytes: Uint8Array): ReadFile {
    const room = this.room(bytes.length)
    room?.set(bytes)
    return room ? { is: 'read', bytes: room } : { is: 'full' }
  }

  keep(length: number): void {
    this.starts.push(this.#used)
    this.lengths.push(length)
    this.#used += length
  }

  /** The next file has no bytes to keep. */
  skip(): void {
    this.starts.push(-1)
    this.lengths.push(-1)
  }
}

/** Buffers that can change hands without being copied. */
function buffersOf(columns: RecordColumns): ArrayBuffer[] {
  const arrays = [
    columns.file,
    columns.ordinal,
    columns.offset,
    columns.length,
    columns.timeMs,
    columns.flags,
    columns.ids,
    columns.recordHash,
  ]
  return [...arrays, columns.identifiers, columns.identifierKind].map((array) => array.buffer as ArrayBuffer)
}

type ReadFile =
  | { readonly is: 'read'; readonly bytes: Buffer }
  | { readonly is: 'unreadable'; readonly reason: string }
  /** No room is left in the batch. */
  | { readonly is: 'full' }
  /** Too large to be held in memory. */
  | { readonly is: 'large'; readonly size: number }

/** Reads a file whole, and makes sure it did not change meanwhile (a growing log, a stick pulled out). */
function readUnchanged(path: string, space: BatchSpace, largeFrom: number): ReadFile {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY)
  } catch (error) {
    return cannotBeRead(error)
  }
  try {
    const before = fstatSync(fd)
    if (before.size >= largeFrom) return { is: 'large', size: before.size }
    const bytes = space.room(before.size)
    if (!bytes) return { is: 'full' }
    let at = 0
    while (at < bytes.length) {
      const n = readSync(fd, bytes, at, bytes.length - at, at)
      if (n === 0) break
      at += n
    }
    const after = fstatSync(fd)
    if (at !== before.size || after.size !== before.size || after.mtimeMs !== before.mtimeMs)
      return { is: 'unreadable', reason: 'changed while it was being read; import it again when nothing writes to it' }
    return { is: 'read', bytes }
  } catch (error) {
    return cannotBeRead(error)
  } finally {
    closeSync(fd)
  }
}

const cannotBeRead = (error: unknown): ReadFile => ({
  is: 'unreadable',
  reason: `cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`,
})

const unreadable = (file: FileJob, reason: string): FileFacts => ({ ...blankFacts(file), reason })

/** Pieces of a large original, as they go into the case: at least an original of 131 GB has room under its number. */
const PIECE = 2_000_000

async function streamOne(job: number, file: FileJob): Promise<void> {
  const waitForAck = () => new Promise<void>((resolve) => (acknowledge = resolve))
  const signal = stopped.signal
  async function* pieces(): AsyncGenerator<Uint8Array> {
    const stream = createReadStream(ensure(file.localPath, 'large files are read from disk'), { highWaterMark: PIECE })
    for await (const chunk of stream) {
      const bytes = chunk as Buffer
      const acked = waitForAck()
      send({ kind: 'piece', job, bytes })
      await acked
      if (signal.aborted) return
      yield bytes
    }
  }
  try {
    const parsed = await parseStream(
      file.path,
      pieces(),
      limits,
      async (records, inflated) => {
        encoder.add(0, { records, inflated: inflated.bytes, base: inflated.base })
        const { columns, texts } = encoder.take()
        const acked = waitForAck()
        send({ kind: 'part', job, columns, texts })
        await acked
      },
      signal,
    )
    send({ kind: 'end', job, file: toFacts(parsed, file.path) })
  } catch (error) {
    send({
      kind: 'end',
      job,
      file: unreadable(file, `cannot be read: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`),
    })
  }
}
