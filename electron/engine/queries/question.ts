import { termFields, documentFields, identifierFields, type TermField } from '#shared/domain/fields.ts'
import type { QueryNode } from '#shared/domain/query/ast.ts'
import { parseQuery } from '#shared/domain/query/parse.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { Bitmap } from '../vectors/bitmap.ts'
import { evaluate, pick, type Answer, type QueryWorld } from './evaluate.ts'
import { facetVector } from './facet-vector.ts'

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
  throw new BadQuery(parsed.hint === '' ? parsed.message : `${parsed.message}. ${parsed.hint}`, { start: parsed.start, end: parsed.end })
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
    const { vector, texts } = await facetVector(world, facet.field)
    const values = new Set(facet.values)
    const wanted = Uint8Array.from(texts, (text) => (text !== null && values.has(text) ? 1 : 0))
    const hits = pick(vector, wanted)
    events = facet.exclude ? events.andNot(hits) : events.and(hits)
  }
  return { events, scanned: answer.scanned }
}

/** A CloudTrail field name in its own spelling, however it was typed. */
export function canonicalField(name: string): string | undefined {
  const lower = name.toLowerCase()
  const known: readonly string[] = [...termFields, ...documentFields, ...identifierFields, 'eventTime', 'integrity', 'tag', 'service']
  return known.find((field) => field.toLowerCase() === lower)
}

export const isTermField = (name: string): name is TermField => (termFields as readonly string[]).includes(name)
