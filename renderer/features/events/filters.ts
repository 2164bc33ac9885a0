import { utcMs } from '#shared/base/time.ts'
import { documentFields, identifierFields, termFields, type DocumentField } from '#shared/domain/fields.ts'
import { filterAgainst, filterFor } from '#shared/domain/query/edit.ts'
import { documentFieldText, resolveField } from '#shared/domain/query/names.ts'
import { printQuery } from '#shared/domain/query/print.ts'
import { everything, type EventQuery } from '#shared/domain/query/query.ts'
import { toggleFacet } from '#shared/domain/view-address.ts'

/** What a click on a value means for the query. */
export type Target =
  /** An exact value of a short field: a chip that can be taken off. */
  | { readonly kind: 'facet'; readonly field: string; readonly value: string }
  /** A condition in the text of the query; without a value: the field is absent. */
  | { readonly kind: 'condition'; readonly field: string; readonly value: string | undefined }
  /** A text inside a longer value, where JSON stands inside a string. */
  | { readonly kind: 'inside'; readonly field: string; readonly text: string }
  /** The second of this moment. */
  | { readonly kind: 'time'; readonly ms: number }

const facetFields: ReadonlySet<string> = new Set([...termFields, 'integrity', 'tag'])

/** A value of a field, as it is shown in a column or a facet; null where the event has none. */
export function targetOf(field: string, value: string | null): Target {
  if (value === null) return { kind: 'condition', field, value: undefined }
  return facetFields.has(field) ? { kind: 'facet', field, value } : { kind: 'condition', field, value }
}

/** The query with the value asked for, or against. A filter that is there already is not added twice. */
export function applyTarget(query: EventQuery, target: Target, against: boolean): EventQuery {
  switch (target.kind) {
    case 'facet':
      return hasFacet(query, target.field, target.value, against)
        ? query
        : toggleFacet(query, target.field, target.value, against)
    case 'condition': {
      const add = against ? filterAgainst : filterFor
      return { ...query, text: add(query.text, target.field, target.value) }
    }
    case 'inside':
      return { ...query, text: withInside(query.text, target.field, target.text, against) }
    case 'time': {
      if (against) return query
      const from = Math.floor(target.ms / 1000) * 1000
      return { ...query, from: utcMs(from), to: utcMs(from + 1000) }
    }
  }
}

export const hasFacet = (query: EventQuery, field: string, value: string, exclude: boolean): boolean =>
  query.facets.some((facet) => facet.field === field && facet.exclude === exclude && facet.values.includes(value))

function withInside(text: string, field: string, inside: string, against: boolean): string {
  const ref = resolveField(splitField(field))
  if (ref === undefined || ref.kind === 'time' || ref.kind === 'bookmark') return text
  const span = { start: 0, end: 0 }
  const condition = printQuery({
    kind: 'wildcard',
    field: ref,
    pattern: [{ kind: 'any' }, { kind: 'literal', text: inside }, { kind: 'any' }],
    span,
  })
  const written = against ? `-${condition}` : condition
  return text.trim() === '' ? written : `(${text.trim()}) ${written}`
}

/** `requestParameters."aws:x".a` -> its parts, quotes off. */
function splitField(field: string): string[] {
  const parts = field.match(/"(?:\\.|[^"\\])*"|[^."]+/g) ?? []
  return parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replace(/\\(.)/g, '$1') : part))
}

/** The five minutes before and after a moment, everything that happened in them. */
export const around = (ms: number, sort: EventQuery['sort']): EventQuery => ({
  ...everything,
  sort,
  from: utcMs(ms - 300_000),
  to: utcMs(ms + 300_000),
})

export type PathStep = string | number

/**
 * The field of a query that a place in a record stands for: a column where there is one, else the path in the document that holds it.
 * Array indices are left out: a query walks arrays.
 */
export function fieldOfPath(path: readonly PathStep[]): string | undefined {
  const names = path.filter((step) => typeof step === 'string')
  const [head, ...rest] = names
  if (head === undefined) return undefined
  const plain = names.join('.')
  const known = [...termFields, ...identifierFields, 'eventTime'].find((field) => field === plain)
  if (known !== undefined) return known
  const document = documentFields.find((field) => field === head && field !== 'otherFields')
  return document === undefined ? otherField(names) : documentFieldText(document, rest)
}

const otherField = (names: readonly string[]): string => documentFieldText('otherFields' satisfies DocumentField, names)
