import type { AskOf } from '#shared/contract/contract.ts'

export type ProofSubject = AskOf<'proof.card'>['of']

/** The side of Evidence that is about integrity, in the address. */
export const INTEGRITY = 'integrity'

/** `integrity:event:12` or `integrity:entry:5`: where the address says that a proof card is open. */
export const proofAddress = (of: ProofSubject): string =>
  'event' in of ? `${INTEGRITY}:event:${of.event}` : `${INTEGRITY}:entry:${of.entry}`

/** Reads the address back; null when it names no card. */
export function readProofAddress(about: string | null): ProofSubject | null {
  const match = /^integrity:(event|entry):(\d{1,10})$/.exec(about ?? '')
  const n = Number(match?.[2])
  if (!match || n < 1) return null
  return match[1] === 'event' ? { event: n } : { entry: n }
}
