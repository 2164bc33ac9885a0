/**
 * The only names that a package may have inside, BagIt 1.0 (RFC 8493) with our payload. Whatever matches is short, lower-case
 * ASCII without `..`, drive letters, streams, trailing dots or device names, so it cannot mean two things on two systems. All
 * the same, no name from a package ever becomes a path.
 *
 *   CASE-0042/bagit.txt, bag-info.txt, manifest-sha256.txt, tagmanifest-sha256.txt(.minisig, .2.minisig …)
 *   CASE-0042/data/evidence/ab/abcd….bin     original bytes, named by their SHA-256
 *   CASE-0042/data/ops.jsonl …               the case as JSON and JSON lines
 *   CASE-0042/data/reports/…, exports/…, keys/…
 */
const EVIDENCE = /^data\/evidence\/([0-9a-f]{2})\/(\1[0-9a-f]{62})\.bin$/
const DOCUMENT = /^data\/[a-z][a-z0-9-]{0,40}\.jsonl?$/
const EXTRA = /^data\/(?:reports|exports|keys)\/([a-z0-9]+(?:[._-][a-z0-9]+){0,12})$/
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/
const SIGNATURE = /^tagmanifest-sha256\.txt(?:\.[2-9])?\.minisig$/
const MOST_LETTERS = 160

/** The tag files that every package has. */
export const tagFiles = ['bagit.txt', 'bag-info.txt', 'manifest-sha256.txt'] as const
export const tagManifest = 'tagmanifest-sha256.txt'

/** The bag's own folder in the archive: `CASE-0042`. */
export const isBaseName = (name: string): boolean =>
  /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(name) && !DEVICE.test(name.toLowerCase())

/** A base folder from the case's number, which may be any text. */
export function baseNameFor(caseNumber: string): string {
  const plain = caseNumber
    .normalize('NFKD')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-|-$/g, '')
    .slice(0, 48)
  return plain === '' ? 'CASE' : `CASE-${plain}`
}

export type BagPart = 'payload' | 'tag' | 'tagManifest' | 'signature'

/** What a name inside the bag is, without its base folder; undefined when it may not be there. */
export function bagPart(name: string): BagPart | undefined {
  if (name.length > MOST_LETTERS) return undefined
  if (name === tagManifest) return 'tagManifest'
  if ((tagFiles as readonly string[]).includes(name)) return 'tag'
  if (SIGNATURE.test(name)) return 'signature'
  return isPayloadName(name) ? 'payload' : undefined
}

export function isPayloadName(name: string): boolean {
  if (EVIDENCE.test(name)) return true
  const last = DOCUMENT.test(name) ? name.slice('data/'.length) : EXTRA.exec(name)?.[1]
  return last !== undefined && !DEVICE.test(last)
}

/** The SHA-256 that an evidence entry's name promises; undefined for other payload. */
export const promisedSha256 = (name: string): string | undefined => EVIDENCE.exec(name)?.[2]

/** Where original bytes with this SHA-256 (hex) lie in the bag. */
export const evidenceName = (sha256: string): string => `data/evidence/${sha256.slice(0, 2)}/${sha256}.bin`
