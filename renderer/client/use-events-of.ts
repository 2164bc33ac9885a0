import { useCallback } from 'react'
import { utcMs } from '#shared/base/time.ts'
import { bothQueries } from '#shared/domain/query/narrow.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { useWorkspace } from './workspace.ts'

/** A span of time, ms UTC; `toMs` is exclusive. */
export type Span = { readonly fromMs: number; readonly toMs: number }

/** The present question with one more condition, and within a span where one is given. */
export const narrowed = (query: EventQuery, where: string, span?: Span): EventQuery => ({
  ...query,
  text: bothQueries(query.text, where),
  ...(span && {
    from: utcMs(Math.max(span.fromMs, query.from ?? span.fromMs)),
    to: utcMs(Math.min(span.toMs, query.to ?? span.toMs)),
  }),
})

/** What a click on a number does: shows its events, with the condition added to the present question. */
export function useEventsOf(): (where: string, span?: Span) => void {
  const look = useWorkspace((w) => w.look)
  return useCallback(
    (where, span) =>
      look({ place: 'events', event: null, query: narrowed(useWorkspace.getState().view.query, where, span) }),
    [look],
  )
}
