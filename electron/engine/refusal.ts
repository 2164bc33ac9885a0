/**
 * An expected failure deep inside the engine: a locked case, a full disk, a file that is not ours. It travels as an
 * exception through code that has nothing to say about it, and becomes a coded failure at the contract (`answer.ts`).
 * `message` is one line for people: what happened, what is safe, what to do.
 */
export class Refusal extends Error {
  readonly code: RefusalCode
  constructor(code: RefusalCode, message: string) {
    super(message)
    this.name = 'Refusal'
    this.code = code
  }
}

export const refusalCodes = [
  'bad-input',
  'not-found',
  'already-exists',
  'not-a-case',
  'newer-version',
  'damaged',
  'locked',
  'read-only',
  'no-examiner',
  'disk-full',
  'unreadable',
  'cancelled',
  'time-limit',
] as const
export type RefusalCode = (typeof refusalCodes)[number]

/** Said whenever a person stopped something. */
export const STOPPED = 'Stopped as you asked. What was finished before is kept.'

/** Throws the `cancelled` refusal when the person has asked to stop. */
export function stopIfCancelled(signal: AbortSignal): void {
  if (signal.aborted) throw new Refusal('cancelled', STOPPED)
}
