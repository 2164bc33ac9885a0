import type { FileHandle } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { RandomAccessReader } from 'yauzl'

const BLOCK = 262_144

/**
 * Serves yauzl's many small reads of a directory from blocks of 256 KiB: a package may have a million entries, and each
 * costs it two reads. Only the directory is read this way.
 */
export class BlockReader extends RandomAccessReader {
  readonly #file: FileHandle
  #start = -1
  #block: Buffer = Buffer.alloc(0)
  constructor(file: FileHandle) {
    super()
    this.#file = file
  }
  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null, bytesRead?: number) => void,
  ): void {
    this.#fill(buffer, offset, length, position).then(
      (bytesRead) => callback(null, bytesRead),
      (problem: unknown) => callback(problem instanceof Error ? problem : new Error(String(problem))),
    )
  }
  async #fill(buffer: Buffer, offset: number, length: number, position: number): Promise<number> {
    let done = 0
    while (done < length) {
      const from = position + done
      if (from < this.#start || from >= this.#start + this.#block.length) await this.#load(from)
      const copied = this.#block.copy(buffer, offset + done, from - this.#start, from - this.#start + (length - done))
      if (copied === 0) break
      done += copied
    }
    return done
  }
  async #load(position: number): Promise<void> {
    const block = Buffer.allocUnsafe(BLOCK)
    const { bytesRead } = await this.#file.read(block, 0, BLOCK, position)
    this.#start = position
    this.#block = block.subarray(0, bytesRead)
  }
  override _readStreamForRange(): Readable {
    throw new Error('This should not happen: content is read without yauzl')
  }
  override close(callback: (error: Error | null) => void): void {
    callback(null)
  }
}
