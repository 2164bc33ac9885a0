import { utcMs } from '#shared/base/time.ts'
import { everything, type EventQuery } from '#shared/domain/query/query.ts'
import { viewToAddress } from '#shared/domain/view-address.ts'
import type { HistoryTree } from '#renderer/client/history-tree.ts'

/** The same question for the span of the same length that ends where its range begins; undefined without a whole range. */
export function timeBefore(query: EventQuery): EventQuery | undefined {
  const { from, to } = query
  return from === undefined || to === undefined ? undefined : { ...query, from: utcMs(from - (to - from)), to: from }
}

/** The different questions of the history, the one looked at last first, without the present one and all events. */
export function recentQueries({ nodes, at }: HistoryTree, most: number): readonly EventQuery[] {
  const key = (query: EventQuery): string =>
    viewToAddress({ place: 'events', query: { ...query, sort: 'eventTime' }, event: null, about: null })
  const present = nodes.find((node) => node.id === at)
  const seen = new Set([key(everything), ...(present ? [key(present.view.query)] : [])])
  const found: EventQuery[] = []
  for (const { view } of [...nodes].sort((a, b) => b.turn - a.turn || b.id - a.id)) {
    if (found.length === most) break
    if (seen.has(key(view.query))) continue
    seen.add(key(view.query))
    found.push(view.query)
  }
  return found
}
