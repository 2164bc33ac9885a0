import { assertNever } from '#shared/base/assert.ts'
import { visible } from '#shared/base/visible.ts'
import type { Failure, FailureCode } from '#shared/contract/contract.ts'

/** 0 done; 1 done, and what was checked is not clean; 2 wrong usage or bad input file; 3 could not be done. */
export type ExitCode = 0 | 1 | 2 | 3

/** An expected failure on its way to the end of the command, where it becomes one line and an exit code. */
export class CliFailure extends Error {
  readonly code: FailureCode
  constructor(code: FailureCode, message: string) {
    super(message)
    this.name = 'CliFailure'
    this.code = code
  }
}

/** The failure of an operation; for a wrong query the message points at the place. */
export function toCliFailure(failure: Failure, query?: string): CliFailure {
  if (failure.at === undefined || query === undefined) return new CliFailure(failure.code, failure.message)
  const { start, end } = failure.at
  const piece = query.slice(start, Math.max(end, start + 1))
  const place = piece === '' ? 'at the end' : `at character ${start + 1}: ${visible(piece)}`
  return new CliFailure(failure.code, `${failure.message} (${place})`)
}

/** The exit code of a failure (the command line's contract). */
export function exitCodeOf(code: FailureCode): 2 | 3 {
  switch (code) {
    case 'bad-input':
    case 'unknown-operation':
    case 'bad-query':
    case 'not-found':
    case 'already-exists':
    case 'not-a-case':
    case 'newer-version':
    case 'damaged':
    case 'no-examiner':
      return 2
    case 'locked':
    case 'read-only':
    case 'disk-full':
    case 'unreadable':
    case 'cancelled':
    case 'time-limit':
    case 'denied':
    case 'internal':
      return 3
    default:
      return assertNever(code)
  }
}
