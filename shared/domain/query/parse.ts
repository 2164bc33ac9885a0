import { parseUtc } from '../../base/time.ts'
import { hasHidden, visible } from '../../base/visible.ts'
import type { FieldRef, QueryNode, Span } from './ast.ts'
import { joined } from './ast.ts'
import { checkRegex, toComparison } from './comparison.ts'
import type { WrittenValue } from './comparison.ts'
import { closestName, resolveField } from './names.ts'
import { isAddressOrNetwork, isWholeInternet, toNetwork } from './network.ts'
import { isAnything, literalOf, literalPattern } from './pattern.ts'
import { quote } from './quote.ts'
import {
  atEnd,
  fail,
  isEdge,
  operatorAt,
  peek,
  QueryError,
  rawWord,
  readBare,
  readFieldHead,
  readQuoted,
  readRegex,
  skipBlanks,
} from './scan.ts'
import type { Cursor, FieldHead, Operator, QueryFault } from './scan.ts'

/** Longest query text, in UTF-16 units. */
export const maxQueryLength = 10_000
/** Deepest nesting of parentheses and negations. */
export const maxQueryDepth = 64
/** Most comparisons in one query. */
export const maxQueryTerms = 500

/** Something that is right but may not be what was meant. */
export type QueryNote = Span & { readonly message: string }

export type ParsedQuery =
  | { readonly ok: true; readonly query: QueryNode; readonly notes: readonly QueryNote[] }
  | ({ readonly ok: false; readonly code: 'query-syntax' } & QueryFault)

/** The values of `field:( … )`. */
type Scope = { readonly field: FieldRef; readonly operator: Operator }
type Parser = Cursor & { depth: number; terms: number; readonly notes: QueryNote[] }

/**
 * Reads the query language (README of this folder). Empty text and `*` ask for everything. A wrong text gives what is wrong, where (offsets
 * in `text`), and what to do. Never throws on any text.
 */
export function parseQuery(text: string): ParsedQuery {
  const parser: Parser = { text, at: 0, depth: 0, terms: 0, notes: [] }
  try {
    if (text.length > maxQueryLength) {
      fail(
        `The query is longer than ${maxQueryLength} characters`,
        maxQueryLength,
        text.length,
        'Tag the events of one part and ask for the tag.',
      )
    }
    const query = parseWhole(parser)
    return { ok: true, query, notes: parser.notes }
  } catch (error) {
    if (error instanceof QueryError) return { ok: false, code: 'query-syntax', ...error.fault }
    throw error
  }
}

function parseWhole(parser: Parser): QueryNode {
  skipBlanks(parser)
  if (atEnd(parser)) return { kind: 'all', span: { start: 0, end: 0 } }
  const query = parseOr(parser, undefined)
  if (!atEnd(parser))
    fail(
      'A parenthesis is closed that was never opened',
      parser.at,
      parser.at + 1,
      'Remove it, or put the text in quotes.',
    )
  return query
}

const keywords = ['AND', 'OR', 'NOT'] as const
type Keyword = (typeof keywords)[number]

/** The operator word at the cursor; operators are written in capitals, for `or` may be a word of an error message. */
function keywordAt(parser: Parser): Keyword | undefined {
  return keywords.find(
    (word) => parser.text.startsWith(word, parser.at) && isEdge(parser.text, parser.at + word.length),
  )
}

/** or := and ('OR' and)* */
function parseOr(parser: Parser, scope: Scope | undefined): QueryNode {
  const children = [parseAnd(parser, scope)]
  while (keywordAt(parser) === 'OR') {
    parser.at += 2
    children.push(parseAnd(parser, scope))
  }
  return joined('or', children, spanOf(children))
}

/** and := not ('AND'? not)* */
function parseAnd(parser: Parser, scope: Scope | undefined): QueryNode {
  const children = [parseNot(parser, scope)]
  for (;;) {
    skipBlanks(parser)
    const keyword = keywordAt(parser)
    if (atEnd(parser) || peek(parser) === ')' || keyword === 'OR') return joined('and', children, spanOf(children))
    if (keyword === 'AND') parser.at += 3
    children.push(parseNot(parser, scope))
  }
}

function spanOf(children: readonly QueryNode[]): Span {
  return { start: children[0]?.span.start ?? 0, end: children.at(-1)?.span.end ?? 0 }
}

