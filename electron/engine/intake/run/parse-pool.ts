import { Worker } from 'node:worker_threads'
import type { Limits } from '../types.ts'
import type { FileFacts, FileJob, NewTexts, ParsedBatch, RecordColumns } from './batch.ts'

export type ToWorker =
  | { kind: 'parse'; job: number; files: readonly FileJob[]; largeFrom: number }
  | { kind: 'stream'; job: number; file: FileJob }
  | { kind: 'ack' }
  | { kind: 'stop' }

export type FromWorker =
  | { kind: 'batch'; job: number; batch: ParsedBatch }
  | { kind: 'piece'; job: number; bytes: Uint8Array }
  | { kind: 'part'; job: number; columns: RecordColumns; texts: NewTexts }
  | { kind: 'end'; job: number; file: FileFacts }

/** One parsing thread, asked one thing at a time. `number` tells whose numbering of texts a batch uses. */
export class ParseWorker {
  readonly number: number
  readonly #worker: Worker
  #receive: ((message: FromWorker) => void) | undefined
  #fail: ((error: Error) => void) | undefined
  #died: Error | undefined
  #job = 0

  constructor(number: number, workerPath: string, limits: Limits) {
    this.number = number
    this.#worker = new Worker(workerPath, {
      workerData: { limits },
      resourceLimits: { maxOldGenerationSizeMb: 768, maxYoungGenerationSizeMb: 64 },
    })
    this.#worker.on('message', (message: FromWorker) => this.#receive?.(message))
    this.#worker.on('error', (error) => {
      this.#died = error
      this.#fail?.(error)
    })
  }

  /**
   * Parses small files, as many as make a batch: it ends before a file on disk that does not fit or has at least `largeFrom` bytes.
   * Files that come with their bytes are all parsed.
   * Rejects only when the thread itself dies (out of memory).
   */
  parse(files: readonly FileJob[], largeFrom = Infinity): Promise<ParsedBatch> {
    const job = ++this.#job
    return new Promise((resolve, reject) => {
      this.#onDeath(reject)
      this.#receive = (message) => {
        if (message.kind === 'batch' && message.job === job) resolve(message.batch)
      }
      this.#post({ kind: 'parse', job, files, largeFrom })
    })
  }

  /**
   * Parses one large file, handing over its pieces and records as they come. Each waits until `take` is done, so memory
   * stays bounded by one piece.
   */
  stream(
    file: FileJob,
    take: (message: Extract<FromWorker, { kind: 'piece' | 'part' }>) => Promise<void>,
    signal: AbortSignal,
  ): Promise<FileFacts> {
    const job = ++this.#job
    return new Promise((resolve, reject) => {
      this.#onDeath(reject)
      const stop = () => this.#post({ kind: 'stop' })
      signal.addEventListener('abort', stop, { once: true })
      this.#receive = (message) => {
        if (message.job !== job) return
        if (message.kind === 'end') {
          signal.removeEventListener('abort', stop)
          resolve(message.file)
        } else if (message.kind !== 'batch')
          take(message).then(
            () => this.#post({ kind: 'ack' }),
            (error: unknown) => {
              this.#post({ kind: 'stop' })
              reject(error instanceof Error ? error : new Error(String(error)))
            },
          )
      }
      this.#post({ kind: 'stream', job, file })
    })
  }

  /** A thread that could not even start has died before anything was asked of it. */
  #onDeath(reject: (error: Error) => void): void {
    this.#fail = reject
    if (this.#died) reject(this.#died)
  }

  async close(): Promise<void> {
    await this.#worker.terminate()
  }

  #post(message: ToWorker): void {
    this.#worker.postMessage(message)
  }
}
