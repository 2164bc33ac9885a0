import { createHash, createPublicKey } from 'node:crypto'
import { formatUtc, type UtcMs } from '#shared/base/time.ts'
import { failed, ok, type Result } from '#shared/base/result.ts'
import { digestVerdictWords, logVerdictWords } from '#shared/domain/integrity.ts'
import type { DigestVerdict, LogVerdict } from '#shared/domain/integrity.ts'
import type { DigestJudgement, Judgement, LogJudgement } from './judgement.ts'
import { isProven } from './judgement.ts'
import type { Digest } from './parse-digest.ts'
import { loadKey, type PublicKey } from './parse-keys.ts'
import { stringToSign } from './string-to-sign.ts'

/** The record that a card is about: its exact bytes are `length` bytes at `offset` of the inflated log file. */
export type CardRecord = {
  readonly eventID: string
  readonly sha256: string
  readonly offset: number
  readonly length: number
}

/**
 * Everything that someone without this program needs to check one file, and one record in it, against Amazon's key:
 *
 *     record --bytes--> log file --hash in--> digest [--hash in--> digest …] --text--> signature --checked with--> key
 *
 * Binary pieces are base64 in `pieces`, under the names that the commands use.
 */
export type ProofCard = {
  readonly format: 'trailcase-proof-card'
  readonly version: 1
  readonly made: string
  readonly verdict: { readonly log: LogVerdict; readonly digest: DigestVerdict; readonly words: string }
  readonly record: CardRecord | null
  readonly log: {
    readonly path: string
    readonly bucket: string
    readonly key: string
    readonly sha256: string
    readonly listedSha256: string
  }
  /** From the digest that lists the log file to the one whose signature was checked; one, unless it is proven by link. */
  readonly digests: readonly CardDigest[]
  readonly signed: {
    readonly text: string
    readonly signature: string
    readonly algorithm: 'SHA256withRSA'
    readonly signatureFrom: string
  }
  readonly publicKey: {
    readonly fingerprint: string
    readonly sha256: string
    readonly form: string
    readonly pem: string
    readonly source: string
  }
  readonly pieces: Readonly<Record<string, string>>
  readonly commands: readonly string[]
}

export type CardDigest = {
  readonly piece: string
  readonly bucket: string
  readonly key: string
  readonly sha256: string
  readonly verdict: DigestVerdict
}

/**
 * The digests that a card for this log file needs, as indexes in `Judgement.digests`: from the one that lists it along the
 * links to the one with a checked signature. Empty when the file is not proven.
 */
export function proofPath(judgement: Pick<Judgement, 'digests'>, log: LogJudgement): readonly number[] {
  if (log.kind !== 'listed' || !log.listing.proven) return []
  const path: number[] = []
  let at: number | null = log.listing.digest
  while (at !== null) {
    path.push(at)
    const proof: DigestJudgement['proof'] = judgement.digests[at]!.proof
    at = proof?.kind === 'link' ? proof.successor : null
  }
  return path
}

export type CardInput = {
  readonly judgement: Pick<Judgement, 'digests'>
  readonly log: LogJudgement
  readonly record: CardRecord | null
  /** Inflated bytes of a digest, for each index of `proofPath`. */
  readonly digestBytes: (index: number) => Uint8Array | undefined
  readonly keys: readonly PublicKey[]
  readonly now: UtcMs
}

/**
 * Makes the card of a proven log file or a record in it. Fails when the file is not proven (there is nothing to show), or
 * when the bytes of a digest are no longer the ones that were judged.
 */
export function proofCard(input: CardInput): Result<ProofCard, 'NOT_PROVEN' | 'DIGEST_CHANGED'> {
  const { log, judgement } = input
  const path = proofPath(judgement, log)
  const last = path.length > 0 ? judgement.digests[path.at(-1)!] : undefined
  const trial = last?.proof?.kind === 'signature' ? last.proof.trial : undefined
  const key = input.keys.find((k) => k.sha256 === trial?.keySha256)
  const unchanged = log.verdict === 'LOG_PROVEN' || log.verdict === 'LOG_PROVEN_DECOMPRESSED_COPY'
  if (log.kind !== 'listed' || !unchanged || !last?.content.ok || !trial || !key)
    return failed('NOT_PROVEN', notProven(log.verdict))
  const links = path.map((index, i) => toLink(judgement.digests[index]!, input.digestBytes(index), i))
  if (links.some((link) => link.bytes === undefined))
    return failed(
      'DIGEST_CHANGED',
      'The digest in the evidence is not the one that was judged. Judge the case anew, then make the card.',
    )
  const text = stringToSign(last.content.value, last.sha256)
  const pem = toPem(key)
  const first = judgement.digests[path[0]!]!
  return ok({
    format: 'trailcase-proof-card',
    version: 1,
    made: formatUtc(input.now),
    verdict: { log: log.verdict, digest: first.verdict, words: words(log.verdict, first.verdict) },
    record: input.record,
    log: {
      path: log.path,
      bucket: log.listing.bucket,
      key: log.listing.key,
      sha256: log.found,
      listedSha256: log.listing.hash,
    },
    digests: links.map((link) => link.card),
    signed: {
      text,
      signature: trial.signature.toLowerCase(),
      algorithm: 'SHA256withRSA',
      signatureFrom:
        trial.from.kind === 'captured'
          ? `metadata captured in ${trial.from.source}`
          : 'previousDigestSignature of the next digest',
    },
    publicKey: { fingerprint: key.fingerprint, sha256: key.sha256, form: key.form, pem, source: key.source },
    pieces: {
      ...Object.fromEntries(links.map((link) => [link.card.piece, base64(link.bytes ?? new Uint8Array())])),
      'string-to-sign.txt': base64(Buffer.from(text, 'utf8')),
      'signature.bin': Buffer.from(trial.signature, 'hex').toString('base64'),
      'key.pem': base64(Buffer.from(pem, 'utf8')),
    },
    commands: commands(
      log,
      input.record,
      links.map((link) => link.card),
    ),
  })
}

