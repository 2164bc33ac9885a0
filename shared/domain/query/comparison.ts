import { formatUtc, parseUtc, utcMs } from '../../base/time.ts'
import type { UtcMs } from '../../base/time.ts'
import { eventVerdicts } from '../integrity.ts'
import type { FieldRef, NumberOperator, QueryNode, Span, TextField } from './ast.ts'
import { joined } from './ast.ts'
import { closest, fieldText } from './names.ts'
import { isIPv6Address, toNetwork } from './network.ts'
import { isAnything, literalOf } from './pattern.ts'
import type { Pattern } from './pattern.ts'
import { quote } from './quote.ts'
import { compileRegex } from './regex.ts'
import { fail } from './scan.ts'
import type { Operator } from './scan.ts'

/** What was written after an operator, or as a bare word. */
export type WrittenValue =
  | { readonly kind: 'quoted'; readonly text: string; readonly span: Span }
  | { readonly kind: 'bare'; readonly pattern: Pattern; readonly span: Span }
  | { readonly kind: 'regex'; readonly source: string; readonly span: Span }

/** The node for `field operator value`; `span` covers all three. Throws `QueryError` at the value. */
export function toComparison(field: FieldRef, operator: Operator, value: WrittenValue, span: Span): QueryNode {
  if (operator === '!=') return { kind: 'not', child: toComparison(field, ':', value, span), span }
  switch (field.kind) {
    case 'time':
      return timeComparison(operator, value, span)
    case 'bookmark':
      return bookmarkComparison(operator, value, span)
    case 'term':
    case 'document':
    case 'identifier':
    case 'tag':
    case 'integrity':
      return operator === ':' || operator === '='
        ? textComparison(field, value, span)
        : numberComparison(field, operator, value, span)
  }
}

/** Refuses a regular expression that does not compile, at its place. `span` covers the slashes. */
export function checkRegex(source: string, span: Span): void {
  const compiled = compileRegex(source)
  if (compiled.ok) return
  const start = span.start + 1 + compiled.start
  fail(
    `The regular expression is wrong: ${compiled.reason}`,
    start,
    Math.max(start + 1, span.start + 1 + compiled.end),
    'The syntax is RE2.',
  )
}

const literalValue = (value: WrittenValue): string | undefined => {
  switch (value.kind) {
    case 'quoted':
      return value.text
    case 'bare':
      return literalOf(value.pattern)
    case 'regex':
      return undefined
  }
}

function textComparison(field: TextField, value: WrittenValue, span: Span): QueryNode {
  switch (value.kind) {
    case 'regex':
      checkRegex(value.source, value.span)
      return { kind: 'regex', field, source: value.source, span }
    case 'quoted':
      return { kind: 'equals', field: exactly(field), value: value.text, span }
    case 'bare': {
      if (isAnything(value.pattern)) return { kind: 'present', field, span }
      const literal = literalOf(value.pattern)
      if (literal === undefined) return { kind: 'wildcard', field, pattern: value.pattern, span }
      return bareComparison(field, literal, value.span, span)
    }
  }
}

/** In quotes a name means the whole text: `principal:"alice"` is not every ARN with alice in it. */
const exactly = (field: TextField): TextField =>
  field.kind === 'term' && field.view === 'name' ? { ...field, view: 'whole' } : field

function bareComparison(field: TextField, literal: string, valueSpan: Span, span: Span): QueryNode {
  if (field.kind === 'term' || field.kind === 'document') {
    const network = toNetwork(literal) ?? (isIPv6Address(literal) ? toNetwork(`${literal}/128`) : undefined)
    if (network !== undefined) return { kind: 'network', field, network, span }
  }
  return { kind: 'equals', field, value: knownWord(field, literal, valueSpan), span }
}

const accessWords = ['ok', 'denied', 'failed'] as const

/** Fields with few words: a word that is none of them finds nothing, so it is refused rather than asked. */
function knownWord(field: TextField, word: string, span: Span): string {
  const lower = word.toLowerCase()
  if (field.kind === 'integrity') return oneOf('integrity', eventVerdicts, lower, span)
  if (field.kind !== 'term') return word
  if (field.field === 'access') return oneOf('access', accessWords, lower, span)
  if (field.field === 'readOnly' || field.field === 'managementEvent')
    return lower === 'yes' ? 'true' : lower === 'no' ? 'false' : word
  return word
}

