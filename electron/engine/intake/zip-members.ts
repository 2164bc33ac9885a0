import { fromBuffer, open, type Entry as ZipEntry, type ZipFile } from 'yauzl'
import { crc32 } from 'node:zlib'
import { collect, DAMAGED_MEMBER, tooLargeMember, type ListOptions, type Member } from './archive-member.ts'
import { inflateAllowance, type Limits } from './limits.ts'
import type { EntryProblem } from './types.ts'

// Names stay bytes: the library would refuse the whole archive for one hostile name, and names are never paths here.
const OPTIONS = { lazyEntries: true, decodeStrings: false, autoClose: false, validateEntrySizes: true } as const

/** Opens an archive; it is walked twice. */
export type OpenZip = () => Promise<ZipFile>

export const zipOnDisk =
  (path: string): OpenZip =>
  () =>
    new Promise((resolve, reject) => {
      open(path, OPTIONS, (error, zip) => (error ? reject(error) : resolve(zip)))
    })

export const zipInMemory =
  (bytes: Buffer): OpenZip =>
  () =>
    new Promise((resolve, reject) => {
      fromBuffer(bytes, OPTIONS, (error, zip) => (error ? reject(error) : resolve(zip)))
    })

/** The members of a zip, in the order of its directory. */
export async function* zipMembers(
  openZip: OpenZip,
  archive: string,
  options: ListOptions,
): AsyncGenerator<Member | EntryProblem> {
  let zip: ZipFile | undefined
  let count = 0
  try {
    const overlapping = await findOverlaps(openZip, options)
    zip = await openZip()
    for await (const member of directory(zip)) {
      options.signal.throwIfAborted()
      const found = await readMember(zip, member, overlapping, archive, options.limits)
      if (found === undefined) continue
      count++
      yield found
    }
  } catch {
    options.signal.throwIfAborted()
    const reason = `The zip archive is damaged or cut off. ${count} of its members were found before that.`
    yield { path: archive, outcome: 'quarantined', reason }
    return
  } finally {
    zip?.close()
  }
  if (count === 0) yield { path: archive, outcome: 'ignored', reason: 'The archive holds no files.' }
}

/** The entries of the central directory, one at a time. */
async function* directory(zip: ZipFile): AsyncGenerator<ZipEntry> {
  for (;;) {
    const entry = await new Promise<ZipEntry | undefined>((resolve, reject) => {
      const done = (act: () => void) => {
        zip.removeAllListeners('entry')
        zip.removeAllListeners('end')
        zip.removeAllListeners('error')
        act()
      }
      zip.on('entry', (found: ZipEntry) => done(() => resolve(found)))
      zip.on('end', () => done(() => resolve(undefined)))
      zip.on('error', (error: Error) => done(() => reject(error)))
      zip.readEntry()
    })
    if (entry === undefined) return
    yield entry
  }
}

const LOCAL_HEADER = 30

/**
 * Offsets of members whose data overlap another's: how small zips become huge ones (D. Fifield, "A better zip bomb").
 * Only offsets and sizes are held, two numbers for each member.
 */
async function findOverlaps(openZip: OpenZip, { signal, limits }: ListOptions): Promise<ReadonlySet<number>> {
  const spans: [start: number, end: number][] = []
  const zip = await openZip()
  try {
    for await (const entry of directory(zip)) {
      signal.throwIfAborted()
      if (entry.compressedSize > 0) {
        spans.push([
          entry.relativeOffsetOfLocalHeader,
          entry.relativeOffsetOfLocalHeader + LOCAL_HEADER + entry.compressedSize,
        ])
      }
      if (spans.length > limits.entries) break
    }
  } finally {
    zip.close()
  }
  spans.sort((a, b) => a[0] - b[0])
  const overlapping = new Set<number>()
  let reached = -1
  let reachedBy = -1
  for (const [start, end] of spans) {
    if (start < reached) {
      overlapping.add(start)
      overlapping.add(reachedBy)
    }
    if (end > reached) {
      reached = end
      reachedBy = start
    }
  }
  return overlapping
}

const ENCRYPTED = 1
const UTF8_NAME = 0x800
const STORED = 0
const DEFLATED = 8

async function readMember(
  zip: ZipFile,
  member: ZipEntry,
  overlapping: ReadonlySet<number>,
  archive: string,
  limits: Limits,
): Promise<Member | EntryProblem | undefined> {
  const name = memberName(member)
  if (name.endsWith('/')) return undefined
  const path = `${archive}!${name}`
  const problem = problemOf(member, overlapping, limits)
  if (problem !== undefined) return { path, ...problem }
  const bytes = await contentOf(zip, member, limits).catch(() => undefined)
  if (bytes === undefined || crc32(bytes) !== member.crc32)
    return { path, outcome: 'quarantined', reason: DAMAGED_MEMBER }
  const modifiedMs = member.getLastModDate().getTime()
  return { path, modifiedMs: Number.isNaN(modifiedMs) ? undefined : modifiedMs, bytes }
}

/** Bit 11 says UTF-8; without it the code page is unknown and the bytes are shown one by one. Backslashes separate, too. */
function memberName(member: ZipEntry): string {
  const bytes = member.fileName as unknown as Buffer
  const isUtf8 = (member.generalPurposeBitFlag & UTF8_NAME) !== 0
  return bytes.toString(isUtf8 ? 'utf8' : 'latin1').replaceAll('\\', '/')
}

function problemOf(
  member: ZipEntry,
  overlapping: ReadonlySet<number>,
  limits: Limits,
): Omit<EntryProblem, 'path'> | undefined {
  const unixType = (member.externalFileAttributes >>> 28) & 0xf
  if (unixType !== 0 && unixType !== 8 && member.versionMadeBy >>> 8 === 3) {
    return { outcome: 'ignored', reason: 'Not a file: the archive holds a link or device under this name.' }
  }
  if ((member.generalPurposeBitFlag & ENCRYPTED) !== 0) {
    return {
      outcome: 'quarantined',
      reason: 'The archive member is encrypted. Unpack the archive with its password and import the folder.',
    }
  }
  if (member.compressionMethod !== STORED && member.compressionMethod !== DEFLATED) {
    const reason = `The archive member uses compression method ${member.compressionMethod}, which is not read. Unpack the archive and import the folder.`
    return { outcome: 'quarantined', reason }
  }
  if (overlapping.has(member.relativeOffsetOfLocalHeader)) {
    return { outcome: 'quarantined', reason: 'The archive member shares its bytes with another: refused as hostile.' }
  }
  if (member.uncompressedSize > limits.entryBytes) {
    return { outcome: 'quarantined', reason: tooLargeMember(member.uncompressedSize, limits.entryBytes) }
  }
  if (member.uncompressedSize > inflateAllowance(member.compressedSize, limits)) {
    return {
      outcome: 'quarantined',
      reason: `The archive member inflates to more than ${limits.ratio} times its size: refused as hostile.`,
    }
  }
  return undefined
}

async function contentOf(zip: ZipFile, member: ZipEntry, limits: Limits): Promise<Buffer | undefined> {
  const stream = await new Promise<AsyncIterable<Uint8Array>>((resolve, reject) => {
    zip.openReadStream(member, (error, opened) => (error ? reject(error) : resolve(opened)))
  })
  return collect(stream, limits.entryBytes)
}
