import { assertNever } from '#shared/base/assert.ts'
import { failed, ok, type Result } from '#shared/base/result.ts'
import { formatUtc, type UtcMs } from '#shared/base/time.ts'
import { derivedTerms, identifierFields, termFields } from '#shared/domain/fields.ts'
import type { Comparison, QueryNode, TextField } from '#shared/domain/query/ast.ts'
import { parseQuery } from '#shared/domain/query/parse.ts'
import { literalOf } from '#shared/domain/query/pattern.ts'
import type { EventQuery, FacetFilter } from '#shared/domain/query/query.ts'
import { fold } from '#shared/domain/query/words.ts'
import { pointerOf } from '../formats/document-texts.ts'
import { identifierColumn, termColumn } from '../formats/parquet-columns.ts'
import type { Dialect, TextCondition } from './dialect.ts'
import { sqlLiteral } from './sql-literal.ts'
import { foldedSql, textCondition, viewedCondition } from './text-condition.ts'
import { Untranslatable } from './untranslatable.ts'

/**
 * The condition of a question over the columns of our Parquet files: what follows WHERE. It finds exactly the events of the files that the
 * question finds in the case, or the question is refused with the reason.
 *
 * SQL knows "unknown" beside true and false. Under AND and OR alone, and at the top, it acts as false; under NOT it would not, so
 * what is negated is made true or false first.
 */
export function translateQuery(query: EventQuery, dialect: Dialect): Result<string, 'UNTRANSLATABLE'> {
  const parsed = parseQuery(query.text)
  if (!parsed.ok) return failed('UNTRANSLATABLE', `the query cannot be read: ${parsed.message}`)
  try {
    const parts = [
      condition(parsed.query, dialect),
      ...(query.from === undefined ? [] : [timeCondition('from', query.from)]),
      ...(query.to === undefined ? [] : [timeCondition('before', query.to)]),
      ...query.facets.map((facet) => facetCondition(facet, dialect)),
    ]
    const told = parts.filter((part) => part !== 'TRUE')
    return ok(told.length === 0 ? 'TRUE' : told.join('\n  AND '))
  } catch (problem) {
    if (problem instanceof Untranslatable) return failed('UNTRANSLATABLE', problem.message)
    throw problem
  }
}

function condition(node: QueryNode, dialect: Dialect): string {
  switch (node.kind) {
    case 'all':
      return 'TRUE'
    case 'and':
    case 'or':
      return `(${node.children.map((child) => condition(child, dialect)).join(node.kind === 'and' ? ' AND ' : ' OR ')})`
    case 'not':
      return not(condition(node.child, dialect))
    case 'time':
      return timeCondition(node.bound, node.at)
    case 'bookmark':
      return `exhibit IS ${node.bookmarked ? 'NOT ' : ''}NULL`
    case 'text':
      return anywhere(node, dialect)
    case 'equals':
    case 'wildcard':
    case 'present':
    case 'network':
    case 'regex':
    case 'number':
      return node.field.kind === 'any' ? anywhere(node, dialect) : inField(node, node.field, dialect)
    default:
      return assertNever(node)
  }
}

const not = (sql: string): string => `NOT coalesce(${sql}, FALSE)`

/** With the partition's day, so that an engine need not open the files of other days. */
function timeCondition(bound: 'from' | 'before', at: UtcMs): string {
  const text = formatUtc(at)
  if (!/^\d{4}-/.test(text) || at <= -62_167_219_200_000)
    throw new Untranslatable('a time outside the years 0000 to 9999 cannot be written')
  const day = new Date(bound === 'from' ? at : at - 1).toISOString().slice(0, 10)
  const instant = `TIMESTAMP '${new Date(at).toISOString().slice(0, 23).replace('T', ' ')}'`
  return bound === 'from'
    ? `(eventtime >= ${instant} AND day >= '${day}')`
    : `(eventtime < ${instant} AND day <= '${day}')`
}

function inField(node: Comparison, field: TextField, dialect: Dialect): string {
  switch (field.kind) {
    case 'term':
      return viewedCondition(node, field.view, dialect)(termColumn(field.field))
    case 'identifier':
      return textCondition(node, dialect)(identifierColumn(field.field))
    case 'integrity':
      return textCondition(node, dialect)('integrity')
    case 'tag':
      return dialect.anyOf(dialect.texts('tags'), textCondition(node, dialect))
    case 'document': {
      const path = pointerOf([field.field, ...field.path])
      const within = sqlLiteral(`${path}/`)
      const fits = node.kind === 'present' ? '' : textCondition(node, dialect)('e[2]')
      const place = `(e[1] = ${sqlLiteral(path)} OR strpos(e[1], ${within}) = 1)`
      return dialect.anyOf(dialect.pairs('document_texts'), () => (fits === '' ? place : `(${place} AND ${fits})`))
    }
    default:
      return assertNever(field)
  }
}

/** Free text, and a network or a regular expression without a field: every term of the record, every key and scalar of every document. */
function anywhere(node: Comparison, dialect: Dialect): string {
  const fits: TextCondition = textCondition(node, dialect)
  const terms = termFields.filter((field) => !derivedTerms.has(field)).map(termColumn)
  const literal = node.kind === 'text' ? literalOf(node.pattern) : undefined
  const wholeOf =
    literal === undefined
      ? []
      : identifierFields.map((field) => `${foldedSql(identifierColumn(field))} = ${sqlLiteral(fold(literal))}`)
  return `(${[
    dialect.anyOf(`ARRAY[${terms.join(', ')}]`, fits),
    dialect.anyOf(dialect.pairs('document_texts'), (pair) => fits(`${pair}[2]`)),
    dialect.anyOf(dialect.texts('document_keys'), fits),
    ...wholeOf,
  ].join('\n    OR ')})`
}

/** A facet takes values exactly as they are written. */
function facetCondition({ field, values, exclude }: FacetFilter, dialect: Dialect): string {
  const among = (text: string): string => `${text} IN (${values.map(sqlLiteral).join(', ')})`
  const sql = values.length === 0 ? 'FALSE' : facetSql(field, among, dialect)
  return exclude ? not(sql) : sql
}

function facetSql(field: string, among: TextCondition, dialect: Dialect): string {
  const name = field.toLowerCase()
  if (name === 'tag') return dialect.anyOf(dialect.texts('tags'), among)
  if (name === 'integrity') return among('integrity')
  const term = termFields.find((each) => each.toLowerCase() === name)
  if (term === undefined) throw new Untranslatable(`the filter on ${field} has no column here`)
  return among(termColumn(term))
}
