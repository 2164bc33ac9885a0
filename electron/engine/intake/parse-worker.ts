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
import type { Limits, ParsedFile, ParsedRecord } from './types.ts'
import { BatchEncoder } from './run/batch-encoder.ts'
import { blankFacts, type FileFacts, type FileJob, type RecordColumns } from './run/batch.ts'
import type { FromWorker, ToWorker } from './run/parse-pool.ts'

const port = ensure(parentPort, 'the parse worker runs as a worker thread')
const limits = (workerData as { limits: Limits }).limits
const encoder = new BatchEncoder()
let acknowledge: (() => void) | undefined
let stopped = new AbortController()

const send = (message: FromWorker, transfer: ArrayBuffer[] = []): void => port.postMessage(message, transfer)

port.on('message', (message: ToWorker) => {
  switch (message.kind) {
    case 'parse':
      parseAll(message.job, message.files)
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

function parseAll(job: number, files: readonly FileJob[]): void {
  const facts: FileFacts[] = []
  const originals: (Uint8Array | null)[] = []
  const groups: { records: readonly ParsedRecord[]; inflated: Uint8Array; base: number }[] = []
  const empty = { records: [], inflated: new Uint8Array(0), base: 0 }
  for (const file of files) {
    const read = file.bytes
      ? { ok: true as const, bytes: file.bytes }
      : readUnchanged(ensure(file.localPath, 'a job names a path or carries bytes'))
    if (!read.ok) {
      facts.push(unreadable(file, read.reason))
      originals.push(null)
      groups.push(empty)
      continue
    }
    if (file.knownSha256 !== undefined && hash('sha256', read.bytes) === file.knownSha256) {
      facts.push({
        ...blankFacts(file),
        outcome: 'stored',
        sha256: file.knownSha256,
        size: read.bytes.length,
        unchanged: true,
      })
      originals.push(null)
      groups.push(empty)
      continue
    }
    const { file: parsed, inflated } = parseWithContent(file.path, read.bytes, limits)
    const { records, ...rest } = parsed
    facts.push({ ...rest, path: file.path, unchanged: false })
    originals.push(read.bytes)
    groups.push({ records, inflated, base: 0 })
  }
  const { columns, texts } = encoder.encode(groups)
  send({ kind: 'batch', job, batch: { files: facts, originals, columns, texts } }, transferable(columns, originals))
}

/** Buffers that can change hands without being copied; those of archive members belong to their archive. */
function transferable(columns: RecordColumns, originals: readonly (Uint8Array | null)[]): ArrayBuffer[] {
  const arrays = [columns.file, columns.ordinal, columns.offset, columns.length, columns.timeMs, columns.flags, columns.ids, columns.recordHash]
  const whole = originals.filter((bytes) => bytes !== null && bytes.byteOffset === 0 && bytes.length > 0 && bytes.length === bytes.buffer.byteLength)
  return [...arrays, columns.identifiers, columns.identifierKind, ...(whole as Uint8Array[])].map((array) => array.buffer as ArrayBuffer)
}

/** Reads a file whole, and makes sure it did not change meanwhile (a growing log, a stick pulled out). */
function readUnchanged(path: string): { ok: true; bytes: Uint8Array } | { ok: false; reason: string } {
  let fd: number
  try {
    fd = openSync(path, constants.O_RDONLY)
  } catch (error) {
    return { ok: false, reason: `cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}` }
  }
  try {
    const before = fstatSync(fd)
    const bytes = Buffer.allocUnsafeSlow(before.size)
    let at = 0
    while (at < bytes.length) {
      const n = readSync(fd, bytes, at, bytes.length - at, at)
      if (n === 0) break
      at += n
    }
    const after = fstatSync(fd)
    if (at !== before.size || after.size !== before.size || after.mtimeMs !== before.mtimeMs)
      return { ok: false, reason: 'changed while it was being read; import it again when nothing writes to it' }
    return { ok: true, bytes }
  } catch (error) {
    return { ok: false, reason: `cannot be read: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}` }
  } finally {
    closeSync(fd)
  }
}

const unreadable = (file: FileJob, reason: string): FileFacts => ({ ...blankFacts(file), reason })

/** Pieces of a large original, as they go into the case. */
const PIECE = 8_000_000

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
    const { records: _, ...facts }: ParsedFile = await parseStream(
      file.path,
      pieces(),
      limits,
      async (records, inflated) => {
        const { columns, texts } = encoder.encode([{ records, inflated: inflated.bytes, base: inflated.base }])
        const acked = waitForAck()
        send({ kind: 'part', job, columns, texts })
        await acked
      },
      signal,
    )
    send({ kind: 'end', job, file: { ...facts, path: file.path, unchanged: false } })
  } catch (error) {
    send({
      kind: 'end',
      job,
      file: unreadable(file, `cannot be read: ${(error as NodeJS.ErrnoException).code ?? (error as Error).message}`),
    })
  }
}
