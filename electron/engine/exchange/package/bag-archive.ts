import { open, type FileHandle } from 'node:fs/promises'
import { fromRandomAccessReaderPromise, type Entry } from 'yauzl'
import { failed, ok, type Failed, type Result } from '#shared/base/result.ts'
import { errorCode } from '../disk-trouble.ts'
import { BlockReader } from './block-reader.ts'
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

/** Where an entry lies: its local header at `offset`, its data somewhere between that and `limit`. */
export type ArchiveEntry = {
  readonly name: string
  readonly part: BagPart
  readonly size: number
  readonly offset: number
  readonly limit: number
}
export type BagArchive = {
  readonly file: FileHandle
  readonly base: string
  readonly entries: ReadonlyMap<string, ArchiveEntry>
}

/**
 * Opens the archive and reads its directory, and nothing of its content. Every entry must have an allowed name under one
 * base folder, come once, be a plain stored file, and lie apart from the others. Stored entries cannot be bombs: a package is never
 * larger than its file. Nothing is extracted.
 */
export async function openArchive(path: string, limits: BagLimits): Promise<Result<BagArchive, BagFailure>> {
  const file = await attempt(() => open(path, 'r'))
  if (!file.ok) return file
  const archive = await readDirectory(file.value, limits)
  if (!archive.ok) await file.value.close()
  return archive
}

async function readDirectory(file: FileHandle, limits: BagLimits): Promise<Result<BagArchive, BagFailure>> {
  const directory = await attempt(() => listEntries(file, limits))
  if (!directory.ok) return directory
  const { found, size } = directory.value
  if (found === undefined)
    return failed('TOO_LARGE', `The package says it has more than the ${limits.entries} entries that are read.`)
  const base = baseOf(found)
  if (base === undefined)
    return failed('NOT_A_PACKAGE', 'This archive is not a case package: it has no bag manifest in one folder.')
  const ends = endsOf(found, size)
  const entries = new Map<string, ArchiveEntry>()
  for (const entry of found) {
    const checked = checkEntry(entry, base, ends.get(entry.offset) ?? 0)
    if (!checked.ok) return checked
    if (entries.has(checked.value.name)) return refused('the same name comes twice')
    entries.set(checked.value.name, checked.value)
  }
  return ok({ file, base, entries })
}

/** What is kept of a directory entry: yauzl's own weigh a kilobyte each. */
type Listed = {
  /** The raw name when it is printable ASCII. Names are compared as bytes, never decoded by flags. */
  readonly name: string | undefined
  readonly size: number
  readonly offset: number
  readonly trouble: string | undefined
}

async function listEntries(
  file: FileHandle,
  limits: BagLimits,
): Promise<{ readonly found: Listed[] | undefined; readonly size: number }> {
  const { size } = await file.stat()
  const options = { autoClose: false, lazyEntries: true, decodeStrings: false }
  const zip = await fromRandomAccessReaderPromise(new BlockReader(file), size, options)
  if (zip.entryCount > limits.entries) return { found: undefined, size }
  const found: Listed[] = []
  for await (const entry of zip.eachEntry()) {
    found.push({
      name: plainName(entry),
      size: entry.uncompressedSize,
      offset: entry.relativeOffsetOfLocalHeader,
      trouble: troubleOf(entry),
    })
  }
  return { found, size }
}

function plainName(entry: Entry): string | undefined {
  const raw = entry.fileNameRaw
  return raw.length <= 240 && raw.every((byte) => byte > 0x20 && byte < 0x7f) ? raw.toString('latin1') : undefined
}

const UNICODE_PATH = 0x7075
const FILE_KINDS = new Set([0, 0o100000])

function troubleOf(entry: Entry): string | undefined {
  if (!FILE_KINDS.has((entry.externalFileAttributes >>> 16) & 0o170000)) return 'it holds a link or a device'
  if (entry.compressionMethod !== 0 || entry.isEncrypted())
    return 'its files are compressed or encrypted inside the archive'
  if (entry.extraFields.some((field) => field.id === UNICODE_PATH)) return 'a file has a second name'
  return undefined
}

/** Where each entry must end: at the next one. Two that start together leave no room, which is noticed later. */
function endsOf(found: readonly Listed[], fileSize: number): Map<number, number> {
  const sorted = found.map((entry) => entry.offset).sort((a, b) => a - b)
  const ends = new Map<number, number>()
  sorted.forEach((offset, index) => ends.set(offset, ends.has(offset) ? offset : (sorted[index + 1] ?? fileSize)))
  return ends
}

