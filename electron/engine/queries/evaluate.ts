import { assertNever } from '#shared/base/assert.ts'
import {
  derivedTerms,
  documentFields,
  identifierFields,
  identifierNumber,
  termFields,
  termNumber,
  type DocumentField,
  type IdentifierField,
  type TermField,
} from '#shared/domain/fields.ts'
import { eventVerdicts } from '#shared/domain/integrity.ts'
import { queryKey, type Comparison, type QueryNode, type TextField } from '#shared/domain/query/ast.ts'
import { documentPredicate, termPredicate } from '#shared/domain/query/matches.ts'
import { indexLookup, literalOf, literalPattern, type IndexLookup, type Pattern } from '#shared/domain/query/pattern.ts'
import { stopIfCancelled } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { Bitmap, bitsWhere } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import { hashIdentifier } from '../vectors/identifier-hash.ts'
import { idsInNetwork } from './addresses.ts'
import { findDocuments, findTerms, scanDocuments } from './find-texts.ts'

/** What a query may need to know beside the events themselves. */
export type QueryWorld = {
  readonly index: EventIndex
  readonly reader: Connection
  readonly identifierSeed: number
  /** Position in `eventVerdicts` of each event, by position. */
  verdicts(): Promise<Uint8Array>
  /** Events by tag name. */
  tags(): Promise<ReadonlyMap<string, Bitmap>>
  bookmarks(): Promise<Bitmap>
  /** From how many distinct texts on the index of words is asked which ones to compare, instead of comparing all. */
  readonly largeDictionary?: number
}

export type Answer = {
  readonly events: Bitmap
  /** Whether texts had to be read one by one, because the index of words cannot answer (a `contains`, a path present). */
  readonly scanned: boolean
}

/**
 * Answers a parsed query with the set of events it means. Comparisons run once over distinct texts, never over events;
 * the hits become a bitmap through the vectors; AND, OR and NOT work on whole words of bits.
 */
export async function evaluate(world: QueryWorld, query: QueryNode, signal: AbortSignal): Promise<Answer> {
  const run = new Evaluation(world, signal)
  const events = await run.of(query)
  return {
    events: world.index.total === events.length ? events : events.and(world.index.visible),
    scanned: run.scanned,
  }
}

/** Bitmaps of comparisons that were asked before; a new index starts empty. */
const remembered = new WeakMap<EventIndex, Map<string, { events: Bitmap; scanned: boolean }>>()
const REMEMBERED_BYTES = 16_000_000

/** Comparing so many texts takes as long as asking the index of words (keys and sessions of a large case are more). */
const LARGE_DICTIONARY = 20_000

class Evaluation {
  scanned = false
  readonly #world: QueryWorld
  readonly #signal: AbortSignal

  constructor(world: QueryWorld, signal: AbortSignal) {
    this.#world = world
    this.#signal = signal
  }

  async of(node: QueryNode): Promise<Bitmap> {
    stopIfCancelled(this.#signal)
    const { index } = this.#world
    switch (node.kind) {
      case 'all':
        return Bitmap.full(index.length)
      case 'and': {
        let events: Bitmap | undefined
        for (const child of node.children) events = events ? await this.#and(events, child) : await this.of(child)
        return events ?? Bitmap.full(index.length)
      }
      case 'or': {
        let events: Bitmap | undefined
        for (const child of node.children) events = events ? events.or(await this.of(child)) : await this.of(child)
        return events ?? new Bitmap(index.length)
      }
      case 'not':
        return (await this.of(node.child)).not()
      case 'time': {
        const at = index.positionAt(node.at)
        return node.bound === 'from'
          ? Bitmap.range(index.length, at, index.length)
          : Bitmap.range(index.length, index.firstDated, at)
      }
      case 'bookmark': {
        const marked = await this.#world.bookmarks()
        return node.bookmarked ? marked : marked.not()
      }
      case 'equals':
      case 'wildcard':
      case 'present':
      case 'network':
      case 'regex':
      case 'number':
      case 'text':
        return this.#remembered(node)
      default:
        return assertNever(node)
    }
  }

  /** `a AND NOT b` needs no set of all that is not `b`. */
  async #and(events: Bitmap, node: QueryNode): Promise<Bitmap> {
    return node.kind === 'not' ? events.andNot(await this.of(node.child)) : events.and(await this.of(node))
  }

