import { crc32 } from 'node:zlib'

export type CraftedEntry = {
  readonly name: string | Buffer
  readonly data: string | Buffer
  /** Another name in the local header than in the directory. */
  readonly localName?: string
  readonly method?: number
  readonly flags?: number
  /** Unix mode, for links and devices. */
  readonly mode?: number
  readonly extra?: Buffer
  /** Points the directory at the data of the entry with this index. */
  readonly sameDataAs?: number
  /** The size that the directory claims. */
  readonly claimedSize?: number
}

/** A stored ZIP with any lie that a test wants in it. */
export function craftZip(entries: readonly CraftedEntry[]): Buffer {
  const parts: Buffer[] = []
  const offsets: number[] = []
  const directory: Buffer[] = []
  let offset = 0
  for (const entry of entries) {
    const data = Buffer.from(entry.data)
    const local = header(0x04034b50, entry, data, Buffer.from(entry.localName ?? entry.name), undefined)
    offsets.push(offset)
    parts.push(local, data)
    offset += local.length + data.length
  }
  entries.forEach((entry, index) => {
    const at = offsets[entry.sameDataAs ?? index]!
    directory.push(header(0x02014b50, entry, Buffer.from(entry.data), Buffer.from(entry.name), at))
  })
  const central = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.writeUInt32LE(0x06054b50, 0)
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(central.length, 12)
  end.writeUInt32LE(offset, 16)
  return Buffer.concat([...parts, central, end])
}

function header(
  signature: number,
  entry: CraftedEntry,
  data: Buffer,
  name: Buffer,
  offset: number | undefined,
): Buffer {
  const central = offset !== undefined
  const extra = entry.extra ?? Buffer.alloc(0)
  const out = Buffer.alloc(central ? 46 : 30)
  const shift = central ? 2 : 0
  out.writeUInt32LE(signature, 0)
  if (central) out.writeUInt16LE((3 << 8) | 20, 4)
  out.writeUInt16LE(20, 4 + shift)
  out.writeUInt16LE(entry.flags ?? 0, 6 + shift)
  out.writeUInt16LE(entry.method ?? 0, 8 + shift)
  out.writeUInt32LE(crc32(data), 14 + shift)
  out.writeUInt32LE(entry.claimedSize ?? data.length, 18 + shift)
  out.writeUInt32LE(entry.claimedSize ?? data.length, 22 + shift)
  out.writeUInt16LE(name.length, 26 + shift)
  out.writeUInt16LE(extra.length, 28 + shift)
  if (central) {
    out.writeUInt32LE(((entry.mode ?? 0o100644) * 0x10000) >>> 0, 38)
    out.writeUInt32LE(offset, 42)
  }
  return Buffer.concat([out, name, extra])
}
