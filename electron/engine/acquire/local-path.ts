import { createHash } from 'node:crypto'
import { hasHidden } from '#shared/base/visible.ts'

/**
 * Where an object is written, below the folder of the acquisition. Keys are text of strangers: a segment keeps its letters
 * where every system can write them and becomes `%XX` where not, so that no key leaves the folder, names a device of
 * Windows (con, nul, com1: Microsoft, "Naming Files, Paths, and Namespaces") or is lost in a name that is too long.
 */
export function localPath(bucket: string, key: string): string {
  const [place, ...segments] = [bucket, ...key.split('/')].map(safeSegment)
  return [place!, ...segments].join('/')
}

/** File systems take 255 bytes of a name; a suffix still fits behind. */
const LONGEST_SEGMENT = 200
const DEVICES = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)/i

function safeSegment(segment: string): string {
  if (segment === '') return '%'
  let safe = ''
  for (const character of segment) safe += isPlain(character) ? character : percent(character)
  if (/[. ]$/.test(safe)) safe = safe.slice(0, -1) + percent(safe.at(-1)!)
  if (DEVICES.test(safe)) safe = percent(safe[0]!) + safe.slice(1)
  return Buffer.byteLength(safe) <= LONGEST_SEGMENT ? safe : `${cut(safe, LONGEST_SEGMENT - 18)}~${shortHash(segment)}`
}

const REFUSED = new Set('<>:"\\|?*%~')
const isPlain = (character: string): boolean =>
  character.length === 1 && !REFUSED.has(character) && !hasHidden(character)

const percent = (character: string): string =>
  [...Buffer.from(character, 'utf8')].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('')

function cut(text: string, bytes: number): string {
  let [length, kept] = [0, '']
  for (const character of text) {
    length += Buffer.byteLength(character)
    if (length > bytes) break
    kept += character
  }
  return kept
}

const shortHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)

/** How two names look to a file system that does not tell upper from lower case, or accents by their composition. */
const folded = (path: string): string => path.normalize('NFC').toLowerCase()

export type PathWish = { readonly bucket: string; readonly key: string; readonly versionId: string | null }

/**
 * A path for each object, no two of which are one on any system. What clashes (case, a file where a folder is needed) gets
 * a hash of its key at its end. The same objects give the same paths in whatever order they come. Older versions lie in a
 * folder of their own, `BUCKET@VERSION`.
 *
 * @param wishes `versionId` is null for what the bucket shows now
 */
export function localPaths(wishes: readonly PathWish[]): string[] {
  const plain = wishes.map((w) => localPath(w.versionId === null ? w.bucket : `${w.bucket}@${w.versionId}`, w.key))
  const taken = new Map<string, number>()
  for (const path of plain) taken.set(folded(path), (taken.get(folded(path)) ?? 0) + 1)
  const folders = new Set<string>()
  for (const path of plain)
    for (let at = path.lastIndexOf('/'); at > 0; at = path.lastIndexOf('/', at - 1)) {
      const folder = folded(path.slice(0, at))
      if (folders.has(folder)) break
      folders.add(folder)
    }
  return plain.map((path, n) =>
    taken.get(folded(path)) === 1 && !folders.has(folded(path)) ? path : `${path}~${shortHash(wishes[n]!.key)}`,
  )
}
