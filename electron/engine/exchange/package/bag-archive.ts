import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { failed, ok, type Failed, type Result } from '#shared/base/result.ts'
import { errorCode } from '../disk-trouble.ts'
import { bagPart, isBaseName, tagManifest, type BagPart } from './bag-names.ts'

export type BagFailure =
  /** Not a ZIP, or not one that holds a bag. */
  | 'NOT_A_PACKAGE'
  /** It has what no package of ours has: another name, a link, compression, overlap. Made by another program, or to harm. */
  | 'REFUSED'
  /** Something differs from what the package itself says. */
  | 'DAMAGED'
  | 'TOO_LARGE'
  | 'UNREADABLE'
  | 'CANCELLED'

export type BagLimits = {
  readonly entries: number
  /** Bytes of bag-info.txt, of one signature, and of the manifests, which are held in memory. */
  readonly info: number
  readonly manifest: number
}
export const bagLimits: BagLimits = { entries: 1_000_000, info: 1_048_576, manifest: 268_435_456 }

export type ArchiveEntry = {
  readonly name: string
  readonly part: BagPart
  readonly size: number
  readonly entry: Entry
}
export type BagArchive = {
  readonly zip: ZipFile
  readonly base: string
  readonly entries: ReadonlyMap<string, ArchiveEntry>
}

/**
 * Opens the archive and reads its directory, and nothing of its content. Every entry must have an allowed name under one
 * base folder, come once, be a plain stored file, and lie apart from the others. Stored entries cannot be bombs: a package is never
 * larger than its file. Nothing is extracted.
 */
export async function openArchive(path: string, limits: BagLimits): Promise<Result<BagArchive, BagFailure>> {
  const zip = await attempt(() => openPromise(path, { autoClose: false, lazyEntries: true, decodeStrings: false }))
  if (!zip.ok) return zip
  const archive = await readDirectory(zip.value, limits)
  if (!archive.ok) zip.value.close()
  return archive
}

async function readDirectory(zip: ZipFile, limits: BagLimits): Promise<Result<BagArchive, BagFailure>> {
  if (zip.entryCount > limits.entries)
    return failed('TOO_LARGE', `The package says it has ${zip.entryCount} entries; at most ${limits.entries} are read.`)
  const found: Entry[] = []
  const read = await attempt(async () => {
    for await (const entry of zip.eachEntry()) found.push(entry)
  })
  if (!read.ok) return read
  const base = baseOf(found)
  if (base === undefined)
    return failed('NOT_A_PACKAGE', 'This archive is not a case package: it has no bag manifest in one folder.')
  const entries = new Map<string, ArchiveEntry>()
  for (const entry of found) {
    const checked = checkEntry(entry, base)
    if (!checked.ok) return checked
    if (entries.has(checked.value.name)) return refused('the same name comes twice')
    entries.set(checked.value.name, checked.value)
  }
  return overlap(found) ? refused('entries overlap') : ok({ zip, base, entries })
}

const refused = (why: string): Failed<'REFUSED'> =>
  failed('REFUSED', `The package is refused: ${why}. Packages of ours never have that; ask the sender how it was made.`)

/** The raw name when it is printable ASCII, else undefined. Names are compared as bytes, never decoded by flags. */
function plainName(entry: Entry): string | undefined {
  const raw = entry.fileNameRaw
  return raw.length <= 240 && raw.every((byte) => byte > 0x20 && byte < 0x7f) ? raw.toString('latin1') : undefined
}

function baseOf(entries: readonly Entry[]): string | undefined {
  const names = entries.map(plainName).filter((name) => name?.endsWith(`/${tagManifest}`) === true)
  const base = names[0]?.slice(0, -tagManifest.length - 1)
  return names.length === 1 && base !== undefined && isBaseName(base) ? base : undefined
}

const UNICODE_PATH = 0x7075
const FILE_KINDS = new Set([0, 0o100000])

function checkEntry(entry: Entry, base: string): Result<ArchiveEntry, 'REFUSED'> {
  const full = plainName(entry)
  if (full?.startsWith(`${base}/`) !== true) return refused('a name is outside its folder or not plain text')
  const name = full.slice(base.length + 1)
  if (name === 'fetch.txt') return refused('it tells the reader to fetch files from elsewhere')
  const part = bagPart(name)
  if (part === undefined) return refused('it holds a file of a kind that does not belong there')
  if (!FILE_KINDS.has((entry.externalFileAttributes >>> 16) & 0o170000)) return refused('it holds a link or a device')
  if (entry.compressionMethod !== 0 || entry.isEncrypted())
    return refused('its files are compressed or encrypted inside the archive')
  if (entry.extraFields.some((field) => field.id === UNICODE_PATH)) return refused('a file has a second name')
  return ok({ name, part, size: entry.uncompressedSize, entry })
}

/** Whether an entry's header and data reach into the next one (the trick of overlapping bombs). */
function overlap(entries: readonly Entry[]): boolean {
  const sorted = [...entries].sort((a, b) => a.relativeOffsetOfLocalHeader - b.relativeOffsetOfLocalHeader)
  return sorted.some((entry, index) => {
    const next = sorted[index + 1]
    const end = entry.relativeOffsetOfLocalHeader + 30 + entry.fileNameRaw.length + entry.compressedSize
    return next !== undefined && end > next.relativeOffsetOfLocalHeader
  })
}

/** The stored bytes of an entry. The local header must say the same name; yauzl checks that the data lies in the file. */
export async function* entryBytes(archive: BagArchive, { entry }: ArchiveEntry): AsyncGenerator<Uint8Array> {
  const local = await archive.zip.readLocalFileHeaderPromise(entry)
  if (!local.fileName.equals(entry.fileNameRaw) || local.compressionMethod !== 0)
    throw new Error('local header differs from the directory')
  const stream = await archive.zip.openReadStreamPromise(entry)
  try {
    for await (const chunk of stream) yield chunk as Uint8Array
  } finally {
    stream.destroy()
  }
}

/**
 * Runs code that reads the archive. yauzl throws plain errors for malformed archives; to us they are bad evidence in an
 * expected place, so they become a failure. Errors of the system say that the file could not be read.
 */
export async function attempt<T>(work: () => Promise<T>): Promise<Result<T, BagFailure>> {
  try {
    return ok(await work())
  } catch (problem) {
    const code = errorCode(problem)
    if (/^E[A-Z]+$/.test(code))
      return failed('UNREADABLE', `The package could not be read (${code}). Check the medium and the permissions.`)
    return failed(
      'NOT_A_PACKAGE',
      'This is not a whole case package: its archive is malformed or cut off. Copy it again.',
    )
  }
}
