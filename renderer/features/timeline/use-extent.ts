import { useMemo } from 'react'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import type { TimeRange } from '#renderer/ui/time-axis.ts'

/** From the first to the last event of the case, with a little room, and never less than a minute. */
export function useExtent(): TimeRange {
  const { firstEventMs, lastEventMs } = useOpenCase()
  return useMemo(() => {
    const [first, last] = [firstEventMs ?? 0, (lastEventMs ?? 0) + 1]
    const room = Math.max(30_000, Math.round((last - first) * 0.01))
    return { from: first - room, to: last + room }
  }, [firstEventMs, lastEventMs])
}

export const withoutRange = ({ text, facets, sort }: EventQuery): EventQuery => ({ text, facets, sort })
