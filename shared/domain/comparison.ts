import type { EventQuery } from './query/query.ts'
import { addressToView, viewToAddress } from './view-address.ts'

const PREFIX = 'compare:'

/** How a view of events says that its query is compared with another: kept in `about`, so that it is in the address and in what is saved. */
export const comparisonAbout = (other: EventQuery): string =>
  `${PREFIX}${viewToAddress({ place: 'events', query: other, event: null, about: null })}`

/** The query that the events of a view are compared with; undefined where there is none. */
export const comparedWith = (about: string | null): EventQuery | undefined =>
  about?.startsWith(PREFIX) === true ? addressToView(about.slice(PREFIX.length)).query : undefined
