import { readdir, realpath, stat } from 'node:fs/promises'
import { basename, isAbsolute, join, relative, resolve, sep } from 'node:path'
import type { OutputOf } from '#shared/contract/contract.ts'
import { visible } from '#shared/base/visible.ts'
import { Refusal } from '#engine/refusal.ts'

type Root = { readonly id: string; readonly label: string; readonly path: string }
type Listing = OutputOf<'host.browse'>

/** Files of one folder whose size is looked up and shown; the rest is counted. */
const MOST_FILES = 5_000

/** The folders below which a person may choose, and the way from names to real paths that never leads out of them. */
export class Roots {
  readonly list: readonly Root[]
  private constructor(list: readonly Root[]) {
    this.list = list
  }

  /** Folders that are not there are left out; the same folder twice is one. */
  static async of(paths: readonly string[]): Promise<Roots> {
    const real = new Map<string, string>()
    for (const path of paths) {
      const found = await realpath(path).catch(() => undefined)
      if (found !== undefined && (await stat(found)).isDirectory() && !real.has(found)) real.set(found, resolve(path))
    }
    return new Roots([...real.keys()].map((path, n) => ({ id: `root${n}`, label: visible(path), path })))
  }

  /** What lies in a folder below a root. Links that lead out of the root are not listed. @throws Refusal `not-found`. */
  async browse(root: string, names: readonly string[]): Promise<Listing> {
    const base = this.#root(root)
    const folder = await this.find(root, names)
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => {
      throw new Refusal('unreadable', 'This folder cannot be read. Check that you may open it.')
    })
    const folders: string[] = []
    const files: string[] = []
    for (const entry of entries) {
      if (entry.isDirectory()) folders.push(entry.name)
      else if (entry.isFile()) files.push(entry.name)
      else if (entry.isSymbolicLink()) {
        const target = await realpath(join(folder, entry.name)).catch(() => undefined)
        if (target === undefined || !isInside(base.path, target)) continue
        const what = await stat(target).catch(() => undefined)
        if (what?.isDirectory()) folders.push(entry.name)
        else if (what?.isFile()) files.push(entry.name)
      }
    }
    folders.sort(byName)
    files.sort(byName)
    return {
      folders,
      files: await withSizes(folder, files.slice(0, MOST_FILES)),
      filesLeftOut: Math.max(0, files.length - MOST_FILES),
    }
  }

  /** The real path of something that is there. @throws Refusal `not-found`, also when it leads out of the root. */
  async find(root: string, names: readonly string[]): Promise<string> {
    const base = this.#root(root)
    const path = await realpath(join(base.path, ...names.map(plainName))).catch(() => undefined)
    if (path === undefined || !isInside(base.path, path)) throw nowhere()
    return path
  }

  /** The path of something to be made: its folder is there, its name is free of separators. @throws Refusal `not-found`. */
  async place(root: string, names: readonly string[]): Promise<string> {
    const name = names.at(-1)
    if (name === undefined) throw nowhere()
    return join(await this.find(root, names.slice(0, -1)), plainName(name))
  }

  #root(id: string): Root {
    const root = this.list.find((r) => r.id === id)
    if (!root) throw nowhere()
    return root
  }
}

const nowhere = (): Refusal =>
  new Refusal('not-found', 'There is no such place below the folders that this host may show (serve --root DIR).')

/** A name as one step of a path. A name is data: nothing in it may mean another folder. */
function plainName(name: string): string {
  const separators = process.platform === 'win32' ? /[/\\:\0]/ : /[/\0]/
  if (name === '' || name === '.' || name === '..' || separators.test(name) || basename(name) !== name) throw nowhere()
  return name
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path)
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way))
}

const byName = (a: string, b: string): number => (a < b ? -1 : 1)

async function withSizes(folder: string, names: readonly string[]): Promise<Listing['files']> {
  const files: Listing['files'] = []
  for (let first = 0; first < names.length; first += 64) {
    const part = names.slice(first, first + 64)
    const found = await Promise.all(part.map((name) => stat(join(folder, name)).catch(() => undefined)))
    for (const [n, name] of part.entries()) {
      const facts = found[n]
      if (facts) files.push({ name, size: facts.size, modifiedMs: facts.mtimeMs })
    }
  }
  return files
}