function oneOf(name: string, known: readonly string[], word: string, span: Span): string {
  if (known.includes(word)) return word
  const meant = closest(word, known)
  const advice = `${name} is ${known.slice(0, -1).join(', ')} or ${known.at(-1) ?? ''}.`
  return fail(
    `${name} is never ${quote(word)}`,
    span.start,
    span.end,
    meant === undefined ? advice : `Did you mean ${meant}? ${advice}`,
  )
}

const NUMBER = /^-?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i

/** The number that a text is, in JSON's notation (leading zeros allowed), else `undefined`. */
export function toNumber(text: string): number | undefined {
  if (text.length > 400 || !NUMBER.test(text)) return undefined
  const value = Number(text)
  // Adding 0 makes -0 the number that is written and stored as 0.
  return Number.isFinite(value) ? value + 0 : undefined
}

function numberComparison(field: TextField, operator: NumberOperator, value: WrittenValue, span: Span): QueryNode {
  const number = toNumber(literalValue(value) ?? '')
  if (number === undefined || field.kind === 'tag' || field.kind === 'integrity' || field.kind === 'identifier') {
    return fail(
      `${operator} compares numbers and times only`,
      value.span.start,
      value.span.end,
      `For texts write ${fieldText(field)}: and a value.`,
    )
  }
  return { kind: 'number', field, operator, value: number, span }
}

function bookmarkComparison(operator: Operator, value: WrittenValue, span: Span): QueryNode {
  const word = value.kind === 'bare' && isAnything(value.pattern) ? 'yes' : literalValue(value)?.toLowerCase()
  if (operator === ':' || operator === '=') {
    if (word === 'yes' || word === 'true') return { kind: 'bookmark', bookmarked: true, span }
    if (word === 'no' || word === 'false') return { kind: 'bookmark', bookmarked: false, span }
  }
  return fail('A bookmark is there or not', value.span.start, value.span.end, 'Write bookmark:yes or bookmark:no.')
}

/** Half-open, in UTC milliseconds. */
type Period = { readonly from: UtcMs; readonly to: UtcMs }

const DAY = /^\d{4}-\d\d-\d\d$/
const MINUTE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?:Z|[+-]\d\d:?\d\d)?$/i
const FRACTION = /[.,]\d/

const after = (time: UtcMs, ms: number): UtcMs => utcMs(time + ms)

/** What a written time covers: a day, a minute, a second or a millisecond. */
function writtenPeriod(text: string): Period | undefined {
  const from = parseUtc(text)
  if (from === undefined || Number.isNaN(from)) return undefined
  const length = DAY.test(text) ? 86_400_000 : MINUTE.test(text) ? 60_000 : FRACTION.test(text) ? 1 : 1000
  return { from, to: after(from, length) }
}

/**
 * `=` means inside the written period: the day, the minute, the second. `<` and `>=` look at its beginning. `<=` and `>` look at a
 * moment, except for a bare day, which they take as a whole: `eventTime<=2023-07-10` includes that day.
 */
function timeComparison(operator: Operator, value: WrittenValue, span: Span): QueryNode {
  if (value.kind === 'bare' && isAnything(value.pattern) && (operator === ':' || operator === '='))
    return { kind: 'all', span }
  const text = (literalValue(value) ?? '').trim()
  const period = writtenPeriod(text)
  if (period === undefined) {
    const example =
      'Write a time as 2023-07-10T12:03:44Z, with an offset as +02:00, or a day as 2023-07-10; without zone it is UTC.'
    return fail('This is not a time', value.span.start, value.span.end, example)
  }
  const pastIt = DAY.test(text) ? period.to : after(period.from, 1)
  const from = (at: UtcMs): QueryNode => ({ kind: 'time', bound: 'from', at, span })
  const before = (at: UtcMs): QueryNode => ({ kind: 'time', bound: 'before', at, span })
  switch (operator) {
    case '>=':
      return from(period.from)
    case '<':
      return before(period.from)
    case '>':
      return from(pastIt)
    case '<=':
      return before(pastIt)
    case ':':
    case '=':
    case '!=':
      return joined('and', [from(period.from), before(period.to)], span)
  }
}

/** `eventTime>=2023-07-10T12:00:00Z`. */
export const timeText = (bound: 'from' | 'before', at: UtcMs): string =>
  `eventTime${bound === 'from' ? '>=' : '<'}${formatUtc(at)}`
