import type { KnownAnswerCheck } from './check.ts'
import { cryptoChecks } from './check-crypto.ts'
import { importChecks } from './check-import.ts'
import { judgementChecks } from './check-judgement.ts'
import { reportChecks } from './check-report.ts'
import { tamperingChecks } from './check-tampering.ts'

/** The checks that are shipped, in the order in which they run and are printed. */
export const knownAnswers: readonly KnownAnswerCheck[] = [
  ...cryptoChecks,
  ...importChecks,
  ...judgementChecks,
  ...tamperingChecks,
  ...reportChecks,
]
