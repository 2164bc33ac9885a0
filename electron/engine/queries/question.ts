import { assertNever } from '#shared/base/assert.ts'
import { queryKey, type QueryNode } from '#shared/domain/query/ast.ts'
import { parseQuery } from '#shared/domain/query/parse.ts'
import type { EventQuery, FacetFilter } from '#shared/domain/query/query.ts'
import { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import { evaluate, type Answer, type QueryWorld } from './evaluate.ts'
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

/** The last answers: a view asks for its rows, its histogram and its facets with the same question. */
const answered = new WeakMap<EventIndex, Map<string, Answer>>()
const ANSWERS = 8

/** The events of a whole question: text, time range and facets together. The set is shared: not to be changed. */
export async function ask(world: QueryWorld, query: EventQuery, signal: AbortSignal): Promise<Answer> {
  const text = understand(query.text)
  if (query.facets.some(({ field }) => changes(field)) || mayChange(text)) return answer(world, text, query, signal)
  const known = answered.get(world.index) ?? new Map<string, Answer>()
  answered.set(world.index, known)
  const key = JSON.stringify([queryKey(text), query.from, query.to, query.facets])
  const made = known.get(key) ?? (await answer(world, text, query, signal))
  known.delete(key)
  known.set(key, made)
  if (known.size > ANSWERS) known.delete(known.keys().next().value ?? '')
  return made
}

/** Whether people's work or a validation may change the answer while the evidence stays the same. */
function mayChange(node: QueryNode): boolean {
  switch (node.kind) {
    case 'and':
    case 'or':
      return node.children.some(mayChange)
    case 'not':
      return mayChange(node.child)
    case 'bookmark':
      return true
    case 'all':
    case 'time':
    case 'text':
      return false
    case 'equals':
    case 'wildcard':
    case 'present':
    case 'network':
    case 'regex':
    case 'number':
      return node.field.kind === 'tag' || node.field.kind === 'integrity'
    default:
      return assertNever(node)
  }
}

/** The same of a field that facets filter by. */
const changes = (field: string): boolean => isTagField(field) || field.toLowerCase() === 'integrity'

async function answer(world: QueryWorld, text: QueryNode, query: EventQuery, signal: AbortSignal): Promise<Answer> {
  const found = await evaluate(world, text, signal)
  let { events } = found
  const { index } = world
  if (query.from !== undefined || query.to !== undefined) {
    const from = query.from === undefined ? index.firstDated : index.positionAt(query.from)
    const to = query.to === undefined ? index.length : index.positionAt(query.to)
    if (from > 0 || to < index.length) events = events.and(Bitmap.range(index.length, from, to))
  }
  for (const facet of query.facets) {
    const hits = await facetHits(world, facet)
    events = facet.exclude ? events.andNot(hits) : events.and(hits)
  }
  return { events, scanned: found.scanned }
}

/** The events that have one of the values, exactly as they are written; tags by their names. */
async function facetHits(world: QueryWorld, { field, values }: FacetFilter): Promise<Bitmap> {
  const wanted = new Set(values)
  if (isTagField(field)) {
    let hits = new Bitmap(world.index.length)
    for (const [tag, tagged] of await world.tags()) if (wanted.has(tag)) hits = hits.or(tagged)
    return hits
  }
  const facet = await facetVector(world, field)
  const { texts } = facet
  const ids: number[] = []
  for (let id = 0; id < texts.length; id++) if (texts[id] !== null && wanted.has(texts[id]!)) ids.push(id)
  return facet.eventsOf(ids)
}
