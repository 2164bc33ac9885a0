import { counted, grouped } from '#shared/base/count.ts'
import { displayUtc } from '#shared/base/time.ts'
import { visible } from '#shared/base/visible.ts'
import type { IntegritySummary } from '#shared/domain/integrity.ts'
import { fingerprintUnusual, type PublicKey } from './parse-keys.ts'

/** What of a summary is told in a sentence. */
type Told = Pick<IntegritySummary, 'logs' | 'digests'> & {
  readonly chains: readonly { readonly gaps: readonly unknown[] }[]
}

/**
 * The whole in a sentence or two, for the top of the integrity view, the report and the command line:
 * "9,812 of 9,815 log files are proven; 2 were altered, 1 is missing. 1 of 240 digests fails its check."
 */
export function verdictSentence(summary: Told): string {
  const { logs, digests } = summary
  if (logs.total === 0 && digests.total === 0)
    return 'There are no CloudTrail log files and no digests in the evidence.'
  if (digests.total === 0)
    return `Nothing can be proven: the evidence holds ${counted(logs.total, 'log file')} but no digests, which would tell what AWS delivered.`
  const first = `${grouped(logs.proven)} of ${counted(logs.total, 'log file')} ${logs.total === 1 ? 'is' : 'are'} proven`
  const others = [
    were(logs.modified, 'altered'),
    are(logs.missing, 'missing'),
    logs.trailingData === 0
      ? ''
      : `${grouped(logs.trailingData)} ${logs.trailingData === 1 ? 'has' : 'have'} data appended`,
    are(logs.unreadable, 'unreadable'),
    are(logs.unreferenced, 'in no digest'),
    are(logs.listedUnproven, 'listed but not proven'),
  ].filter((part) => part !== '')
  const sentence = `${first}${others.length === 0 ? '' : `; ${others.join(', ')}`}.`
  return [sentence, digestSentence(summary), gapSentence(summary)].filter((part) => part !== '').join(' ')
}

const are = (n: number, what: string): string => (n === 0 ? '' : `${grouped(n)} ${n === 1 ? 'is' : 'are'} ${what}`)
const were = (n: number, what: string): string => (n === 0 ? '' : `${grouped(n)} ${n === 1 ? 'was' : 'were'} ${what}`)

function digestSentence({ digests }: Told): string {
  const parts = [
    digests.invalid === 0
      ? ''
      : `${grouped(digests.invalid)} of ${counted(digests.total, 'digest')} ${digests.invalid === 1 ? 'fails its' : 'fail their'} check.`,
    digests.consistent === 0
      ? ''
      : `${counted(digests.consistent, 'digest')} fit their chain, but without public keys nothing shows that AWS wrote them.`,
    digests.unverified === 0
      ? ''
      : `${counted(digests.unverified, 'digest')} could not be checked for want of a signature or a key.`,
  ]
  return parts.filter((part) => part !== '').join(' ')
}

function gapSentence({ chains }: Told): string {
  const gaps = chains.reduce((n, chain) => n + chain.gaps.length, 0)
  return gaps === 0 ? '' : `The digest chains have ${counted(gaps, 'gap')}.`
}

/** What every reader of a coverage map must be told beside it. */
export const SILENCE =
  'An hour without a digest is not proof of silence: log files of that hour may be missing, and nothing would show it. A proven hour without log files is proof that this trail delivered none, not that nothing was done: delivery can be late, and a trail records only what it is set to record.'

/**
 * What the proof rests on: one paragraph, then one line for each key. `whose` is what the case knows of how each file of
 * keys was obtained, by the name of the file.
 */
export function trustStatement(
  keys: readonly PublicKey[],
  whose: (source: string) => string | undefined = () => undefined,
): readonly string[] {
  if (keys.length === 0)
    return [
      'No public keys were supplied, so no signature could be checked. Anyone could have produced digests that fit together.',
    ]
  return [
    'The public keys of CloudTrail carry no certificate. That they are Amazon’s rests on how the list was obtained: by whom, when, and over which connection to cloudtrail.REGION.amazonaws.com. A key from the evidence itself proves nothing against the person who gathered the evidence.',
    ...keys.map((key) => keyLine(key, whose(key.source))),
  ]
}

function keyLine(key: PublicKey, obtained: string | undefined): string {
  const size = key.form === 'unloadable' ? 'cannot be loaded' : `RSA ${key.bits} bits`
  const valid =
    key.validFrom === null || key.validTo === null
      ? 'validity not stated'
      : `in use ${displayUtc(key.validFrom)} to ${displayUtc(key.validTo)}`
  return [
    `Key ${visible(key.fingerprint)}${key.region === null ? '' : ` of ${key.region}`}: ${size}, ${valid}`,
    `SHA-256 ${key.sha256}`,
    ...(fingerprintUnusual(key) ? ['its fingerprint is not the MD5 of its bytes, as it is for published keys'] : []),
    `from ${visible(key.source)}${obtained === undefined ? '' : `, ${obtained}`}`,
  ].join('; ')
}
