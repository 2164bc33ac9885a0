import { digestVerdictWords, logVerdictWords, type CodeWords } from '#shared/domain/integrity.ts'
import type { Outcome } from './file-filter.ts'

/** What became of a file, and what that means. */
export const outcomeWords: Readonly<Record<Outcome, CodeWords>> = {
  stored: { says: 'stored', means: 'Read whole; what it holds is in the case.' },
  duplicate: { says: 'duplicate', means: 'The same bytes came before, in this or another source.' },
  quarantined: {
    says: 'quarantined',
    means: 'It could not be read. It is kept with the reason, and nothing of it is searched.',
  },
  ignored: { says: 'ignored', means: 'It holds no CloudTrail records, or it is outside what was asked for.' },
}

/** What files turn out to be, by their content (`containerKinds` of the intake). */
export const kindWords: ReadonlyMap<string, string> = new Map([
  ['cloudtrail-log', 'CloudTrail log'],
  ['insight-log', 'Insights log'],
  ['network-activity-log', 'Network activity log'],
  ['aggregated-log', 'Aggregated log'],
  ['digest', 'Digest'],
  ['public-keys', 'Public keys'],
  ['signatures', 'Digest signatures'],
  ['lake-sign-file', 'Lake sign file'],
  ['lake-results', 'Lake query results'],
  ['lookup-events', 'lookup-events output'],
  ['event-history-json', 'Event history, JSON'],
  ['event-history-csv', 'Event history, CSV'],
  ['athena-csv', 'Athena, CSV'],
  ['sentinel-csv', 'Sentinel, CSV'],
  ['cloudwatch-logs', 'CloudWatch Logs'],
  ['eventbridge', 'EventBridge'],
  ['firehose', 'Firehose'],
  ['splunk', 'Splunk export'],
  ['elastic', 'Elastic export'],
  ['sns-sqs', 'SNS or SQS messages'],
  ['json-records', 'JSON records'],
  ['config', 'AWS Config'],
  ['s3-notification', 'S3 notification'],
  ['ocsf', 'OCSF'],
  ['archive', 'Archive'],
  ['empty', 'Empty file'],
  ['other', 'Something else'],
])

/** A kind in words; one that has none yet is shown as it is. */
export const kindWord = (kind: string): string => kindWords.get(kind) ?? kind

type Mark = 'proven' | 'listed' | 'altered' | 'missing' | 'none'

const marks: ReadonlyMap<string, Mark> = new Map<string, Mark>([
  ['LOG_PROVEN', 'proven'],
  ['LOG_PROVEN_DECOMPRESSED_COPY', 'proven'],
  ['AUTHENTIC', 'proven'],
  ['AUTHENTIC_BY_LINK', 'proven'],
  ['LOG_LISTED_UNPROVEN', 'listed'],
  ['CONSISTENT_UNAUTHENTICATED', 'listed'],
  ['LOG_MODIFIED', 'altered'],
  ['LOG_TRAILING_DATA', 'altered'],
  ['LOG_UNREADABLE', 'altered'],
  ['SIGNATURE_INVALID', 'altered'],
  ['HASH_MISMATCH_WITH_SUCCESSOR', 'altered'],
  ['LOG_MISSING', 'missing'],
])

const words = new Map<string, CodeWords>([...Object.entries(logVerdictWords), ...Object.entries(digestVerdictWords)])

/** A verdict of the digest check as mark and words; undefined where digests do not speak. */
export function verdictWords(verdict: string | null): (CodeWords & { readonly mark: Mark }) | undefined {
  if (verdict === null) return undefined
  const found = words.get(verdict) ?? { says: verdict, means: '' }
  return { ...found, mark: marks.get(verdict) ?? 'none' }
}
