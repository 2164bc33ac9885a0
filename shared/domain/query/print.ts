import { assertNever } from '../../base/assert.ts'
import { hasHidden } from '../../base/visible.ts'
import type { Comparison, QueryNode } from './ast.ts'
import { sameQuery } from './ast.ts'
import { timeText } from './comparison.ts'
import { fieldText } from './names.ts'
import { parseQuery } from './parse.ts'
import { literalOf } from './pattern.ts'
import type { Pattern } from './pattern.ts'
import { escapeBare, quote } from './quote.ts'

/**
 * The canonical text of a query: `parseQuery` reads it back to the same tree (places aside), as long as it stays within
 * the limits of a query text. Every hidden character in it is written as an escape.
 */
export function printQuery(query: QueryNode): string {
  switch (query.kind) {
    case 'and':
      return query.children
        .map((child) => (child.kind === 'or' ? `(${printQuery(child)})` : printQuery(child)))
        .join(' ')
    case 'or':
      // AND binds tighter, so `a AND b OR c` needs no parentheses; the word is written out for the reader.
      return query.children
        .map((child) => (child.kind === 'and' ? child.children.map(printOperand).join(' AND ') : printQuery(child)))
        .join(' OR ')
    case 'not':
      return printNot(query.child)
    case 'all':
      return '*'
    case 'time':
      return timeText(query.bound, query.at)
    case 'bookmark':
      return `bookmark:${query.bookmarked ? 'yes' : 'no'}`
    case 'text':
    case 'equals':
    case 'wildcard':
    case 'present':
    case 'network':
    case 'regex':
    case 'number':
      return printComparison(query)
  }
}

const isGroup = (query: QueryNode): boolean => query.kind === 'and' || query.kind === 'or'
const printOperand = (query: QueryNode): string => (isGroup(query) ? `(${printQuery(query)})` : printQuery(query))
const printNot = (child: QueryNode): string =>
  child.kind === 'not' ? `NOT ${printQuery(child)}` : `-${printOperand(child)}`

function printComparison(node: Comparison): string {
  switch (node.kind) {
    case 'text':
      return printFreeText(node.pattern)
    case 'regex':
      return `${node.field.kind === 'any' ? '' : `${fieldText(node.field)}:`}/${node.source}/`
    case 'network':
      return `${node.field.kind === 'any' ? '' : `${fieldText(node.field)}:`}${node.network}`
    case 'present':
      return `${fieldText(node.field)}:*`
    case 'number':
      return `${fieldText(node.field)}${node.operator}${node.value}`
    case 'wildcard':
      return `${fieldText(node.field)}:${printPattern(node.pattern, true)}`
    case 'equals':
      return printEquals(node)
    default:
      return assertNever(node)
  }
}

/**
 * A value as it is written after `field:` to mean exactly this text: without quotes where that means the same, because it is easier to read.
 * `field` is a name as written in a query.
 */
export function valueText(field: string, value: string): string {
  const bare = escapeBare(value, { inValue: true, first: true })
  const quoted = quote(value)
  return !bare.includes('\\') && sameText(`${field}:${bare}`, `${field}:${quoted}`) ? bare : quoted
}

function sameText(one: string, two: string): boolean {
  const [first, second] = [parseQuery(one), parseQuery(two)]
  return first.ok && second.ok && sameQuery(first.query, second.query)
}

function printEquals({ field, value }: Comparison & { kind: 'equals' }): string {
  const name = fieldText(field)
  if (field.kind !== 'term' || field.view !== 'name') return `${name}:${valueText(name, value)}`
  // Quotes would make a name the whole text, so it stays bare; one that reads as AND, OR or NOT has its first letter escaped.
  const bare = escapeBare(value, { inValue: true, first: true })
  return parseQuery(`${name}:${bare}`).ok
    ? `${name}:${bare}`
    : `${name}:\\u{${value.charCodeAt(0).toString(16)}}${bare.slice(1)}`
}

function printPattern(pattern: Pattern, inValue: boolean): string {
  const print = (piece: Pattern[number], index: number): string => {
    switch (piece.kind) {
      case 'any':
        return '*'
      case 'one':
        return '?'
      case 'literal':
        return escapeBare(piece.text, { inValue, first: index === 0 })
      default:
        return assertNever(piece)
    }
  }
  return pattern.map(print).join('')
}

const PLAIN_WORD = /^[\p{L}\p{N}_][\p{L}\p{N}\p{M}_.-]*$/u

function printFreeText(pattern: Pattern): string {
  const literal = literalOf(pattern)
  if (literal === undefined) return printPattern(pattern, false)
  const plain = PLAIN_WORD.test(literal) && !hasHidden(literal) && !['AND', 'OR', 'NOT'].includes(literal)
  return plain ? literal : quote(literal)
}
