import { useMemo } from 'react'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { useAsk } from './use-ask.ts'
import { useOpenCase } from './workspace.ts'

/** Grey for what went well: colour is for what did not. */
export const outcomeTokens = { ok: '--series-rest', denied: '--denied', failed: '--series-8', none: '--series-7' }

/** The events of a query over time by outcome (ok, denied, failed), as a histogram takes them; nothing until they are counted. */
export function useOutcomes(query: EventQuery) {
  const { caseId } = useOpenCase()
  const counted = useAsk('events.histogram', { caseId, query, buckets: 200, stackBy: 'access', stacks: 4 }).value
  return useMemo(
    () =>
      counted && {
        from: counted.startMs,
        bucketMs: counted.bucketMs,
        buckets: Math.max(1, ...counted.series.map((series) => series.counts.length)),
        series: counted.series.map(({ label, counts }) => ({
          id: label ?? 'none',
          label: label === 'none' || label === null ? 'no outcome' : label,
          counts,
        })),
      },
    [counted],
  )
}
