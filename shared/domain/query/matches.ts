import { assert, assertNever } from '../../base/assert.ts'
import {
  derivedTerms,
  documentFields,
  documentNumber,
  identifierFields,
  identifierNumber,
  termFields,
  termNumber,
} from '../fields.ts'
import type { EventVerdict } from '../integrity.ts'
import type { Comparison, QueryNode, TextField } from './ast.ts'
import { anyTextIn, valuesAt } from './documents.ts'
import { literalOf } from './pattern.ts'
import { textTest } from './text-test.ts'
import { textsOf } from './views.ts'
import { fold } from './words.ts'

/**
 * An event as plain values, as far as a query can ask about it. `terms`, `documents` and `identifiers` stand in the order of `termFields`,
 * `documentFields` and `identifierFields`; documents are parsed JSON.
 */
export type MatchableEvent = {
  /** UTC milliseconds. */
  readonly timeMs: number
  readonly terms: readonly (string | undefined)[]
  readonly documents: readonly unknown[]
  readonly identifiers: readonly (string | undefined)[]
  readonly tags: readonly string[]
  readonly bookmarked: boolean
  readonly integrity: EventVerdict
}

type EventTest = (event: MatchableEvent) => boolean

/**
 * What a comparison says about one value of a term, an identifier, a tag or a verdict: to be run once over distinct values. The value is
 * there; that a field is absent is the caller's to know. For free text, any field's value may be given.
 */
export function termPredicate(node: Comparison): (text: string) => boolean {
  const test = textTest(node)
  const view = node.kind !== 'text' && node.field.kind === 'term' ? node.field.view : 'whole'
  return view === 'whole' ? test : (text) => textsOf(view, text).some(test)
}

/**
 * What a comparison with a document field, with every field, or of free text says about one document: to be run once over distinct
 * documents. A path names a value, or everything inside the object that it leads to. Free text also looks into keys.
 */
export function documentPredicate(node: Comparison): (json: unknown) => boolean {
  const test = textTest(node)
  if (node.kind === 'text') return (json) => anyTextIn(json, test, true)
  const { field } = node
  if (field.kind === 'any') return (json) => anyTextIn(json, test, true)
  assert(field.kind === 'document', 'only comparisons with documents are asked of documents')
  const { path } = field
  if (node.kind === 'present') return (json) => valuesAt(json, path).length > 0
  return (json) => valuesAt(json, path).some((value) => anyTextIn(value, test))
}

/**
 * The meaning of a query, in plain code over plain values: the reference that the engine's answers are compared with.
 */
export function compileMatcher(query: QueryNode): EventTest {
  switch (query.kind) {
    case 'all':
      return () => true
    case 'and': {
      const tests = query.children.map(compileMatcher)
      return (event) => tests.every((test) => test(event))
    }
    case 'or': {
      const tests = query.children.map(compileMatcher)
      return (event) => tests.some((test) => test(event))
    }
    case 'not': {
      const test = compileMatcher(query.child)
      return (event) => !test(event)
    }
    case 'time': {
      const { at, bound } = query
      return bound === 'from' ? (event) => event.timeMs >= at : (event) => event.timeMs < at
    }
    case 'bookmark':
      return (event) => event.bookmarked === query.bookmarked
    case 'text':
      return anywhereTest(query)
    case 'equals':
    case 'wildcard':
    case 'present':
    case 'network':
    case 'regex':
    case 'number':
      return query.field.kind === 'any' ? anywhereTest(query) : fieldTest(query, query.field)
  }
}

/**
 * Free text looks into all terms of the record and all documents. Identifiers (eventID, requestID) hardly ever repeat and are not indexed by
 * word: free text finds one by its whole value only.
 */
function anywhereTest(node: Comparison): EventTest {
  const onText = termPredicate(node)
  const onDocument = documentPredicate(node)
  const literal = node.kind === 'text' ? literalOf(node.pattern) : undefined
  const whole = literal === undefined ? undefined : fold(literal)
  const fits = (text: string | undefined): boolean => text !== undefined && onText(text)
  const searched = termFields.flatMap((field, n) => (derivedTerms.has(field) ? [] : [n]))
  const isWhole = (text: string | undefined): boolean =>
    whole !== undefined && text !== undefined && fold(text) === whole
  return (event) =>
    searched.some((n) => fits(event.terms[n])) || event.documents.some(onDocument) || event.identifiers.some(isWhole)
}

function fieldTest(node: Comparison, field: TextField): EventTest {
  if (field.kind === 'document') {
    const onDocument = documentPredicate(node)
    const index = documentNumber(field.field) - documentNumber(documentFields[0])
    return (event) => onDocument(event.documents[index])
  }
  const onText = termPredicate(node)
  switch (field.kind) {
    case 'term': {
      const index = termNumber(field.field) - termNumber(termFields[0])
      return (event) => testText(onText, event.terms[index])
    }
    case 'identifier': {
      const index = identifierNumber(field.field) - identifierNumber(identifierFields[0])
      return (event) => testText(onText, event.identifiers[index])
    }
    case 'tag':
      return (event) => event.tags.some(onText)
    case 'integrity':
      return (event) => onText(event.integrity)
    default:
      return assertNever(field)
  }
}

const testText = (test: (text: string) => boolean, text: string | undefined): boolean =>
  text !== undefined && test(text)
