import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { OutputOf } from '#shared/contract/contract.ts'

type Recent = Omit<OutputOf<'host.recent'>['cases'][number], 'grant'>
type Kept = Omit<Recent, 'present'>

const MOST = 20

/**
 * The cases that were open last, in a file that only its owner may read. It is a convenience: a file that is missing,
 * damaged or cannot be written costs the list and nothing else.
 */
export class RecentCases {
  readonly #file: string
  #writing: Promise<void> = Promise.resolve()

  constructor(file: string) {
    this.#file = file
  }

  /** Newest first; `present` says whether the case is still where it was. */
  async list(): Promise<Recent[]> {
    const kept = await this.#read()
    return Promise.all(kept.map(async (one) => ({ ...one, present: await isFile(one.path) })))
  }

  /** Puts a case on top. Writes one after the other; a failure is silent. */
  note(path: string, title: string, number: string, openedMs: number): Promise<void> {
    this.#writing = this.#writing.then(() => this.#note({ path, title, number, openedMs })).catch(() => undefined)
    return this.#writing
  }

  async #note(one: Kept): Promise<void> {
    const others = (await this.#read()).filter((other) => other.path !== one.path)
    await mkdir(dirname(this.#file), { recursive: true, mode: 0o700 })
    const fresh = `${this.#file}.${process.pid}.new`
    await writeFile(fresh, `${JSON.stringify({ cases: [one, ...others].slice(0, MOST) }, null, 2)}\n`, { mode: 0o600 })
    await rename(fresh, this.#file)
  }

  async #read(): Promise<Kept[]> {
    try {
      const { cases } = JSON.parse(await readFile(this.#file, 'utf8')) as { cases?: unknown }
      return Array.isArray(cases) ? cases.filter(isKept).slice(0, MOST) : []
    } catch {
      return []
    }
  }
}

function isKept(value: unknown): value is Kept {
  if (typeof value !== 'object' || value === null) return false
  const { path, title, number, openedMs } = value as Record<string, unknown>
  return (
    typeof path === 'string' && typeof title === 'string' && typeof number === 'string' && typeof openedMs === 'number'
  )
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
