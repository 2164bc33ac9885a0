import { constants, gunzipSync } from 'node:zlib'

export type ArchiveFormat = 'zip' | 'tar' | 'tar.gz'

/** How many of a file's first bytes tell an archive; a tar header inside gzip hardly needs as many. */
export const ARCHIVE_HEAD = 4096
const TAR_BLOCK = 512

/** Which archive begins with these bytes, if any. Content decides, never the name. */
export function archiveFormat(head: Uint8Array): ArchiveFormat | undefined {
  if (head[0] === 0x50 && head[1] === 0x4b && isZipSecond(head[2], head[3])) return 'zip'
  if (isTar(head)) return 'tar'
  if (head[0] === 0x1f && head[1] === 0x8b && isTar(firstInflated(head))) return 'tar.gz'
  return undefined
}

/** A local file header, or the end record of an archive without entries. */
const isZipSecond = (a: number | undefined, b: number | undefined): boolean =>
  (a === 3 && b === 4) || (a === 5 && b === 6)

/** A tar header: 512 bytes whose checksum field (octal, at 148) is their sum with that field as blanks (POSIX ustar). */
export function isTar(head: Uint8Array): boolean {
  if (head.length < TAR_BLOCK || head[0] === 0) return false
  const claimed = /^\s{0,8}([0-7]{1,7})/.exec(Buffer.from(head.subarray(148, 156)).toString('latin1'))
  if (!claimed) return false
  let sum = 0
  for (let i = 0; i < TAR_BLOCK; i++) sum += i >= 148 && i < 156 ? 0x20 : head[i]!
  return sum === parseInt(claimed[1]!, 8)
}

function firstInflated(head: Uint8Array): Uint8Array {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    return new Uint8Array(0)
  }
}
