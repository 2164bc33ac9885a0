import { crc32, createDeflateRaw } from 'node:zlib'
import { assert } from '#shared/base/assert.ts'
import type { UtcMs } from '#shared/base/time.ts'

export type ZipInput = {
  /** Path inside the archive with `/`; short printable ASCII. */
  readonly name: string
  readonly bytes: AsyncIterable<Uint8Array>
  /** Deflated, else stored. */
  readonly deflate?: boolean
  /** The entry may reach 4 GiB: its sizes take 8 bytes (ZIP64). Without it, 4 GiB is an error. */
  readonly large?: boolean
}

/**
 * A ZIP archive as a stream of bytes, whose sizes need not be known beforehand: sizes and CRC-32 follow each entry in a
 * data descriptor (APPNOTE 4.3.9) and stand in the central directory. ZIP64 only where it is needed or asked for, because
 * Excel refuses workbooks that use it throughout. Same input, same bytes: every entry carries `madeAt`. Memory: the open
 * chunk and about 100 bytes per entry for the directory.
 *
 *   local header, data, descriptor | … | central directory | (ZIP64 end, locator) | end
 *
 * Why not yazl: it walks all its entries again after each one, so that 300,000 originals cost 45 thousand million
 * steps; and an error in a source leaves its output open.
 */
export async function* writeZip(
  entries: AsyncIterable<ZipInput> | Iterable<ZipInput>,
  madeAt: UtcMs,
): AsyncGenerator<Uint8Array> {
  const stamp = dosTime(madeAt)
  const directory: Uint8Array[] = []
  let offset = 0
  for await (const entry of entries) {
    const header = localHeader(entry, stamp)
    yield header
    const written = yield* entryData(entry)
    const sizes = descriptor(entry, written)
    yield sizes
    directory.push(directoryRecord(entry, stamp, written, offset))
    offset += header.length + written.stored + sizes.length
  }
  let directorySize = 0
  for (const record of directory) {
    yield record
    directorySize += record.length
  }
  yield endRecords(directory.length, directorySize, offset)
}

type Written = { readonly crc: number; readonly plain: number; readonly stored: number }
/** Fields of 4 bytes that hold this mean "see the ZIP64 field". */
const SEE_ZIP64 = 0xffffffff
/** Version needed: 4.5 is the one that has ZIP64. Made by 3 (Unix), so that the mode below counts. */
const versionFor = (zip64: boolean): number => (zip64 ? 45 : 20)
const UNIX = 3 << 8
/** A regular file, readable by all. */
const MODE = 0o100644
/** Bit 3: sizes follow in a descriptor. Bit 11: the name is UTF-8. */
const FLAGS = 0x0808

async function* entryData(entry: ZipInput): AsyncGenerator<Uint8Array, Written> {
  let crc = 0
  let plain = 0
  let stored = 0
  const counted = async function* (): AsyncGenerator<Uint8Array> {
    for await (const chunk of entry.bytes) {
      crc = crc32(chunk, crc)
      plain += chunk.length
      yield chunk
    }
  }
  for await (const chunk of entry.deflate === true ? deflated(counted()) : counted()) {
    stored += chunk.length
    yield chunk
  }
  return { crc, plain, stored }
}

/** Raw deflate with back pressure both ways; an error of the source comes out here. */
async function* deflated(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const deflate = createDeflateRaw({ level: 6 })
  const feeding = feed(bytes, deflate)
  feeding.catch((problem: unknown) => deflate.destroy(problem instanceof Error ? problem : new Error(String(problem))))
  try {
    for await (const chunk of deflate) yield chunk as Uint8Array
    await feeding
  } finally {
    deflate.destroy()
  }
}

async function feed(bytes: AsyncIterable<Uint8Array>, deflate: ReturnType<typeof createDeflateRaw>): Promise<void> {
  for await (const chunk of bytes) {
    if (deflate.destroyed) return
    // The callback comes when the chunk is through, or with the error when the reader has gone.
    await new Promise<void>((resolve) => deflate.write(chunk, () => resolve()))
  }
  deflate.end()
}

function localHeader(entry: ZipInput, stamp: DosTime): Uint8Array {
  const name = asciiName(entry.name)
  const large = entry.large === true
  const header = Buffer.alloc(30 + name.length + (large ? 20 : 0))
  header.writeUInt32LE(0x04034b50, 0)
  header.writeUInt16LE(versionFor(large), 4)
  header.writeUInt16LE(FLAGS, 6)
  header.writeUInt16LE(entry.deflate === true ? 8 : 0, 8)
  header.writeUInt16LE(stamp.time, 10)
  header.writeUInt16LE(stamp.day, 12)
  header.writeUInt16LE(name.length, 26)
  name.copy(header, 30)
  if (large) {
    // A ZIP64 field with zero sizes says that the descriptor's sizes have 8 bytes.
    header.writeUInt32LE(SEE_ZIP64, 18)
    header.writeUInt32LE(SEE_ZIP64, 22)
    header.writeUInt16LE(20, 28)
    header.writeUInt16LE(1, 30 + name.length)
    header.writeUInt16LE(16, 32 + name.length)
  }
  return header
}

