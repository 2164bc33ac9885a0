import { createHash } from 'node:crypto'
import { assert } from '#shared/base/assert.ts'
import type { UtcMs } from '#shared/base/time.ts'
import { writeZip, type ZipInput } from '../zip/zip-writer.ts'
import { isBaseName, isPayloadName, promisedSha256, tagFiles, tagManifest } from './bag-names.ts'
import { bagInfoText, bagitText, manifestLine, oxum, type BagInfo } from './bag-texts.ts'
import { prehash, signatureText, type SigningKey } from './minisign.ts'

export type PayloadInput = {
  /** As `bag-names.ts` allows: `data/ops.jsonl`, `data/evidence/ab/abcd….bin`. */
  readonly name: string
  readonly bytes: AsyncIterable<Uint8Array>
}
export type BagFacts = { readonly entries: number; readonly bytes: number }
export type BagPlan = {
  /** The folder inside the archive; `baseNameFor` makes one. */
  readonly base: string
  /** Labels of bag-info.txt. Bagging-Date, Payload-Oxum and Bag-Software-Agent are for the caller and us: see `writeBag`. */
  readonly info: BagInfo
  readonly payload: AsyncIterable<PayloadInput>
  /** Signs the tag manifest. The comment is signed too; it gets the counts, which are known only then. */
  readonly sign?: { readonly key: SigningKey; readonly trustedComment: (facts: BagFacts) => string }
  readonly madeAt: UtcMs
}

/** Original bytes that no longer have the SHA-256 under which they are kept: the disk, or somebody, changed them. */
export class EvidenceChanged extends Error {
  readonly expected: string
  readonly found: string
  constructor(expected: string, found: string) {
    super(`Evidence ${expected} now has the SHA-256 ${found}`)
    this.expected = expected
    this.found = found
  }
}

/**
 * A BagIt 1.0 bag (RFC 8493) in a store-only ZIP64, as a stream, in one pass: first the payload, then the tag files that
 * speak of it. `Bagging-Date` and `Payload-Oxum` are added to the info. Memory: about 250 bytes per entry. Throws
 * `EvidenceChanged` when an original is not what its name promises.
 */
export const writeBag = (plan: BagPlan): AsyncGenerator<Uint8Array> => writeZip(entries(plan), plan.madeAt)

async function* entries(plan: BagPlan): AsyncGenerator<ZipInput> {
  assert(isBaseName(plan.base), 'the base folder comes from baseNameFor')
  const manifest = new Map<string, string>()
  let bytes = 0
  for await (const input of plan.payload) {
    assert(
      isPayloadName(input.name) && !manifest.has(input.name),
      `payload names are allowed ones and come once: ${input.name}`,
    )
    const hash = createHash('sha256')
    const counted = async function* (): AsyncGenerator<Uint8Array> {
      for await (const chunk of input.bytes) {
        hash.update(chunk)
        bytes += chunk.length
        yield chunk
      }
    }
    yield { name: `${plan.base}/${input.name}`, bytes: counted(), large: true }
    const found = hash.digest('hex')
    const promised = promisedSha256(input.name)
    if (promised !== undefined && promised !== found) throw new EvidenceChanged(promised, found)
    manifest.set(input.name, found)
  }
  yield* tagEntries(plan, manifest, { entries: manifest.size, bytes })
}

async function* tagEntries(
  plan: BagPlan,
  manifest: ReadonlyMap<string, string>,
  facts: BagFacts,
): AsyncGenerator<ZipInput> {
  const day = new Date(plan.madeAt).toISOString().slice(0, 10)
  const info: BagInfo = [...plan.info, ['Bagging-Date', day], ['Payload-Oxum', oxum(facts.bytes, facts.entries)]]
  const lines = [...manifest].map(([name, hash]) => manifestLine(hash, name))
  const texts: Readonly<Record<(typeof tagFiles)[number], string>> = {
    'bagit.txt': bagitText,
    'bag-info.txt': bagInfoText(info),
    'manifest-sha256.txt': lines.join(''),
  }
  const file = (name: string, text: string): ZipInput => ({ name: `${plan.base}/${name}`, bytes: one(text) })
  for (const name of tagFiles) yield file(name, texts[name])
  const tags = tagFiles
    .map((name) => manifestLine(createHash('sha256').update(texts[name], 'utf8').digest('hex'), name))
    .join('')
  yield file(tagManifest, tags)
  if (plan.sign !== undefined) {
    const signature = signatureText(
      await prehash([Buffer.from(tags, 'utf8')]),
      plan.sign.key,
      plan.sign.trustedComment(facts),
    )
    yield file(`${tagManifest}.minisig`, signature)
  }
}

async function* one(text: string): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield Buffer.from(text, 'utf8')
}
