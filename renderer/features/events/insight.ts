import type { JsonNode } from '#renderer/ui/json/json-node.ts'
import { nodeAt, scalarText } from './record-target.ts'

/** What an Insights event says: a rate that was usual, and the one that was seen instead. */
export type Insight = {
  /** `Start` or `End`; an unusual activity has one event of each, tied by sharedEventID. */
  readonly state: string
  readonly call: string
  readonly service: string
  /** `ApiCallRateInsight` or `ApiErrorRateInsight`. */
  readonly type: string
  readonly errorCode: string | undefined
  /** Calls (or errors) per minute. */
  readonly baseline: number | undefined
  readonly observed: number | undefined
  /** Minutes over which each was measured. */
  readonly baselineMinutes: number | undefined
  readonly observedMinutes: number | undefined
}

/**
 * Reads `insightDetails` (CloudTrail user guide, "CloudTrail Insights event record contents"). Nothing for any other event.
 */
export function insightOf(record: JsonNode): Insight | undefined {
  const text = (...path: string[]): string | undefined => {
    const node = nodeAt(record, ['insightDetails', ...path])
    return node && scalarText(node)
  }
  const number = (...path: string[]): number | undefined => {
    const value = text(...path)
    return value === undefined || value === '' || !Number.isFinite(Number(value)) ? undefined : Number(value)
  }
  const state = text('state')
  if (state === undefined) return undefined
  return {
    state,
    call: text('eventName') ?? '',
    service: text('eventSource') ?? '',
    type: text('insightType') ?? '',
    errorCode: text('errorCode'),
    baseline: number('insightContext', 'statistics', 'baseline', 'average'),
    observed: number('insightContext', 'statistics', 'insight', 'average'),
    baselineMinutes: number('insightContext', 'statistics', 'baselineDuration'),
    observedMinutes: number('insightContext', 'statistics', 'insightDuration'),
  }
}
