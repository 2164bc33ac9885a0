import { constants, createReadStream } from 'node:fs'
import { lstat, open, readdir, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Readable } from 'node:stream'
import { archiveFormat, ARCHIVE_HEAD, type ArchiveFormat } from './archive-format.ts'
import { ignoredByName } from './ignored-by-name.ts'
import type { ListOptions, Member } from './archive-member.ts'
import { kindByName } from './recognise.ts'
import { tarMembers } from './tar-members.ts'
import type { Entry, EntryProblem } from './types.ts'
import { zipInMemory, zipMembers, zipOnDisk } from './zip-members.ts'

const isProblem = (found: Member | EntryProblem): found is EntryProblem => 'outcome' in found

/**
 * Finds every file of a source: one file, a folder tree, or archives (zip, tar, tar.gz) to the depth the limits allow.
 * Nothing is extracted: members are read as streams, and their names are text. What cannot be listed (links, devices,
 * encrypted members, damaged archives) comes as a problem, so that everything seen has an outcome. Folders in order of
 * their names. Throws the signal's reason when cancelled.
 */
export async function* listEntries(root: string, options: ListOptions): AsyncGenerator<Entry | EntryProblem> {
  let count = 0
  for await (const found of walk(root, options)) {
    options.signal.throwIfAborted()
    if (++count > options.limits.entries) {
      const reason = `The source holds more than ${options.limits.entries} files; the rest was not read. Import its folders one by one.`
      yield { path: found.path, outcome: 'quarantined', reason }
      return
    }
    yield found
  }
}

/** How many files a source holds, archives counted as one: for progress. Folders that cannot be read count as none. */
export async function countFiles(root: string, signal: AbortSignal): Promise<number> {
  const folders: string[] = []
  let count = 0
  const info = await lstat(root)
  if (info.isDirectory()) folders.push(root)
  else count++
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted()
    const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
    for (const entry of entries) {
      if (entry.isDirectory()) folders.push(join(folder, entry.name))
      else count++
    }
  }
  return count
}

async function* walk(root: string, options: ListOptions): AsyncGenerator<Entry | EntryProblem> {
  const info = await lstat(root).catch((error: unknown) => codeOf(error))
  if (typeof info === 'string') {
    yield { path: basename(root), outcome: 'quarantined', reason: `The source cannot be read (${info}).` }
  } else if (info.isDirectory()) {
    yield* walkFolder(root, '', options)
  } else if (info.isSymbolicLink()) {
    yield { path: basename(root), outcome: 'ignored', reason: SYMLINK }
  } else {
    yield* fromFile(root, basename(root), info.size, info.mtimeMs, options)
  }
}

const SYMLINK = 'A symbolic link: links are not followed. Import the file or folder it points to.'

async function* walkFolder(folder: string, prefix: string, options: ListOptions): AsyncGenerator<Entry | EntryProblem> {
  options.signal.throwIfAborted()
  const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => codeOf(error))
  if (typeof entries === 'string') {
    yield { path: prefix, outcome: 'quarantined', reason: `The folder cannot be read (${entries}).` }
    return
  }
  entries.sort((a, b) => (a.name < b.name ? -1 : 1))
  for (const entry of entries) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`
    const onDisk = join(folder, entry.name)
    if (entry.isDirectory()) yield* walkFolder(onDisk, path, options)
    else if (entry.isSymbolicLink()) yield { path, outcome: 'ignored', reason: SYMLINK }
    else if (!entry.isFile()) yield { path, outcome: 'ignored', reason: 'Not a file: a device, socket or pipe.' }
    else if (namedByTrail(path)) yield { path, size: undefined, localPath: onDisk, read: () => readFile(onDisk) }
    else {
      const info = await lstat(onDisk).catch((error: unknown) => codeOf(error))
      if (typeof info === 'string') yield { path, outcome: 'quarantined', reason: `The file cannot be read (${info}).` }
      else yield* fromFile(onDisk, path, info.size, info.mtimeMs, options)
    }
  }
}

/** Such files need no look before they are read: there may be hundreds of thousands. */
const namedByTrail = (path: string): boolean => kindByName(path) !== undefined && ignoredByName(path, 1) === undefined

async function* fromFile(
  onDisk: string,
  path: string,
  size: number,
  modifiedMs: number,
  options: ListOptions,
): AsyncGenerator<Entry | EntryProblem> {
  const rule = ignoredByName(path, size)
  if (rule !== undefined) {
    yield { path, outcome: 'ignored', reason: rule }
    return
  }
  const format = await sniff(onDisk, path)
  switch (format) {
    case 'zip':
      yield* expand(zipMembers(zipOnDisk(onDisk), path, options), 1, options)
      return
    case 'tar':
    case 'tar.gz':
      yield* expand(tarMembers(createReadStream(onDisk), size, format, path, options), 1, options)
      return
    case undefined:
      yield { path, size, modifiedMs, localPath: onDisk, read: () => readFile(onDisk) }
  }
}

/** Members that are archives give what is in them, as deep as the limits allow; deeper ones are told when they are parsed. */
async function* expand(
  members: AsyncIterable<Member | EntryProblem>,
  depth: number,
  options: ListOptions,
): AsyncGenerator<Entry | EntryProblem> {
  for await (const member of members) {
    if (isProblem(member)) {
      yield member
      continue
    }
    const { path, bytes, modifiedMs } = member
    const rule = ignoredByName(path, bytes.length)
    if (rule !== undefined) {
      yield { path, outcome: 'ignored', reason: rule }
      continue
    }
    const inner = depth < options.limits.archiveDepth ? innerMembers(path, bytes, options) : undefined
    if (inner !== undefined) yield* expand(inner, depth + 1, options)
    else
      yield {
        path,
        size: bytes.length,
        ...(modifiedMs === undefined ? {} : { modifiedMs }),
        read: () => Promise.resolve(bytes),
      }
  }
}

function innerMembers(
  path: string,
  bytes: Buffer,
  options: ListOptions,
): AsyncIterable<Member | EntryProblem> | undefined {
  const format = archiveFormat(bytes.subarray(0, ARCHIVE_HEAD))
  switch (format) {
    case 'zip':
      return zipMembers(zipInMemory(bytes), path, options)
    case 'tar':
    case 'tar.gz':
      return tarMembers(Readable.from([bytes]), bytes.length, format, path, options)
    case undefined:
      return undefined
  }
}

/**
 * Looks at a file's first bytes. Files that are named as a trail names its files are not opened for it: there may be
 * hundreds of thousands, and an archive under such a name is told from its content when it is parsed.
 */
async function sniff(onDisk: string, path: string): Promise<ArchiveFormat | undefined> {
  if (kindByName(path) !== undefined) return undefined
  try {
    const file = await open(onDisk, constants.O_RDONLY | constants.O_NOFOLLOW)
    try {
      const head = Buffer.alloc(ARCHIVE_HEAD)
      const { bytesRead } = await file.read(head, 0, head.length, 0)
      return archiveFormat(head.subarray(0, bytesRead))
    } finally {
      await file.close()
    }
  } catch {
    // Whoever reads the entry reports why it cannot be read.
    return undefined
  }
}

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? 'unknown error'
