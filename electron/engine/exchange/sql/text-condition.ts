import { assertNever } from '#shared/base/assert.ts'
import type { Comparison, NumberOperator, View } from '#shared/domain/query/ast.ts'
import { literalOf, literalPattern, toPattern, type Pattern } from '#shared/domain/query/pattern.ts'
import { fold } from '#shared/domain/query/words.ts'
import type { Dialect, TextCondition } from './dialect.ts'
import { portableRegex } from './regex-source.ts'
import { sqlLiteral } from './sql-literal.ts'
import { arnNameRegex, insideRegex } from './text-regex.ts'
import { Untranslatable } from './untranslatable.ts'

/**
 * `fold` of the query language in SQL. `lower` of the engines maps each character by itself, which differs from ours in the dotted capital I
 * (two characters with us) and the two small sigmas.
 */
export const foldedSql = (text: string): string =>
  `replace(lower(replace(${text}, chr(304), 'i' || chr(775))), chr(962), chr(963))`

/** `lower` alone where the difference cannot matter for what is looked for. */
const foldedFor = (text: string, wanted: string): string =>
  /[i\u0307\u03c3]/.test(wanted) ? foldedSql(text) : `lower(${text})`

/** What a comparison says about one text, as SQL; unknown for a text that is NULL. @throws Untranslatable */
export function textCondition(node: Comparison, dialect: Dialect): TextCondition {
  switch (node.kind) {
    case 'equals':
      return equals(node.value)
    case 'wildcard':
      return like(node.pattern)
    case 'present':
      return (text) => `${text} IS NOT NULL`
    case 'network':
      return (text) => dialect.inNetwork(text, node.network)
    case 'regex': {
      const regex = sqlLiteral(portableRegex(node.source))
      return (text) => dialect.finds(text, regex)
    }
    case 'number':
      return number(node.operator, node.value, dialect)
    case 'text': {
      const regex = sqlLiteral(insideRegex(node.pattern))
      return (text) => dialect.finds(foldedSql(text), regex)
    }
    default:
      return assertNever(node)
  }
}

/** The same of a term that also offers its service or the names in its ARN for comparison (`textsOf` of the query language). */
export function viewedCondition(node: Comparison, view: View, dialect: Dialect): TextCondition {
  const whole = textCondition(node, dialect)
  if (view === 'whole' || node.kind === 'present') return whole
  if (node.kind !== 'equals' && node.kind !== 'wildcard')
    throw new Untranslatable(
      'principal, role, resource and service are compared by parts, for which only values and wildcards are translated; ask the whole field, such as userIdentity.arn or eventSource',
    )
  const pattern = node.kind === 'equals' ? literalPattern(node.value) : node.pattern
  switch (view) {
    case 'service':
      return anyCondition([whole, ...SUFFIXES.map((suffix) => like([...pattern, { kind: 'literal', text: suffix }]))])
    case 'name': {
      const regex = arnNameRegex(pattern)
      if (regex === undefined) return whole
      const literal = sqlLiteral(regex)
      return anyCondition([whole, (text) => dialect.finds(foldedSql(text), literal)])
    }
    default:
      return assertNever(view)
  }
}

/** See `SERVICE_SUFFIXES` of the query language's `views.ts`: endpoints of the partitions aws, aws-cn and aws-eusc. */
const SUFFIXES = ['.amazonaws.com', '.amazonaws.com.cn', '.amazonaws.eu']

const anyCondition =
  (conditions: readonly TextCondition[]): TextCondition =>
  (text) =>
    `(${conditions.map((condition) => condition(text)).join(' OR ')})`

function equals(value: string): TextCondition {
  const wanted = fold(value)
  const literal = sqlLiteral(wanted)
  return (text) => `${foldedFor(text, wanted)} = ${literal}`
}

function like(pattern: Pattern): TextCondition {
  const whole = literalOf(toPattern(pattern))
  if (whole !== undefined) return equals(whole)
  const written = pattern
    .map((piece) =>
      piece.kind === 'any' ? '%' : piece.kind === 'one' ? '_' : fold(piece.text).replace(/[\\%_]/g, '\\$&'),
    )
    .join('')
  const literal = sqlLiteral(written)
  // One character of ours may be two of the folded text: `?` counts those.
  const counted = pattern.some((piece) => piece.kind === 'one')
  return (text) => `${counted ? foldedSql(text) : foldedFor(text, written)} LIKE ${literal} ESCAPE '\\'`
}

/** `toNumber` of the query language: JSON's notation, at most 400 characters, finite. */
function number(operator: NumberOperator, value: number, dialect: Dialect): TextCondition {
  const notation = "'\\A-?[0-9]+(?:\\.[0-9]+)?(?:[eE][+\\-]?[0-9]+)?\\z'"
  return (text) =>
    `(length(${text}) <= 400 AND ${dialect.finds(text, notation)} AND abs(try_cast(${text} AS double)) <= ${doubleSql(Number.MAX_VALUE)} AND try_cast(${text} AS double) ${operator} ${doubleSql(value)})`
}

const doubleSql = (value: number): string => `CAST('${String(value)}' AS double)`
