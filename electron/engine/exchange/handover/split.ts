import { createHash, randomBytes } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { failed, ok, type Result } from '#shared/base/result.ts'
import { errorCode } from '../disk-trouble.ts'

export type Part = { readonly name: string; readonly bytes: number; readonly sha256: string }

const ENDING = '.parts.sha256'
const partName = (path: string, n: number): string => `${path}.${String(n).padStart(3, '0')}`

/** Whether `path` names a package in parts: its first part, or the list of them. */
export const isSplit = (path: string): boolean => path.endsWith(ENDING) || /\.001$/.test(path)

/** Whether any name that the parts of `path` would take is taken. */
export async function partsExist(path: string): Promise<boolean> {
  const names = await readdir(dirname(path))
  return names.some((name) => name === `${basename(path)}${ENDING}` || name === basename(partName(path, 1)))
}

/**
 * Copies `whole` into `path.001`, `path.002` … of at most `size` bytes, for sticks whose files end at 4 GiB, then writes
 * `path.parts.sha256`, which `sha256sum -c` reads. The parts get their names when all of them are on the disk, and without that last file none
 * counts as finished. Throws on trouble of the disk, after taking the parts away again.
 */
export async function splitFile(whole: string, path: string, size: number, signal: AbortSignal): Promise<Part[]> {
  const { size: total } = await stat(whole)
  const unique = randomBytes(6).toString('hex')
  const partial = (n: number): string => join(dirname(path), `.${basename(partName(path, n))}.${unique}.partial`)
  const parts: Part[] = []
  let named = 0
  try {
    for (let from = 0; from < total; from += size) {
      signal.throwIfAborted()
      const n = parts.length + 1
      const copied = await copyPart(whole, partial(n), from, Math.min(size, total - from), signal)
      parts.push({ name: basename(partName(path, n)), ...copied })
    }
    for (; named < parts.length; named++) await giveName(partial(named + 1), partName(path, named + 1))
    await writeSynced(`${path}${ENDING}`, parts.map((part) => `${part.sha256}  ${part.name}\n`).join(''))
    return parts
  } catch (problem) {
    for (let n = 1; n <= parts.length + 1; n++) await rm(partial(n), { force: true })
    for (let n = 1; n <= named; n++) await rm(partName(path, n), { force: true })
    throw problem
  }
}

/** Never onto a file that is there. */
async function giveName(from: string, to: string): Promise<void> {
  const there = await stat(to).catch(() => undefined)
  if (there) throw Object.assign(new Error('exists'), { code: 'EEXIST' })
  await rename(from, to)
}

async function copyPart(
  whole: string,
  path: string,
  from: number,
  bytes: number,
  signal: AbortSignal,
): Promise<Omit<Part, 'name'>> {
  const file = await open(path, 'wx', 0o600)
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(whole, {
      start: from,
      end: from + bytes - 1,
      highWaterMark: 1_048_576,
      signal,
    }) as AsyncIterable<Buffer>) {
      hash.update(chunk)
      await file.writeFile(chunk)
    }
    await file.sync()
  } finally {
    await file.close()
  }
  return { bytes, sha256: hash.digest('hex') }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(`${path}.partial`, 'wx')
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  await rename(`${path}.partial`, path)
}

/** Parts that a list may name, and its bytes. */
const MOST_PARTS = 999
const MOST_LIST = 262_144

/**
 * Puts the parts together into the new file `into`, each compared with the list. Only files beside the list are read, under names made here.
 */
export async function joinParts(
  path: string,
  into: string,
  signal: AbortSignal,
): Promise<Result<undefined, 'PART_MISSING' | 'DAMAGED' | 'UNREADABLE'>> {
  const base = path.endsWith(ENDING) ? path.slice(0, -ENDING.length) : path.slice(0, -'.001'.length)
  const list = await readList(base)
  if (list === undefined)
    return failed(
      'PART_MISSING',
      `${basename(base)}${ENDING} is missing, too large or malformed. Copy it together with all parts.`,
    )
  const file = await open(into, 'wx', 0o600)
  try {
    for (const [n, expected] of list.entries()) {
      const part = partName(base, n + 1)
      const hash = createHash('sha256')
      try {
        for await (const chunk of createReadStream(part, {
          highWaterMark: 1_048_576,
          signal,
        }) as AsyncIterable<Buffer>) {
          hash.update(chunk)
          await file.writeFile(chunk)
        }
      } catch (problem) {
        if (errorCode(problem) === 'ENOENT')
          return failed('PART_MISSING', `${basename(part)} is missing. Copy all ${list.length} parts into one folder.`)
        throw problem
      }
      if (hash.digest('hex') !== expected)
        return failed('DAMAGED', `${basename(part)} is not what the list of parts names. Copy it again.`)
    }
    return ok(undefined)
  } finally {
    await file.close()
  }
}

/** The hashes of the parts in their order; undefined where the list is not one that `splitFile` writes. */
async function readList(base: string): Promise<string[] | undefined> {
  const path = `${base}${ENDING}`
  const size = await stat(path).then(
    (found) => found.size,
    () => Infinity,
  )
  if (size > MOST_LIST) return undefined
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line !== '')
  const hashes = lines.map((line) => line.slice(0, 64))
  const isOurs = lines.every(
    (line, n) =>
      line === `${hashes[n] ?? ''}  ${basename(partName(base, n + 1))}` && /^[0-9a-f]{64}$/.test(hashes[n] ?? ''),
  )
  return isOurs && lines.length > 0 && lines.length <= MOST_PARTS ? hashes : undefined
}

/** Whether a name is one that packing to `path` gives while it works: those that a killed run may leave. */
export function isPartial(path: string, name: string): boolean {
  const [own, plain] = [`.${basename(path)}.`, name.replace(/^\.\./, '.')]
  return (
    plain.startsWith(own) &&
    /^(?:\d{3,}\.)?[0-9a-f]{12}\.(?:partial|whole|whole\.[0-9a-f]{12}\.partial)$/.test(plain.slice(own.length))
  )
}

/** A name for the whole file while it is made, beside where its parts will lie. */
export const wholeName = (path: string, unique: string): string =>
  join(dirname(path), `.${basename(path)}.${unique}.whole`)
