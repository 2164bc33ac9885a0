import type { QueryNode } from './ast.ts'
import { sameQuery } from './ast.ts'
import { parseQuery } from './parse.ts'
import { printQuery } from './print.ts'
import { quote } from './quote.ts'

/**
 * The query with one more condition: the field has this value (`undefined`: the field is absent). `field` is a name as written in a query
 * (`documentFieldText` makes one for a place in a document). The value is taken as it is, whatever it holds. A condition that is there
 * is not added again, and its opposite is taken out.
 *
 * A text that is not a query is kept, with the condition after it: what was typed is not thrown away by a click. Throws when
 * `field` is no field, or cannot have such a value (`bookmark`, `eventTime`).
 */
export const filterFor = (text: string, field: string, value: string | undefined): string =>
  withCondition(text, value === undefined ? negated(condition(field, undefined)) : condition(field, value))

/** The query with one more condition: the field does not have this value (`undefined`: it has some value). */
export const filterAgainst = (text: string, field: string, value: string | undefined): string =>
  withCondition(text, value === undefined ? condition(field, undefined) : negated(condition(field, value)))

function condition(field: string, value: string | undefined): QueryNode {
  const written = `${field}:${value === undefined ? '*' : quote(value)}`
  const parsed = parseQuery(written)
  if (!parsed.ok)
    throw new Error(`This should not happen: a filter for a field that cannot have this value: ${parsed.message}`)
  return parsed.query
}

const negated = (node: QueryNode): QueryNode =>
  node.kind === 'not' ? node.child : { kind: 'not', child: node, span: node.span }

const partsOf = (node: QueryNode): readonly QueryNode[] => (node.kind === 'and' ? node.children : [node])
const includes = (parts: readonly QueryNode[], wanted: QueryNode): boolean =>
  partsOf(wanted).every((one) => parts.some((part) => sameQuery(part, one)))

function withCondition(text: string, wanted: QueryNode): string {
  const parsed = parseQuery(text)
  if (!parsed.ok) return `${text.trim()} ${printOne(wanted)}`
  const { query } = parsed
  if (query.kind === 'all') return printOne(wanted)
  // Not trimmed but cut by its span: a blank at the end may be escaped and belong to a word.
  const written = text.slice(query.span.start, query.span.end)
  const parts = partsOf(query)
  if (includes(parts, wanted)) return written
  const opposite = negated(wanted)
  if (!includes(parts, opposite)) return `${query.kind === 'or' ? inParentheses(written) : written} ${printOne(wanted)}`
  const kept = parts.filter((part) => !includes(partsOf(opposite), part))
  return [...slices(text, kept), printOne(wanted)].join(' ')
}

/**
 * The parts as they are written where that says the same (a member of `field:(a b)` does not by itself). One written form
 * may stand for two parts: a day is a from and a to.
 */
const slices = (text: string, parts: readonly QueryNode[]): string[] => [
  ...new Set(parts.map((part) => slice(text, part))),
]

function slice(text: string, part: QueryNode): string {
  const written = text.slice(part.span.start, part.span.end)
  const parsed = parseQuery(written)
  return parsed.ok && includes(partsOf(parsed.query), part) ? written : printQuery(part)
}

const printOne = (node: QueryNode): string => (node.kind === 'or' ? inParentheses(printQuery(node)) : printQuery(node))

/** Parentheses around an OR, unless a pair of its own stands around the whole: then it is a query without them too. */
function inParentheses(text: string): string {
  const enclosed = text.startsWith('(') && text.endsWith(')') && parseQuery(text.slice(1, -1)).ok
  return enclosed ? text : `(${text})`
}
