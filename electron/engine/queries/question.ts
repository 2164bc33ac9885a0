import type { QueryNode } from '#shared/domain/query/ast.ts'
import { parseQuery } from '#shared/domain/query/parse.ts'
import type { EventQuery, FacetFilter } from '#shared/domain/query/query.ts'
import { Bitmap } from '../vectors/bitmap.ts'
import { evaluate, pick, type Answer, type QueryWorld } from './evaluate.ts'
import { facetVector, isTagField } from './facet-vector.ts'

/** A query that cannot be understood, with the place in its text. */
export class BadQuery extends Error {
  readonly at: { readonly start: number; readonly end: number }
  constructor(message: string, at: { start: number; end: number }) {
    super(message)
    this.name = 'BadQuery'
    this.at = at
  }
}

/** The parsed text of a query. @throws BadQuery */
export function understand(text: string): QueryNode {
  const parsed = parseQuery(text)
  if (parsed.ok) return parsed.query
  throw new BadQuery(parsed.hint === '' ? parsed.message : `${parsed.message}. ${parsed.hint}`, {
    start: parsed.start,
    end: parsed.end,
  })
}

/** The events of a whole question: text, time range and facets together. */
export async function ask(world: QueryWorld, query: EventQuery, signal: AbortSignal): Promise<Answer> {
  const answer = await evaluate(world, understand(query.text), signal)
  let events = answer.events
  const { index } = world
  if (query.from !== undefined || query.to !== undefined) {
    const from = query.from === undefined ? index.firstDated : index.positionAt(query.from)
    const to = query.to === undefined ? index.length : index.positionAt(query.to)
    events = events.and(Bitmap.range(index.length, from, to))
  }
  for (const facet of query.facets) {
    const hits = await facetHits(world, facet)
    events = facet.exclude ? events.andNot(hits) : events.and(hits)
  }
  return { events, scanned: answer.scanned }
}

/** The events that have one of the values, exactly as they are written; tags by their names. */
async function facetHits(world: QueryWorld, { field, values }: FacetFilter): Promise<Bitmap> {
  const wanted = new Set(values)
  if (isTagField(field)) {
    let hits = new Bitmap(world.index.length)
    for (const [tag, tagged] of await world.tags()) if (wanted.has(tag)) hits = hits.or(tagged)
    return hits
  }
  const { vector, texts } = await facetVector(world, field)
  return pick(
    vector,
    Uint8Array.from(texts, (text) => (text !== null && wanted.has(text) ? 1 : 0)),
  )
}
