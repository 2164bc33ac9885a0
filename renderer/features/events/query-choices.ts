import { utcMs } from '#shared/base/time.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import { queryWords } from '#shared/domain/query/query-words.ts'
import { everything, type EventQuery } from '#shared/domain/query/query.ts'
import { viewToAddress } from '#shared/domain/view-address.ts'
import type { HistoryTree } from '#renderer/client/history-tree.ts'
import { useSavedSearches } from '#renderer/client/saved-searches.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import type { MenuAction, MenuGroup } from '#renderer/ui/menu.tsx'

const MOST = 12

/** The ways to a query: what stands to reason beside the one that is shown, saved ones, recent ones, a typed one. */
export function useQueryChoices(
  shown: EventQuery,
  onQuery: (query: EventQuery) => void,
  onType: () => void,
): readonly MenuGroup[] {
  const { list = [] } = useSavedSearches()
  const history = useWorkspace((w) => w.history)
  const action = (id: string, label: string, query: EventQuery): MenuAction => ({
    id,
    label: cutMiddle(label, 70),
    onAction: () => onQuery(query),
  })
  const before = timeBefore(shown)
  const saved = list.filter(({ target }) => target.kind === 'view').slice(0, MOST)
  const recent = recentQueries(history, MOST)
  return [
    {
      id: 'near',
      actions: [
        action('all', 'All events', everything),
        ...(before ? [action('before', 'The same search, as long a time before', before)] : []),
        ...(shown.text !== '' || shown.facets.length > 0
          ? [action('range', 'Everything in the same range', { ...everything, from: shown.from, to: shown.to })]
          : []),
        { id: 'type', label: 'Type a query', onAction: onType },
      ],
    },
    ...group(
      'saved',
      'Saved in the case',
      saved.map(({ id, name, query }) => action(id, visible(name), query)),
    ),
    ...group(
      'history',
      'Looked at before',
      recent.map((query, n) => action(`step ${n}`, queryWords(query) || 'all events', query)),
    ),
  ]
}

const group = (id: string, heading: string, actions: readonly MenuAction[]): readonly MenuGroup[] =>
  actions.length === 0 ? [] : [{ id, heading, actions }]

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