const refused = (why: string): Failed<'REFUSED'> =>
  failed('REFUSED', `The package is refused: ${why}. Packages of ours never have that; ask the sender how it was made.`)

function baseOf(entries: readonly Listed[]): string | undefined {
  const names = entries.map((entry) => entry.name).filter((name) => name?.endsWith(`/${tagManifest}`) === true)
  const base = names[0]?.slice(0, -tagManifest.length - 1)
  return names.length === 1 && base !== undefined && isBaseName(base) ? base : undefined
}

function checkEntry(entry: Listed, base: string, limit: number): Result<ArchiveEntry, 'REFUSED'> {
  if (entry.name?.startsWith(`${base}/`) !== true) return refused('a name is outside its folder or not plain text')
  const name = entry.name.slice(base.length + 1)
  if (name === 'fetch.txt') return refused('it tells the reader to fetch files from elsewhere')
  const part = bagPart(name)
  if (part === undefined) return refused('it holds a file of a kind that does not belong there')
  if (entry.trouble !== undefined) return refused(entry.trouble)
  if (entry.offset + LOCAL_HEADER + entry.name.length + entry.size > limit) return refused('entries overlap')
  return ok({ name, part, size: entry.size, offset: entry.offset, limit })
}

const LOCAL_HEADER = 30
const PIECE = 65_536

/**
 * The stored bytes of an entry, read in pieces. Its local header must agree with the directory, and the data must end
 * before the next entry: another reader of the archive sees the same.
 */
export async function* entryBytes(archive: BagArchive, entry: ArchiveEntry): AsyncGenerator<Uint8Array> {
  const name = Buffer.from(`${archive.base}/${entry.name}`, 'latin1')
  const first = await readAt(archive.file, entry.offset, LOCAL_HEADER + name.length + Math.min(entry.size, PIECE))
  const start = localDataStart(first, name)
  if (entry.offset + start + entry.size > entry.limit) throw new Malformed('data reaches into the next entry')
  const head = first.subarray(start, start + entry.size)
  if (head.length > 0) yield head
  for (let done = head.length; done < entry.size;) {
    const piece = await readAt(archive.file, entry.offset + start + done, Math.min(entry.size - done, PIECE))
    if (piece.length === 0) throw new Malformed('the file ends within an entry')
    done += piece.length
    yield piece
  }
}

/** Room for the extra field of a local header; ours takes 20 bytes. */
const EXTRA = 64

/** The stored bytes of a small entry with one read into one buffer, so that thousands of them leave little behind. */
export async function wholeEntry(archive: BagArchive, entry: ArchiveEntry): Promise<Uint8Array> {
  const name = Buffer.from(`${archive.base}/${entry.name}`, 'latin1')
  const most = Math.min(LOCAL_HEADER + name.length + EXTRA + entry.size, entry.limit - entry.offset)
  const bytes = await readAt(archive.file, entry.offset, most)
  const start = localDataStart(bytes, name)
  if (entry.offset + start + entry.size > entry.limit) throw new Malformed('data reaches into the next entry')
  if (start + entry.size <= bytes.length) return bytes.subarray(start, start + entry.size)
  const chunks: Uint8Array[] = []
  for await (const chunk of entryBytes(archive, entry)) chunks.push(chunk)
  return Buffer.concat(chunks)
}

class Malformed extends Error {}

/** Where the data starts after a local header that says what the directory said. */
function localDataStart(bytes: Buffer, name: Buffer): number {
  const long = bytes.length >= LOCAL_HEADER + name.length && bytes.readUInt32LE(0) === 0x04034b50
  const agrees = long && bytes.readUInt16LE(8) === 0 && bytes.readUInt16LE(26) === name.length
  if (!agrees || !bytes.subarray(LOCAL_HEADER, LOCAL_HEADER + name.length).equals(name))
    throw new Malformed('local header differs')
  return LOCAL_HEADER + name.length + bytes.readUInt16LE(28)
}

/** Up to `length` bytes at a position, fewer only at the end of the file. */
async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  let done = 0
  while (done < length) {
    const { bytesRead } = await file.read(buffer, done, length - done, position + done)
    if (bytesRead === 0) break
    done += bytesRead
  }
  return buffer.subarray(0, done)
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
