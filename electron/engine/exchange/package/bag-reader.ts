import { createHash } from 'node:crypto'
import { ensure } from '#shared/base/assert.ts'
import { failed, ok, type Failed, type Result } from '#shared/base/result.ts'
import {
  attempt,
  bagLimits,
  entryBytes,
  openArchive,
  type ArchiveEntry,
  type BagArchive,
  type BagFailure,
  type BagLimits,
} from './bag-archive.ts'
import { promisedSha256, tagFiles, tagManifest } from './bag-names.ts'
import { bagitText, infoValue, oxum, parseBagInfo, parseManifest, type BagInfo } from './bag-texts.ts'
import { checkSignature, prehash, type SignatureVerdict, type VerifyingKey } from './minisign.ts'

export type BagPayload = { readonly name: string; readonly size: number; readonly sha256: string }
export type Bag = {
  readonly base: string
  readonly info: BagInfo
  /** In the order of the manifest. */
  readonly payload: readonly BagPayload[]
  /** Sum of the payload's sizes. */
  readonly bytes: number
  readonly signatures: readonly { readonly name: string; readonly text: string }[]
  /** What the signatures sign: BLAKE2b-512 of the tag manifest. */
  readonly signedHash: Uint8Array
  readonly archive: BagArchive
}

/**
 * Opens a package for reading: the archive's shape, then its tag files, each checked against the tag manifest before it
 * is parsed, then that manifest and payload name the same entries and sizes. The payload's content is not read yet: see `checkPayload`.
 * Close it with `closeBag`. Changes nothing and writes nothing.
 */
export async function openBag(path: string, limits: BagLimits = bagLimits): Promise<Result<Bag, BagFailure>> {
  const archive = await openArchive(path, limits)
  if (!archive.ok) return archive
  const bag = await readTags(archive.value, limits)
  if (!bag.ok) await archive.value.file.close()
  return bag
}

export const closeBag = (bag: Bag): Promise<void> => bag.archive.file.close()

const damaged = (why: string): Failed<'DAMAGED'> =>
  failed('DAMAGED', `The package is damaged or was changed: ${why}. Do not use it; ask the sender for it again.`)

async function readTags(archive: BagArchive, limits: BagLimits): Promise<Result<Bag, BagFailure>> {
  const tagText = await readText(archive, tagManifest, limits.info)
  if (!tagText.ok) return tagText
  const tagHashes = parseManifest(tagText.value)
  if (tagHashes?.size !== tagFiles.length) return damaged('its tag manifest is malformed')
  const texts = new Map<string, string>()
  for (const name of tagFiles) {
    const text = await readText(archive, name, name === 'manifest-sha256.txt' ? limits.manifest : limits.info)
    if (!text.ok) return text
    if (sha256(text.value) !== tagHashes.get(name)) return damaged(`${name} is not the one that the tag manifest names`)
    texts.set(name, text.value)
  }
  if (texts.get('bagit.txt') !== bagitText) return damaged('it is not a BagIt 1.0 bag in UTF-8')
  const info = parseBagInfo(texts.get('bag-info.txt') ?? '')
  const hashes = parseManifest(texts.get('manifest-sha256.txt') ?? '')
  if (info === undefined || hashes === undefined) return damaged('bag-info.txt or the manifest is malformed')
  const payload = matchPayload(archive, hashes, info)
  if (!payload.ok) return payload
  const signatures = await readSignatures(archive, limits)
  if (!signatures.ok) return signatures
  const signedHash = await prehash([Buffer.from(tagText.value, 'utf8')])
  const bytes = payload.value.reduce((sum, entry) => sum + entry.size, 0)
  return ok({
    base: archive.base,
    info,
    payload: payload.value,
    bytes,
    signatures: signatures.value,
    signedHash,
    archive,
  })
}

/** The manifest and the archive must name the same payload, and `Payload-Oxum` must agree. */
function matchPayload(
  archive: BagArchive,
  hashes: ReadonlyMap<string, string>,
  info: BagInfo,
): Result<BagPayload[], 'DAMAGED'> {
  const payload: BagPayload[] = []
  let bytes = 0
  for (const [name, hash] of hashes) {
    const entry = archive.entries.get(name)
    if (entry?.part !== 'payload') return damaged('the manifest names an entry that is not there')
    if ((promisedSha256(name) ?? hash) !== hash) return damaged('an original lies under a name that is not its SHA-256')
    payload.push({ name, size: entry.size, sha256: hash })
    bytes += entry.size
  }
  const present = [...archive.entries.values()].filter((entry) => entry.part === 'payload').length
  if (present !== payload.length) return damaged('it holds an entry that the manifest does not name')
  if (infoValue(info, 'Payload-Oxum') !== oxum(bytes, payload.length))
    return damaged('its sizes are not those that it declares')
  return ok(payload)
}

