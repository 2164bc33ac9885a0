/** Value of a lower-case hexadecimal digit by its character code, 255 for any other character. */
const DIGIT = new Uint8Array(128).fill(255)
for (let n = 0; n < 16; n++) DIGIT[n.toString(16).charCodeAt(0)] = n

/** Where the hyphens of a UUID stand (RFC 9562, section 4). */
const isHyphen = (at: number): boolean => at === 8 || at === 13 || at === 18 || at === 23

/**
 * Reads a lower-case UUID as 16 bytes into `into` from `at` on. False when the text is anything else; the bytes there then mean
 * nothing. By hand, as two are read for each of millions of records.
 */
export function readUuid(text: string, into: Uint8Array, at: number): boolean {
  if (text.length !== 36) return false
  let byte = at
  for (let n = 0; n < 36; n++) {
    const code = text.charCodeAt(n)
    if (isHyphen(n)) {
      if (code !== 0x2d) return false
      continue
    }
    const high = code < 128 ? DIGIT[code]! : 255
    const next = text.charCodeAt(++n)
    const low = next < 128 ? DIGIT[next]! : 255
    if (high === 255 || low === 255) return false
    into[byte++] = high * 16 + low
  }
  return true
}

/** As `readUuid`, from 36 bytes of ASCII that begin at `from`. */
export function readUuidBytes(bytes: Uint8Array, from: number, into: Uint8Array, at: number): boolean {
  let byte = at
  for (let n = 0; n < 36; n++) {
    const code = bytes[from + n]!
    if (isHyphen(n)) {
      if (code !== 0x2d) return false
      continue
    }
    const next = bytes[from + ++n]!
    const high = code < 128 ? DIGIT[code]! : 255
    const low = next < 128 ? DIGIT[next]! : 255
    if (high === 255 || low === 255) return false
    into[byte++] = high * 16 + low
  }
  return true
}