/** not := ('NOT' | '-') not | primary */
function parseNot(parser: Parser, scope: Scope | undefined): QueryNode {
  skipBlanks(parser)
  const start = parser.at
  const minus = peek(parser) === '-'
  if (!minus && keywordAt(parser) !== 'NOT') return parsePrimary(parser, scope)
  parser.at += minus ? 1 : 3
  if (minus && (isBlankOrEnd(parser) || peek(parser) === '-')) {
    fail(
      'A minus sign must stand directly before what it excludes',
      start,
      start + 1,
      'For a text that begins with -, put it in quotes.',
    )
  }
  const child = deeper(parser, start, () => parseNot(parser, scope))
  return { kind: 'not', child, span: { start, end: child.span.end } }
}

const isBlankOrEnd = (parser: Parser): boolean =>
  atEnd(parser) || (isEdge(parser.text, parser.at) && peek(parser) !== '(')

function deeper<T>(parser: Parser, start: number, read: () => T): T {
  if (++parser.depth > maxQueryDepth) {
    fail(
      `The query is nested deeper than ${maxQueryDepth} levels`,
      start,
      start + 1,
      'Take out parentheses that change nothing.',
    )
  }
  const result = read()
  parser.depth--
  return result
}

function parsePrimary(parser: Parser, scope: Scope | undefined): QueryNode {
  const start = parser.at
  const keyword = keywordAt(parser)
  if (atEnd(parser) || peek(parser) === ')' || keyword !== undefined) return failMissing(parser, keyword)
  if (peek(parser) === '(') return parseGroup(parser, scope)
  if (++parser.terms > maxQueryTerms) {
    fail(
      `The query has more than ${maxQueryTerms} comparisons`,
      start,
      parser.text.length,
      'Tag the events of one part and ask for the tag.',
    )
  }
  if (scope !== undefined) {
    const value = readValue(parser)
    return toComparison(scope.field, scope.operator, value, value.span)
  }
  return parseTerm(parser)
}

function failMissing(parser: Parser, keyword: Keyword | undefined): never {
  if (keyword !== undefined) {
    return fail(
      `Something is missing before ${keyword}`,
      parser.at,
      parser.at + keyword.length,
      `For the word itself write "${keyword}" in quotes.`,
    )
  }
  if (atEnd(parser)) return fail('Something is missing at the end', parser.at, parser.at, 'Add a word, or field:value.')
  return fail(
    'Something is missing before the parenthesis',
    parser.at,
    parser.at + 1,
    'Add a word, or field:value; or remove the parenthesis.',
  )
}

function parseGroup(parser: Parser, scope: Scope | undefined): QueryNode {
  const start = parser.at
  parser.at++
  const inside = deeper(parser, start, () => parseOr(parser, scope))
  if (peek(parser) !== ')') fail('The parenthesis is never closed', start, start + 1, 'Add ) where the group ends.')
  parser.at++
  return { ...inside, span: { start, end: parser.at } }
}

/** term := field operator (value | '(' values ')') | bare word | "phrase" | /regex/ */
function parseTerm(parser: Parser): QueryNode {
  const raw = rawWord(parser)
  const head = standsForItself(raw) ? undefined : readFieldHead(parser)
  if (head === undefined) return parseFreeText(parser)
  const field = resolveField(head.parts)
  if (field === undefined || head.hasGap) return failUnknown(parser, head)
  skipBlanks(parser)
  if (peek(parser) === '(') {
    const group = parseGroup(parser, groupScope(field, head))
    return { ...group, span: { start: head.start, end: group.span.end } }
  }
  if (atEnd(parser) || peek(parser) === ')' || keywordAt(parser) !== undefined) {
    const name = parser.text.slice(head.start, head.end)
    fail(
      `A value is missing after ${visible(name)}`,
      head.start,
      head.end,
      'Write a value, * for any value, or the value in quotes.',
    )
  }
  const value = readValue(parser)
  noteValue(parser, field, value)
  return toComparison(field, head.operator, value, { start: head.start, end: value.span.end })
}

function groupScope(field: FieldRef, head: FieldHead): Scope {
  if (head.operator === ':' || head.operator === '=') return { field, operator: ':' }
  return fail(`${head.operator} takes one value`, head.nameEnd, head.end, 'Only : may stand before a group of values.')
}

/** ARNs and addresses hold colons of their own: `arn:aws:iam::…` is not the field `arn`. */
const standsForItself = (raw: string): boolean => /^arn:aws[a-z-]{0,20}:/i.test(raw) || isAddressOrNetwork(raw)

