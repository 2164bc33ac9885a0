import type { KeyObject } from 'node:crypto'
import type { UtcMs } from '#shared/base/time.ts'
import { compareText, groupBy, pushTo } from './collections.ts'
import { fingerprintUnusual, loadKey, type PublicKey } from './parse-keys.ts'

/** One public key with everything that the lists say about it; the same key in several lists is one. */
export type RingKey = {
  readonly sha256: string
  readonly key: KeyObject | undefined
  readonly unusual: boolean
  /** When the lists say that it was in use; empty when they do not say. */
  readonly validity: readonly { readonly from: UtcMs; readonly to: UtcMs }[]
}

export type KeyRing = { readonly find: (fingerprint: string) => readonly RingKey[] }

/** Public keys by fingerprint, the stated one and the MD5 of their bytes; usable ones first. Loads each key once. */
export function makeKeyRing(keys: readonly PublicKey[]): KeyRing {
  const byDer = groupBy(keys, (key) => key.sha256)
  const byFingerprint = new Map<string, RingKey[]>()
  for (const same of byDer.values()) {
    const ringKey = toRingKey(same)
    for (const name of new Set(same.flatMap((key) => [key.fingerprint, key.md5]))) pushTo(byFingerprint, name, ringKey)
  }
  for (const list of byFingerprint.values()) list.sort((a, b) => rank(a) - rank(b) || compareText(a.sha256, b.sha256))
  return { find: (fingerprint) => byFingerprint.get(fingerprint) ?? [] }
}

const rank = (key: RingKey): number => (key.key ? 0 : 1)

function toRingKey(same: readonly PublicKey[]): RingKey {
  const validity = same.flatMap((key) =>
    key.validFrom === null || key.validTo === null ? [] : [{ from: key.validFrom, to: key.validTo }],
  )
  return {
    sha256: same[0]!.sha256,
    key: loadKey(same[0]!.der)?.key,
    unusual: same.every(fingerprintUnusual),
    validity,
  }
}

/** A digest may be signed up to two hours after its window ends, by a key that came into use only then (aws-cli #10072). */
const SIGNED_WITHIN = 2 * 3_600_000

/** Whether the lists say that a key was not in use when a digest was made. Without validity in any list: no. */
export const outsideValidity = (key: RingKey, made: UtcMs): boolean =>
  key.validity.length > 0 && !key.validity.some((v) => made <= v.to && made + SIGNED_WITHIN >= v.from)
