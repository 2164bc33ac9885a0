import { visible } from '../base/visible.ts'
import { comparedWith } from './comparison.ts'
import { queryWords, utcRangeWords, type RangeWords } from './query/query-words.ts'
import type { Place, View } from './view-address.ts'

/** What a place is called in a list: `Events`, `SQL`. */
export const placeName = (place: Place): string =>
  place === 'sql' ? 'SQL' : `${place.charAt(0).toUpperCase()}${place.slice(1)}`

/** What the question of a view is, in words; never empty. */
export const viewQuestion = ({ query }: View, rangeWords: RangeWords = utcRangeWords): string =>
  queryWords(query, rangeWords) || 'all events'

/** What a view is about beside its question: an entity, a proof card, what it is compared with. Empty where nothing is. */
export function viewSubject({ place, about }: View): string {
  const other = place === 'events' ? comparedWith(about) : undefined
  if (other) return `compared with ${queryWords(other) || 'all events'}`
  return about === null || place === 'events' ? '' : visible(about)
}
