import { compareText, groupBy } from './collections.ts'
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
  const places = collectPlaces(digests)
  const judged: LogJudgement[] = []
  const inOrder = [...files].sort((a, b) => compareText(a.path, b.path) || a.fileId - b.fileId)

  const judge = (file: LogFile, place: Place, matchedBy: 'key' | 'name' | 'content'): void => {
    place.found = true
    judged.push(compare(file, place.listings, matchedBy))
  }
  const notByKey = inOrder.filter((file) => {
    const place = places.get(comparableKey(file.path))
    if (place) judge(file, place, 'key')
    return !place
  })
  // The indexes by name and content cover every listing; most evidence lies where it should and needs neither.
  const byName =
    notByKey.length === 0
      ? new Map<string, Place[]>()
      : groupBy([...places.values()], (place) => comparableName(place.listings[0]!.key))
  const atTheirKey = new Set(notByKey.length === 0 ? [] : [...places.values()].filter((place) => place.found))
  const notByName = notByKey.filter((file) => {
    const named = byName.get(comparableName(file.path)) ?? []
    if (named.length !== 1 || atTheirKey.has(named[0]!)) return true
    judge(file, named[0]!, 'name')
    return false
  })
  const byHash = notByName.length === 0 ? new Map<string, SameContent>() : byContent(places.values())
  const unlisted: Unlisted[] = []
  for (const file of notByName) {
    const same = file.inflatedSha256 === '' || !file.readable ? undefined : byHash.get(file.inflatedSha256)
    const missing = same && nextMissing(same)
    if (missing) judge(file, missing, 'content')
    else unlisted.push({ file, copyOf: same?.places[0]?.listings[0]?.key ?? null })
  }
  for (const { found, listings } of places.values())
    if (!found) judged.push({ kind: 'missing', verdict: 'LOG_MISSING', listing: listings[0]! })
  return { judged, unlisted }
}

/** What digests say about one key: proven ones first, else in the order of digests; and whether a file was found for it. */
type Place = { readonly listings: Listing[]; found: boolean }

/** The places at which one content is listed; those before `next` have their file. */
type SameContent = { readonly places: Place[]; next: number }

function byContent(places: Iterable<Place>): Map<string, SameContent> {
  const byHash = new Map<string, SameContent>()
  for (const place of places)
    for (const { hash } of place.listings) {
      const known = byHash.get(hash)
      if (known) known.places.push(place)
      else byHash.set(hash, { places: [place], next: 0 })
    }
  return byHash
}

function nextMissing(same: SameContent): Place | undefined {
  while (same.places[same.next]?.found === true) same.next++
  return same.places[same.next]
}

/** Everything that digests list, by comparable key. */
function collectPlaces(digests: readonly DigestJudgement[]): ReadonlyMap<string, Place> {
  const places = new Map<string, Place>()
  for (const [index, digest] of digests.entries()) {
    if (!digest.content.ok) continue
    const proven = isProven(digest.verdict)
    for (const entry of digest.content.value.entries) {
      // Only SHA-256 is documented; another algorithm's value cannot be compared, and must not accuse the file.
      const hash = entry.hashAlgorithm.toUpperCase() === 'SHA-256' ? entry.hash : ''
      const listing = { digest: index, bucket: entry.bucket, key: entry.key, hash, proven }
      const key = comparableKey(entry.key)
      const known = places.get(key)
      if (known) known.listings.push(listing)
      else places.set(key, { listings: [listing], found: false })
    }
  }
  for (const { listings } of places.values())
    if (listings.length > 1) listings.sort((a, b) => Number(b.proven) - Number(a.proven) || a.digest - b.digest)
  return places
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
