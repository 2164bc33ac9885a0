import { cutMiddle, visible } from '#shared/base/visible.ts'
import { queryWords } from '#shared/domain/query/query-words.ts'
import { everything, type EventQuery } from '#shared/domain/query/query.ts'
import { useSavedSearches } from '#renderer/client/saved-searches.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import type { MenuAction, MenuGroup } from '#renderer/ui/menu.tsx'
import { recentQueries, timeBefore } from './nearby-queries.ts'

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
