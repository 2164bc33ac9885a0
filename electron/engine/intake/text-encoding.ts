/** A text as UTF-8 bytes, and where each byte stands in the file. */
export type DecodedText = {
  readonly bytes: Buffer
  /** From an offset in `bytes` to one in the file; offsets must not fall from call to call. `undefined`: the same. */
  readonly toFileOffset: ((offset: number) => number) | undefined
}

/**
 * Takes off a byte order mark and turns UTF-16 (Windows PowerShell 5 writes it) to UTF-8. Without a mark the bytes stand
 * as they are. A UTF-8 mark stays: the readers skip it as they skip blanks.
 */
export function decodeText(file: Buffer): DecodedText {
  const little = file[0] === 0xff && file[1] === 0xfe
  const big = file[0] === 0xfe && file[1] === 0xff
  if (!little && !big) return { bytes: file, toFileOffset: undefined }
  const even = file.subarray(2, file.length - (file.length % 2))
  const units = little ? even : Buffer.from(even).swap16()
  const bytes = Buffer.from(units.toString('utf16le'), 'utf8')
  return { bytes, toFileOffset: utf16Offsets(bytes) }
}

/** Counts UTF-16 units in UTF-8: one for each lead byte, two for a lead byte of four. Each unit is two bytes in the file. */
function utf16Offsets(bytes: Buffer): (offset: number) => number {
  let at = 0
  let units = 0
  return (offset) => {
    if (offset < at) {
      at = 0
      units = 0
    }
    for (; at < offset; at++) {
      const byte = bytes[at] ?? 0
      if ((byte & 0xc0) === 0x80) continue
      units += byte >= 0xf0 ? 2 : 1
    }
    return 2 + units * 2
  }
}
