import { createHash } from 'node:crypto'
import { open, type FileHandle } from 'node:fs/promises'
import { basename } from 'node:path'
import type { WrittenFile } from './selection.ts'

/** Text that is held before it is written. */
const HELD = 65_536

/** A new file that is written line by line while something else goes on with the same events. */
export class LineFile {
  readonly #file: FileHandle
  readonly #name: string
  readonly #hash = createHash('sha256')
  #held = ''
  #bytes = 0
  #isOpen = true

  private constructor(file: FileHandle, name: string) {
    this.#file = file
    this.#name = name
  }

  /** @param finalPath what it will be called in the end, for the record */
  static async create(path: string, finalPath: string): Promise<LineFile> {
    return new LineFile(await open(path, 'wx'), basename(finalPath))
  }

  async add(line: string): Promise<void> {
    this.#held += line
    if (this.#held.length >= HELD) await this.#flush()
  }

  /** Writes what is held, syncs and closes. */
  async finish(): Promise<WrittenFile> {
    await this.#flush()
    await this.#file.sync()
    await this.close()
    return { name: this.#name, bytes: this.#bytes, sha256: this.#hash.digest('hex') }
  }

  async close(): Promise<void> {
    if (!this.#isOpen) return
    this.#isOpen = false
    await this.#file.close()
  }

  async #flush(): Promise<void> {
    const bytes = new TextEncoder().encode(this.#held)
    this.#held = ''
    this.#hash.update(bytes)
    this.#bytes += bytes.length
    await this.#file.writeFile(bytes)
  }
}