  async #remembered(node: Comparison): Promise<Bitmap> {
    const changing = node.kind !== 'text' && (node.field.kind === 'tag' || node.field.kind === 'integrity')
    if (changing) return this.#compare(node)
    const known = remembered.get(this.#world.index) ?? new Map<string, { events: Bitmap; scanned: boolean }>()
    remembered.set(this.#world.index, known)
    const key = queryKey(node)
    const hit = known.get(key)
    if (hit) {
      known.delete(key)
      known.set(key, hit)
      this.scanned ||= hit.scanned
      return hit.events
    }
    const inner = new Evaluation(this.#world, this.#signal)
    const events = await inner.#compare(node)
    this.scanned ||= inner.scanned
    known.set(key, { events, scanned: inner.scanned })
    if (known.size * events.words.byteLength > REMEMBERED_BYTES || known.size > 500)
      known.delete(known.keys().next().value ?? '')
    return events
  }

  #compare(node: Comparison): Promise<Bitmap> {
    if (node.kind === 'text') return this.#anywhere(node, node.pattern)
    if (node.field.kind === 'any') return this.#anywhere(node, undefined)
    return this.#inField(node, node.field)
  }

  async #inField(node: Comparison, field: TextField): Promise<Bitmap> {
    switch (field.kind) {
      case 'term':
        return this.#inTerm(node, field)
      case 'document':
        return this.#document(field.field, await this.#documentIds(node, field.field))
      case 'identifier':
        return this.#identifier(node, field.field)
      case 'tag': {
        const test = termPredicate(node)
        let events = new Bitmap(this.#world.index.length)
        for (const [tag, tagged] of await this.#world.tags()) if (test(tag)) events = events.or(tagged)
        return events
      }
      case 'integrity': {
        const test = termPredicate(node)
        const wanted = eventVerdicts.map(test)
        return bitsWhere(await this.#world.verdicts(), (verdict) => wanted[verdict] === true)
      }
      default:
        return assertNever(field)
    }
  }

  async #inTerm(node: Comparison, { field, view }: Extract<TextField, { kind: 'term' }>): Promise<Bitmap> {
    const { index } = this.#world
    if (node.kind === 'present' && view === 'whole') return index.present(termNumber(field))
    const test = termPredicate(node)
    if (node.kind === 'network' && view === 'whole')
      return this.#term(field, idsInNetwork(await index.terms(field), node.network, test))
    const lookup = lookupOf(node)
    const large = (await index.terms(field)).length > (this.#world.largeDictionary ?? LARGE_DICTIONARY)
    // A view shows a part of the text, which may begin inside a word of it; derived terms have no words of their own.
    if (!lookup || !large || view !== 'whole' || derivedTerms.has(field))
      return this.#term(field, await this.#termIds(field, test))
    const found = await findTerms(this.#world, { ...lookup, decisive: false }, test, field)
    return this.#term(field, found.get(field) ?? [])
  }

  /** Every term, every document, and identifiers as a whole. */
  async #anywhere(node: Comparison, pattern: Pattern | undefined): Promise<Bitmap> {
    const { index } = this.#world
    let events = new Bitmap(index.length)
    const lookup = pattern && indexLookup(pattern)
    const indexed = lookup !== undefined && (lookup.words.length > 0 || lookup.prefixes.length > 0)
    const onTerm = termPredicate(node)
    if (indexed) {
      for (const [field, ids] of await findTerms(this.#world, lookup, onTerm))
        events = events.or(await this.#term(field, ids))
      for (const [field, ids] of await findDocuments(this.#world, lookup, documentPredicate(node), this.#signal))
        events = events.or(await this.#document(field, ids))
    } else {
      this.scanned = true
      for (const field of termFields)
        if (!derivedTerms.has(field)) events = events.or(await this.#term(field, await this.#termIds(field, onTerm)))
      for (const [field, ids] of await scanDocuments(
        this.#world.reader,
        documentFields,
        documentPredicate(node),
        this.#signal,
      ))
        events = events.or(await this.#document(field, ids))
    }
    const literal = pattern && literalOf(pattern)
    if (literal !== undefined)
      for (const field of identifierFields) events = events.or(await this.#identifierEquals(field, literal))
    return events
  }

  async #termIds(field: TermField, test: (text: string) => boolean): Promise<number[]> {
    const texts = await this.#world.index.terms(field)
    const wanted: number[] = []
    for (let id = 1; id < texts.length; id++) if (test(texts[id]!)) wanted.push(id)
    return wanted
  }

  async #term(field: TermField, ids: readonly number[]): Promise<Bitmap> {
    if (ids.length === 0) return new Bitmap(this.#world.index.length)
    return (await this.#world.index.termSets(field)).union(ids)
  }

  async #document(field: DocumentField, ids: readonly number[]): Promise<Bitmap> {
    if (ids.length === 0) return new Bitmap(this.#world.index.length)
    return (await this.#world.index.documentSets(field)).union(ids)
  }

  async #documentIds(node: Comparison, field: DocumentField): Promise<readonly number[]> {
    const test = documentPredicate(node)
    const lookup = lookupOf(node)
    if (lookup) {
      const found = await findDocuments(this.#world, { ...lookup, decisive: false }, test, this.#signal, field)
      return found.get(field) ?? []
    }
    this.scanned = true
    return (await scanDocuments(this.#world.reader, [field], test, this.#signal)).get(field) ?? []
  }

  async #identifier(node: Comparison, field: IdentifierField): Promise<Bitmap> {
    if (node.kind === 'equals') return this.#identifierEquals(field, node.value)
    if (node.kind === 'present') return this.#world.index.present(identifierNumber(field))
    this.scanned = true
    return this.#scanIdentifiers(field, termPredicate(node))
  }

  /** Finds candidates by hash, then compares the identifiers themselves. */
  async #identifierEquals(field: IdentifierField, text: string): Promise<Bitmap> {
    const { index, reader, identifierSeed } = this.#world
    const events = new Bitmap(index.length)
    const wanted = hashIdentifier(text, identifierSeed)
    const hashes = await index.vector(identifierNumber(field))
    const candidates: number[] = []
    for (let p = hashes.indexOf(wanted); p >= 0; p = hashes.indexOf(wanted, p + 1)) candidates.push(p)
    for (let first = 0; first < candidates.length; first += 5000) {
      const part = candidates.slice(first, first + 5000)
      const rows = await reader.all<{ id: number; text: string }>(
        identifierSql(field, `e.id in (${part.map((p) => index.eventAt(p)).join(',')})`),
      )
      for (const row of rows) if (row.text.toLowerCase() === text.toLowerCase()) events.add(index.positionOf(row.id))
    }
    return events
  }

  async #scanIdentifiers(field: IdentifierField, test: (text: string) => boolean): Promise<Bitmap> {
    const { index, reader } = this.#world
    const events = new Bitmap(index.length)
    const STEP = 50_000
    for (let first = 1; first <= index.length; first += STEP) {
      stopIfCancelled(this.#signal)
      const rows = await reader.all<{ id: number; text: string }>(
        identifierSql(field, `e.id between ${first} and ${first + STEP - 1} and e.${column(field)} is not null`),
      )
      for (const row of rows) if (row.id <= index.length && test(row.text)) events.add(index.positionOf(row.id))
    }
    return events
  }
}

/** What the index of words can say about a comparison of whole texts; undefined when it cannot help. */
function lookupOf(node: Comparison): IndexLookup | undefined {
  const pattern =
    node.kind === 'equals' ? literalPattern(node.value) : node.kind === 'wildcard' ? node.pattern : undefined
  const lookup = pattern && indexLookup(pattern)
  return lookup && (lookup.words.length > 0 || lookup.prefixes.length > 0) ? lookup : undefined
}

const column = (field: IdentifierField): string => `i${identifierFields.indexOf(field)}`

/** Identifiers as text; UUIDs are kept as 16 bytes. */
function identifierSql(field: IdentifierField, where: string): string {
  const c = `e.${column(field)}`
  return `select e.id, case typeof(${c}) when 'blob' then lower(substr(hex(${c}),1,8)||'-'||substr(hex(${c}),9,4)||'-'||substr(hex(${c}),13,4)||'-'||substr(hex(${c}),17,4)||'-'||substr(hex(${c}),21)) else ${c} end as text
          from event e where ${where}`
}