function failUnknown(parser: Parser, head: FieldHead): never {
  const name = parser.text.slice(head.start, head.nameEnd)
  const first = head.parts[0] ?? ''
  const root = head.parts.length > 1 ? resolveField([first]) : undefined
  const shown = visible(name.length > 60 ? `${name.slice(0, 60)}…` : name)
  const textHint = `For the text itself write ${quote(shorten(rawFrom(parser, head)))}.`
  if (head.hasGap)
    return fail(
      `A part of the name ${shown} is missing`,
      head.start,
      head.nameEnd,
      `Dots stand between parts. ${textHint}`,
    )
  if (root !== undefined)
    return fail(
      `${visible(first)} has no parts`,
      head.start,
      head.nameEnd,
      `Write ${visible(first)}: and a value. ${textHint}`,
    )
  const meant = closestName(name)
  const advice =
    meant === undefined ? 'A record member without a field of its own is otherFields.NAME.' : `Did you mean ${meant}?`
  return fail(`There is no field ${shown}`, head.start, head.nameEnd, `${advice} ${textHint}`)
}

const rawFrom = (parser: Parser, head: FieldHead): string => rawWord({ text: parser.text, at: head.start })
const shorten = (text: string): string => (text.length > 60 ? `${text.slice(0, 60)}…` : text)

function readValue(parser: Parser): WrittenValue {
  const start = parser.at
  const first = peek(parser)
  if (first === '"') {
    const text = readQuoted(parser)
    if (!isEdge(parser.text, parser.at))
      fail(
        'The closing quote must be followed by a blank',
        parser.at,
        parser.at + 1,
        'A quote inside a text is written \\".',
      )
    return { kind: 'quoted', text, span: { start, end: parser.at } }
  }
  if (first === '/') {
    const source = readRegex(parser)
    const span = { start, end: parser.at }
    if (hasHidden(source))
      fail('The regular expression holds a character that cannot be seen', start, parser.at, 'Write it as \\x{202e}.')
    return { kind: 'regex', source, span }
  }
  const pattern = readBare(parser)
  return { kind: 'bare', pattern, span: { start, end: parser.at } }
}

function parseFreeText(parser: Parser): QueryNode {
  const operator = operatorAt(parser.text, parser.at)
  if (operator !== undefined && !isAddressOrNetwork(rawWord(parser))) {
    fail(
      `A field name is missing before ${operator}`,
      parser.at,
      parser.at + operator.length,
      'Write field:value, or put the text in quotes.',
    )
  }
  const value = readValue(parser)
  const { span } = value
  switch (value.kind) {
    case 'regex':
      checkRegex(value.source, span)
      return { kind: 'regex', field: { kind: 'any' }, source: value.source, span }
    case 'quoted':
      if (value.text === '')
        fail('There is nothing between the quotes', span.start, span.end, 'For an empty value write field:"".')
      return { kind: 'text', pattern: literalPattern(value.text), span }
    case 'bare': {
      if (isAnything(value.pattern)) return { kind: 'all', span }
      const network = toNetwork(literalOf(value.pattern) ?? '')
      // 0.0.0.0/0 as a bare word is looked for as it is written: in firewall rules, where it means the world.
      if (network !== undefined && !isWholeInternet(network))
        return { kind: 'network', field: { kind: 'any' }, network, span }
      noteWord(parser, parser.text.slice(span.start, span.end), span)
      return { kind: 'text', pattern: value.pattern, span }
    }
  }
}

function noteWord(parser: Parser, written: string, span: Span): void {
  const upper = written.toUpperCase()
  if (keywords.some((keyword) => keyword === upper)) {
    parser.notes.push({ ...span, message: `"${written}" is looked for as a word; the operator is written ${upper}.` })
  } else if (parseUtc(written) !== undefined && written.includes('-')) {
    parser.notes.push({
      ...span,
      message: `"${written}" is looked for as a text; for the time of events write eventTime:${written}.`,
    })
  }
}

const identityTypes = [
  'root',
  'iamuser',
  'assumedrole',
  'role',
  'federateduser',
  'directory',
  'awsaccount',
  'awsservice',
  'identitycenteruser',
  'samluser',
  'webidentityuser',
]

function noteValue(parser: Parser, field: FieldRef, value: WrittenValue): void {
  if (value.kind === 'quoted' && /[*?]/.test(value.text)) {
    parser.notes.push({
      ...value.span,
      message: 'In quotes * and ? are ordinary characters; leave the quotes out to use them as wildcards.',
    })
  }
  const literal = value.kind === 'bare' ? literalOf(value.pattern)?.toLowerCase() : undefined
  if (
    field.kind === 'term' &&
    field.field === 'eventType' &&
    literal !== undefined &&
    identityTypes.includes(literal)
  ) {
    parser.notes.push({ ...value.span, message: 'This is a type of identity, not of event: write identity: instead.' })
  }
}
