import { assertNever } from '#shared/base/assert.ts'
import { eventVerdicts, type EventVerdict } from '#shared/domain/integrity.ts'
import type { LogJudgement } from './judgement.ts'

/** The word that the events of a log file carry. A missing file has no events; its word is `none`. */
export function eventVerdictOf(log: LogJudgement): EventVerdict {
  switch (log.verdict) {
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
      return log.reason === 'NO_DIGESTS' || log.reason === 'NAME_UNKNOWN' ? 'none' : 'unreferenced'
    case 'LOG_MISSING':
      return 'none'
    default:
      return assertNever(log)
  }
}

/** The best of an event's occurrences, in the order of `eventVerdicts`; `none` when there are none. */
export const bestEventVerdict = (verdicts: readonly EventVerdict[]): EventVerdict =>
  eventVerdicts.find((verdict) => verdicts.includes(verdict)) ?? 'none'