async function readSignatures(archive: BagArchive, limits: BagLimits): Promise<Result<Bag['signatures'], BagFailure>> {
  const signatures: { name: string; text: string }[] = []
  for (const entry of archive.entries.values()) {
    if (entry.part !== 'signature') continue
    const text = await readText(archive, entry.name, limits.info)
    if (!text.ok) return text
    signatures.push({ name: entry.name, text: text.value })
  }
  return ok(signatures)
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex')

/** A tag file's text. It must be valid UTF-8, so that the text hashes to what the bytes did. */
async function readText(archive: BagArchive, name: string, limit: number): Promise<Result<string, BagFailure>> {
  const bytes = await readEntry(archive, archive.entries.get(name), limit)
  if (!bytes.ok) return bytes
  try {
    return ok(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.value))
  } catch {
    return damaged(`${name} is not text in UTF-8`)
  }
}

async function readEntry(
  archive: BagArchive,
  entry: ArchiveEntry | undefined,
  limit: number,
): Promise<Result<Buffer, BagFailure>> {
  if (entry === undefined) return damaged('a part that every package has is missing')
  if (entry.size > limit)
    return failed('TOO_LARGE', `${entry.name} has ${entry.size} bytes; at most ${limit} are read.`)
  const read = await attempt(async () => {
    const chunks: Uint8Array[] = []
    for await (const chunk of entryBytes(archive, entry)) chunks.push(chunk)
    return Buffer.concat(chunks)
  })
  return read.ok && read.value.length !== entry.size ? damaged('an entry is shorter than it says') : read
}

/** What each signature of the bag says, under the keys that are known here. An unsigned bag has none. */
export const signatureVerdicts = (bag: Bag, keys: readonly VerifyingKey[]): SignatureVerdict[] =>
  bag.signatures.map(({ text }) => checkSignature(text, bag.signedHash, keys))

/** A small document of the payload, whole and verified: `data/case.json`. */
export async function readDocument(bag: Bag, name: string, limit: number): Promise<Result<Uint8Array, BagFailure>> {
  const expected = bag.payload.find((entry) => entry.name === name)?.sha256
  const bytes = await readEntry(bag.archive, bag.archive.entries.get(name), limit)
  if (!bytes.ok) return bytes
  return createHash('sha256').update(bytes.value).digest('hex') === expected
    ? bytes
    : damaged(`${name} is not what the manifest names`)
}

export type CheckOptions = {
  readonly signal?: AbortSignal
  /**
   * Gets each entry's bytes while they are hashed, for staging. It may stop reading early. What it was given must not be
   * trusted before `checkPayload` returns `ok`.
   */
  readonly stage?: (entry: BagPayload, bytes: AsyncIterable<Uint8Array>) => Promise<void>
  readonly onProgress?: (bytes: number) => void
}

/** Reads the whole payload once and compares every SHA-256 with the manifest. Ends at the first difference. */
export async function checkPayload(
  bag: Bag,
  options: CheckOptions = {},
): Promise<Result<{ readonly entries: number; readonly bytes: number }, BagFailure>> {
  let bytes = 0
  for (const entry of bag.payload) {
    const source = new HashedSource(bag, entry, options.signal)
    if (options.stage !== undefined) await options.stage(entry, source)
    const hash = await source.finish()
    if (!hash.ok) return hash
    if (hash.value !== entry.sha256)
      return damaged(`${entry.name} has the SHA-256 ${hash.value}, not the one in the manifest`)
    bytes += entry.size
    options.onProgress?.(bytes)
  }
  return ok({ entries: bag.payload.length, bytes })
}

/**
 * An entry's bytes, hashed on their way to whoever stages them. Trouble of the archive ends the stream and is told by
 * `finish`, so that it cannot be mistaken for trouble of the stage. Stopping early does not close it: `finish` reads the rest.
 */
class HashedSource implements AsyncIterable<Uint8Array> {
  readonly #bytes: AsyncGenerator<Uint8Array>
  readonly #signal: AbortSignal | undefined
  readonly #hash = createHash('sha256')
  #failure: Failed<BagFailure> | undefined
  constructor(bag: Bag, payload: BagPayload, signal: AbortSignal | undefined) {
    this.#bytes = entryBytes(
      bag.archive,
      ensure(bag.archive.entries.get(payload.name), 'openBag matched payload and archive'),
    )
    this.#signal = signal
  }
  [Symbol.asyncIterator](): AsyncIterator<Uint8Array, undefined> {
    return { next: () => this.#next() }
  }
  async #next(): Promise<IteratorResult<Uint8Array, undefined>> {
    if (this.#signal?.aborted === true) this.#failure ??= failed('CANCELLED', 'The check was cancelled.')
    const next = this.#failure === undefined ? await attempt(() => this.#bytes.next()) : this.#failure
    if (!next.ok) this.#failure = next
    if (!next.ok || next.value.done === true) return { done: true, value: undefined }
    this.#hash.update(next.value.value)
    return { done: false, value: next.value.value }
  }
  async finish(): Promise<Result<string, BagFailure>> {
    while ((await this.#next()).done !== true);
    await this.#bytes.return(undefined)
    return this.#failure ?? ok(this.#hash.digest('hex'))
  }
}
