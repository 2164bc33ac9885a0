import { compareText, groupBy, pushTo } from './collections.ts'
import { isProven, type DigestJudgement, type Listing, type LogFile, type LogJudgement } from './judgement.ts'
import { comparableKey, comparableName } from './key-path.ts'

/** A log file that no digest lists; its reason is found later, when the chains are known. */
export type Unlisted = { readonly file: LogFile; readonly copyOf: string | null }

export type MatchedLogs = { readonly judged: readonly LogJudgement[]; readonly unlisted: readonly Unlisted[] }

/**
 * Finds for each log file the place in a digest that speaks about it, and compares hashes. In this order:
 *
 * 1. by object key from `AWSLogs/` on; where several digests list that key, proven ones decide;
 * 2. by bare name, for flat folders, when exactly one key has that name and no file lies under the key itself;
 * 3. by content: a file with the hash of a listed one that is missing was renamed. When the listed one is there too, the
 *    file is an extra copy, which no digest lists.
 *
 * What is listed but found nowhere is missing.
 */
export function matchLogs(digests: readonly DigestJudgement[], files: readonly LogFile[]): MatchedLogs {
  const listings = collectListings(digests)
  const found = new Set<string>()
  const judged: LogJudgement[] = []
  const inOrder = [...files].sort((a, b) => compareText(a.path, b.path) || a.fileId - b.fileId)

  const judge = (file: LogFile, key: string, matchedBy: 'key' | 'name' | 'content'): void => {
    found.add(key)
    judged.push(compare(file, listings.get(key)!, matchedBy))
  }
  const notByKey = inOrder.filter((file) => {
    const key = comparableKey(file.path)
    if (listings.has(key)) judge(file, key, 'key')
    return !listings.has(key)
  })
  // The indexes by name and content cover every listing; most evidence lies where it should and needs neither.
  const byName = notByKey.length === 0 ? new Map<string, string[]>() : groupBy([...listings.keys()], comparableName)
  const atTheirKey = new Set(found)
  const notByName = notByKey.filter((file) => {
    const keys = byName.get(comparableName(file.path)) ?? []
    if (keys.length !== 1 || atTheirKey.has(keys[0]!)) return true
    judge(file, keys[0]!, 'name')
    return false
  })
  const byHash = new Map<string, string[]>()
  if (notByName.length > 0)
    for (const [key, list] of listings) for (const listing of list) pushTo(byHash, listing.hash, key)
  const unlisted: Unlisted[] = []
  for (const file of notByName) {
    const keys = file.inflatedSha256 === '' || !file.readable ? [] : (byHash.get(file.inflatedSha256) ?? [])
    const missing = keys.find((key) => !found.has(key))
    if (missing !== undefined) judge(file, missing, 'content')
    else unlisted.push({ file, copyOf: keys[0] === undefined ? null : listings.get(keys[0])![0]!.key })
  }
  for (const [key, list] of listings)
    if (!found.has(key)) judged.push({ kind: 'missing', verdict: 'LOG_MISSING', listing: list[0]! })
  return { judged, unlisted }
}

/** Everything that digests list, by comparable key; under each key proven digests first, else in the order of digests. */
function collectListings(digests: readonly DigestJudgement[]): Map<string, Listing[]> {
  const listings = new Map<string, Listing[]>()
  for (const [index, digest] of digests.entries()) {
    if (!digest.content.ok) continue
    const proven = isProven(digest.verdict)
    for (const entry of digest.content.value.entries) {
      // Only SHA-256 is documented; another algorithm's value cannot be compared, and must not accuse the file.
      const hash = entry.hashAlgorithm.toUpperCase() === 'SHA-256' ? entry.hash : ''
      pushTo(listings, comparableKey(entry.key), { digest: index, bucket: entry.bucket, key: entry.key, hash, proven })
    }
  }
  for (const list of listings.values()) list.sort((a, b) => Number(b.proven) - Number(a.proven) || a.digest - b.digest)
  return listings
}

function compare(file: LogFile, all: readonly Listing[], matchedBy: 'key' | 'name' | 'content'): LogJudgement {
  const deciding = all[0]!.proven ? all.filter((listing) => listing.proven) : all
  const fitting = deciding.find((listing) => listing.hash === file.inflatedSha256)
  const listing = fitting ?? deciding[0]!
  const facts = { fileId: file.fileId, path: file.path, found: file.inflatedSha256, trailingBytes: file.trailingBytes }
  return { kind: 'listed', verdict: verdictFor(file, listing, fitting !== undefined), listing, matchedBy, ...facts }
}

function verdictFor(file: LogFile, listing: Listing, fits: boolean): (LogJudgement & { kind: 'listed' })['verdict'] {
  if (!file.readable) return 'LOG_UNREADABLE'
  if (!fits && listing.hash === '') return 'LOG_LISTED_UNPROVEN'
  if (!fits) return 'LOG_MODIFIED'
  if (file.trailingBytes > 0) return 'LOG_TRAILING_DATA'
  if (!listing.proven) return 'LOG_LISTED_UNPROVEN'
  return file.storedCompressed ? 'LOG_PROVEN' : 'LOG_PROVEN_DECOMPRESSED_COPY'
}
