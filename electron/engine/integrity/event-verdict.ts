import { assertNever } from '#shared/base/assert.ts'
import { eventVerdicts, type EventVerdict, type LogVerdict } from '#shared/domain/integrity.ts'
import type { LogJudgement } from './judgement.ts'

/** The word that the events of a log file carry. A missing file has no events; its word is `none`. */
export const eventVerdictOf = (log: LogJudgement): EventVerdict =>
  eventWord(log.verdict, log.kind === 'unreferenced' ? log.reason : null)

/** The same by verdict and, for a file that no digest lists, why (`UnreferencedReason`). */
export function eventWord(verdict: LogVerdict, reason: string | null): EventVerdict {
  switch (verdict) {
    case 'LOG_PROVEN':
    case 'LOG_PROVEN_DECOMPRESSED_COPY':
      return 'proven'
    case 'LOG_LISTED_UNPROVEN':
      return 'listed'
    case 'LOG_TRAILING_DATA':
      return 'trailing'
    case 'LOG_MODIFIED':
      return 'modified'
    case 'LOG_UNREADABLE':
      return 'unreadable'
    case 'LOG_UNREFERENCED':
      return reason === 'NO_DIGESTS' || reason === 'NAME_UNKNOWN' ? 'none' : 'unreferenced'
    case 'LOG_MISSING':
      return 'none'
    default:
      return assertNever(verdict)
  }
}

/** The word of an event with these occurrences, by the order of `eventVerdicts`; `none` when there are none. */
export const verdictOfOccurrences = (verdicts: readonly EventVerdict[]): EventVerdict =>
  eventVerdicts.find((verdict) => verdicts.includes(verdict)) ?? 'none'
