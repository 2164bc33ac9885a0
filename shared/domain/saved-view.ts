import type { EventQuery } from './query/query.ts'
import { addressToView, viewToAddress, type View } from './view-address.ts'

/** What a saved search, view or statement opens. */
export type SavedTarget =
  | {
      readonly kind: 'view'
      readonly view: View
      /** CloudTrail's id of the selected event: its number may be another in a case made from a package. */
      readonly eventID: string | undefined
    }
  | { readonly kind: 'sql'; readonly sql: string }

/** The layout of a saved view: its address (place, query, range, selection), and the id of the selected event. */
export const viewLayout = (view: View, eventID?: string): string =>
  JSON.stringify({
    place: view.place,
    address: viewToAddress(view),
    ...(view.event !== null && eventID !== undefined && { eventID }),
  })

/** The layout of a saved statement of the SQL console. */
export const sqlLayout = (sql: string): string => JSON.stringify({ place: 'sql', sql })

/**
 * What a saved search opens. A layout that is empty, or that cannot be read, gives the events of its query: the query is
 * what was saved first of all.
 */
export function savedTarget({ query, layout }: { readonly query: EventQuery; readonly layout: string }): SavedTarget {
  const events: SavedTarget = {
    kind: 'view',
    view: { place: 'events', query, event: null, about: null },
    eventID: undefined,
  }
  const value = parsed(layout)
  if (typeof value !== 'object' || value === null) return events
  const { place, sql, address, eventID } = value as Readonly<Partial<Record<string, unknown>>>
  if (place === 'sql' && typeof sql === 'string') return { kind: 'sql', sql }
  if (typeof address !== 'string') return events
  return {
    kind: 'view',
    view: { ...addressToView(address), query },
    eventID: typeof eventID === 'string' ? eventID : undefined,
  }
}

function parsed(layout: string): unknown {
  try {
    return JSON.parse(layout)
  } catch {
    return undefined
  }
}
