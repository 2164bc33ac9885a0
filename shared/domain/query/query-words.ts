import { displayUtc, type UtcMs } from '../../base/time.ts'
import { visible } from '../../base/visible.ts'
import { describeQuery } from './describe.ts'
import { parseQuery } from './parse.ts'
import type { EventQuery } from './query.ts'

/** How a span is written: `from` is inside, `to` is the first moment after it; at least one is given. */
export type RangeWords = (from: UtcMs | undefined, to: UtcMs | undefined) => string

/** `2023-07-10 09:00:00Z to 15:00:00Z`, the date once when it is the same; `from …` or `before …` where one end is open. */
export const utcRangeWords: RangeWords = (from, to) => {
  if (from === undefined) return to === undefined ? '' : `before ${displayUtc(to)}`
  const start = displayUtc(from)
  if (to === undefined) return `from ${start}`
  const end = displayUtc(to)
  return `${start} to ${start.slice(0, 10) === end.slice(0, 10) ? end.slice(11) : end}`
}

/** The whole question read back: text, facets and range. Empty for all events. Fit to be shown: nothing hidden in it. */
export function queryWords(query: EventQuery, rangeWords: RangeWords = utcRangeWords): string {
  const parsed = parseQuery(query.text)
  const text = query.text.trim() === '' ? '' : parsed.ok ? describeQuery(parsed.query) : visible(query.text)
  const facets = query.facets.map(
    ({ field, values, exclude }) =>
      `${visible(field)} is ${exclude ? 'not ' : ''}${values.map((value) => visible(value)).join(' or ')}`,
  )
  const { from, to } = query
  const range = from === undefined && to === undefined ? '' : rangeWords(from, to)
  return [text, ...facets, range].filter((part) => part !== '').join(' · ')
}
