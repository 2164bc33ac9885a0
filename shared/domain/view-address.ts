import { formatUtc, parseUtc } from '../base/time.ts'
import { everything, type EventQuery, type FacetFilter } from './query/query.ts'

/** The places of the window, in the order of the rail. */
export const places = [
  'overview',
  'events',
  'timeline',
  'identities',
  'evidence',
  'story',
  'sql',
  'custody',
  'help',
] as const
export type Place = (typeof places)[number]

/** What a person looks at: the same value in every view, in the address, in history and in what is saved. */
export type View = {
  readonly place: Place
  readonly query: EventQuery
  /** The event whose details are shown. */
  readonly event: number | null
  /** What a place is about beside the query: the entity of an entity page, the section of the manual. */
  readonly about: string | null
}

export const startView: View = { place: 'overview', query: everything, event: null, about: null }

/**
 * A view as a text for the address bar, for bookmarks and for saved views:
 * `/events?q=eventName:Delete*&from=2023-07-10T12:00:00Z&not.awsRegion=us-east-1`.
 */
export function viewToAddress(view: View): string {
  const params = new Map<string, string[]>()
  const put = (key: string, value: string) => params.set(key, [...(params.get(key) ?? []), value])
  if (view.query.text !== '') put('q', view.query.text)
  if (view.query.from !== undefined) put('from', formatUtc(view.query.from))
  if (view.query.to !== undefined) put('to', formatUtc(view.query.to))
  if (view.query.sort !== 'eventTime') put('sort', view.query.sort)
  for (const facet of view.query.facets)
    for (const value of facet.values) put(`${facet.exclude ? 'not' : 'is'}.${facet.field}`, value)
  if (view.event !== null) put('event', String(view.event))
  if (view.about !== null) put('about', view.about)
  const text = [...params]
    .flatMap(([key, values]) => values.map((value) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`))
    .join('&')
  return `/${view.place}${text === '' ? '' : `?${text}`}`
}

/** Reads an address back. What cannot be understood is left out; an unknown place is the overview. */
export function addressToView(address: string): View {
  const [path, search] = splitOnce(address.replace(/^#/, ''), '?')
  const place = places.find((p) => `/${p}` === path) ?? 'overview'
  const facets = new Map<string, { field: string; values: string[]; exclude: boolean }>()
  let query: EventQuery = everything
  let event: number | null = null
  let about: string | null = null
  for (const pair of search.split('&')) {
    const [rawKey, rawValue] = splitOnce(pair, '=')
    const key = decoded(rawKey)
    const value = decoded(rawValue)
    if (key === 'q') query = { ...query, text: value }
    else if (key === 'from') query = { ...query, from: parseUtc(value) }
    else if (key === 'to') query = { ...query, to: parseUtc(value) }
    else if (key === 'sort' && value === '-eventTime') query = { ...query, sort: '-eventTime' }
    else if (key === 'event' && /^\d{1,10}$/.test(value)) event = Number(value)
    else if (key === 'about') about = value
    else if (key.startsWith('is.') || key.startsWith('not.')) {
      const exclude = key.startsWith('not.')
      const field = key.slice(exclude ? 4 : 3)
      const facet = facets.get(key) ?? { field, values: [], exclude }
      facet.values.push(value)
      facets.set(key, facet)
    }
  }
  return { place, query: { ...query, facets: [...facets.values()] satisfies FacetFilter[] }, event, about }
}

function splitOnce(text: string, at: string): [string, string] {
  const index = text.indexOf(at)
  return index < 0 ? [text, ''] : [text.slice(0, index), text.slice(index + at.length)]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Adds, moves or takes away an exact value of a field: what a click in a facet does. */
export function toggleFacet(query: EventQuery, field: string, value: string, exclude: boolean): EventQuery {
  const has = query.facets.some((f) => f.field === field && f.exclude === exclude && f.values.includes(value))
  const without = query.facets
    .map((f) => (f.field === field ? { ...f, values: f.values.filter((v) => v !== value) } : f))
    .filter((f) => f.values.length > 0)
  if (has) return { ...query, facets: without }
  const same = without.find((f) => f.field === field && f.exclude === exclude)
  const added: FacetFilter = { field, values: [...(same?.values ?? []), value], exclude }
  return { ...query, facets: [...without.filter((f) => f !== same), added] }
}