function descriptor(entry: ZipInput, written: Written): Uint8Array {
  const large = entry.large === true
  const out = Buffer.alloc(large ? 24 : 16)
  out.writeUInt32LE(0x08074b50, 0)
  out.writeUInt32LE(written.crc, 4)
  if (large) {
    out.writeBigUInt64LE(BigInt(written.stored), 8)
    out.writeBigUInt64LE(BigInt(written.plain), 16)
  } else {
    assert(Math.max(written.stored, written.plain) < SEE_ZIP64, 'an entry that may reach 4 GiB is declared large')
    out.writeUInt32LE(written.stored, 8)
    out.writeUInt32LE(written.plain, 12)
  }
  return out
}

function directoryRecord(entry: ZipInput, stamp: DosTime, written: Written, offset: number): Uint8Array {
  const name = asciiName(entry.name)
  const large = entry.large === true
  const wide = [...(large ? [written.plain, written.stored] : []), ...(offset >= SEE_ZIP64 ? [offset] : [])]
  const extra = wide.length === 0 ? 0 : 4 + 8 * wide.length
  const out = Buffer.alloc(46 + name.length + extra)
  out.writeUInt32LE(0x02014b50, 0)
  out.writeUInt16LE(UNIX | versionFor(wide.length > 0), 4)
  out.writeUInt16LE(versionFor(wide.length > 0), 6)
  out.writeUInt16LE(FLAGS, 8)
  out.writeUInt16LE(entry.deflate === true ? 8 : 0, 10)
  out.writeUInt16LE(stamp.time, 12)
  out.writeUInt16LE(stamp.day, 14)
  out.writeUInt32LE(written.crc, 16)
  out.writeUInt32LE(large ? SEE_ZIP64 : written.stored, 20)
  out.writeUInt32LE(large ? SEE_ZIP64 : written.plain, 24)
  out.writeUInt16LE(name.length, 28)
  out.writeUInt16LE(extra, 30)
  out.writeUInt32LE(MODE * 0x10000, 38)
  out.writeUInt32LE(Math.min(offset, SEE_ZIP64), 42)
  name.copy(out, 46)
  if (extra > 0) {
    out.writeUInt16LE(1, 46 + name.length)
    out.writeUInt16LE(extra - 4, 48 + name.length)
    wide.forEach((value, index) => out.writeBigUInt64LE(BigInt(value), 50 + name.length + 8 * index))
  }
  return out
}

function endRecords(count: number, size: number, offset: number): Uint8Array {
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(Math.min(count, 0xffff), 8)
  end.writeUInt16LE(Math.min(count, 0xffff), 10)
  end.writeUInt32LE(Math.min(size, SEE_ZIP64), 12)
  end.writeUInt32LE(Math.min(offset, SEE_ZIP64), 16)
  const small = count < 0xffff && size < SEE_ZIP64 && offset < SEE_ZIP64
  return small ? end : Buffer.concat([zip64End(count, size, offset), end])
}

function zip64End(count: number, size: number, offset: number): Buffer {
  const out = Buffer.alloc(56 + 20)
  out.writeUInt32LE(0x06064b50, 0)
  out.writeBigUInt64LE(44n, 4)
  out.writeUInt16LE(UNIX | versionFor(true), 12)
  out.writeUInt16LE(versionFor(true), 14)
  out.writeBigUInt64LE(BigInt(count), 24)
  out.writeBigUInt64LE(BigInt(count), 32)
  out.writeBigUInt64LE(BigInt(size), 40)
  out.writeBigUInt64LE(BigInt(offset), 48)
  // The locator that points at it.
  out.writeUInt32LE(0x07064b50, 56)
  out.writeBigUInt64LE(BigInt(offset + size), 64)
  out.writeUInt32LE(1, 72)
  return out
}

function asciiName(name: string): Buffer {
  assert(
    /^[\x20-\x7e]{1,240}$/.test(name),
    'names inside our archives are short printable ASCII that we made ourselves',
  )
  return Buffer.from(name, 'ascii')
}

type DosTime = { readonly day: number; readonly time: number }

/** MS-DOS date and time (APPNOTE 4.4.6) of the UTC clock: from 1980, in steps of 2 seconds. */
function dosTime(at: UtcMs): DosTime {
  const date = new Date(Math.max(at, Date.UTC(1980, 0, 1)))
  return {
    day: ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate(),
    time: (date.getUTCHours() << 11) | (date.getUTCMinutes() << 5) | (date.getUTCSeconds() >> 1),
  }
}