/** Why there is no card of a file with this verdict. */
export const notProven = (verdict: LogVerdict): string =>
  `There is no proof to print: ${logVerdictWords[verdict].says}. ${logVerdictWords[verdict].means}`

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

const words = (log: LogVerdict, digest: DigestVerdict): string =>
  `${logVerdictWords[log].says}. ${logVerdictWords[log].means} ${digestVerdictWords[digest].says}: ${digestVerdictWords[digest].means}`

function toLink(
  judgement: DigestJudgement,
  bytes: Uint8Array | undefined,
  i: number,
): { card: CardDigest; bytes: Uint8Array | undefined } {
  const digest: Digest | undefined = judgement.content.ok ? judgement.content.value : undefined
  const same = bytes !== undefined && createHash('sha256').update(bytes).digest('hex') === judgement.sha256
  return {
    card: {
      piece: `digest-${i + 1}.json`,
      bucket: digest?.bucket ?? '',
      key: digest?.key ?? '',
      sha256: judgement.sha256,
      verdict: judgement.verdict,
    },
    bytes: same && isProven(judgement.verdict) ? bytes : undefined,
  }
}

/** PEM as openssl reads it on every version: SubjectPublicKeyInfo. */
function toPem(key: PublicKey): string {
  const loaded = loadKey(key.der)
  if (!loaded) throw new Error('This should not happen: a signature was checked with a key that cannot be loaded')
  return createPublicKey(loaded.key.export({ type: 'spki', format: 'pem' }))
    .export({ type: 'spki', format: 'pem' })
    .toString()
}

/** Shell commands, in order, each with what it must print. They name only pieces of the card and `log.json.gz`. */
function commands(
  log: LogJudgement & { kind: 'listed' },
  record: CardRecord | null,
  digests: readonly CardDigest[],
): string[] {
  const inflate = log.verdict === 'LOG_PROVEN_DECOMPRESSED_COPY' ? 'cat log.json' : 'gunzip -c log.json.gz'
  const first = digests[0]!
  const last = digests.at(-1)!
  return [
    '# Save this card as card.json and the log file beside it as log.json.gz (log.json if it is stored decompressed).',
    `# Unpack the pieces:`,
    `for p in $(jq -r '.pieces | keys[]' card.json); do jq -r --arg p "$p" '.pieces[$p]' card.json | base64 -d > "$p"; done`,
    ...(record
      ? [
          `# The record, cut out of the log file. Its SHA-256 must be ${record.sha256}`,
          `${inflate} | tail -c +${record.offset + 1} | head -c ${record.length} | openssl dgst -sha256`,
        ]
      : []),
    `# The log file. Its SHA-256 must be ${log.listing.hash}`,
    `${inflate} | openssl dgst -sha256`,
    `# The digest must list that hash: prints 1 or more`,
    `grep -c ${log.listing.hash} ${first.piece}`,
    ...digests.flatMap((digest, i) => {
      const next = digests[i + 1]
      return [
        `# ${digest.piece}: its SHA-256 must be ${digest.sha256}`,
        `openssl dgst -sha256 ${digest.piece}`,
        ...(next ? [`# The next digest must name it: prints 1 or more`, `grep -c ${digest.sha256} ${next.piece}`] : []),
      ]
    }),
    `# The text that is signed must name the SHA-256 of ${last.piece}: prints 1`,
    `grep -c ${last.sha256} string-to-sign.txt`,
    '# The signature: must print "Verified OK"',
    'openssl dgst -sha256 -verify key.pem -signature signature.bin string-to-sign.txt',
  ]
}
