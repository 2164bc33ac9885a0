import { counted, grouped } from '#shared/base/count.ts'
import { formatUtc } from '#shared/base/time.ts'
import { visible } from '#shared/base/visible.ts'
import type { SelectionStatement } from '#shared/domain/export.ts'
import { describeQuery } from '#shared/domain/query/describe.ts'
import { parseQuery } from '#shared/domain/query/parse.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import type { Dialect } from './dialect.ts'
import { translateQuery } from './translate-query.ts'

/** A saved search that goes along with the events. `found`: how many of the exported events the case finds with it. */
export type HandedSearch =
  | { readonly kind: 'events'; readonly name: string; readonly query: EventQuery; readonly found: number }
  /** A statement of the SQL console, or a query that can no longer be read: cannot be translated, for the reason given. */
  | { readonly kind: 'refused'; readonly name: string; readonly reason: string }

/**
 * The saved searches as statements for one engine, in the order of the case. Each says how many events it must find in these files, so that
 * anybody can check the hand-over. One that cannot be translated exactly stands there as a comment with the reason, without a statement.
 */
export function searchesSql(
  searches: readonly HandedSearch[],
  dialect: Dialect,
  statement: SelectionStatement,
  undatedLeftOut: number,
): string {
  const head = [
    `Saved searches of ${statement.case.title === '' ? 'the case' : `"${statement.case.title}"`} as SQL, made by ${statement.toolVersion}.`,
    `These files hold ${grouped(statement.shown)} of ${counted(statement.total, 'event')} of the case; a statement finds what is in them.`,
    ...(undatedLeftOut === 0
      ? []
      : [`${counted(undatedLeftOut, 'event')} without a readable time cannot stand in them and were left out.`]),
    'Tags, bookmarks and verdicts are those at the time of the export. A search that cannot be translated exactly has no statement.',
  ]
  const none = searches.length === 0 ? ['', comment('The case has no saved searches.')] : []
  return [
    ...head.map(comment),
    ...none,
    ...searches.map((search, n) => `\n${searchSql(search, n + 1, dialect)}`),
    '',
  ].join('\n')
}

/** One line: evidence and people's words can hold line breaks, which would end a comment. */
const comment = (text: string): string => `-- ${visible(text)}`

function searchSql(search: HandedSearch, number: number, dialect: Dialect): string {
  const title = comment(`Search ${number}: ${search.name}`)
  if (search.kind === 'refused') return [title, comment(`Not translated: ${search.reason}`)].join('\n')
  const told = [title, ...questionLines(search.query).map(comment)]
  const translated = translateQuery(search.query, dialect)
  if (!translated.ok) return [...told, comment(`Not translated: ${translated.message}.`)].join('\n')
  return [
    ...told,
    comment(`The case finds ${counted(search.found, 'event')} in these files.`),
    `SELECT * FROM ${dialect.table}`,
    `WHERE ${translated.value}`,
    `ORDER BY eventtime${search.query.sort === '-eventTime' ? ' DESC' : ''};`,
  ].join('\n')
}

function questionLines({ text, from, to, facets }: EventQuery): string[] {
  const parsed = parseQuery(text)
  return [
    `Query: ${text === '' ? '(every event)' : text}`,
    ...(parsed.ok ? [`Understood as: ${describeQuery(parsed.query)}`] : []),
    ...(from === undefined ? [] : [`From: ${formatUtc(from)}`]),
    ...(to === undefined ? [] : [`Before: ${formatUtc(to)}`]),
    ...facets.map(
      (facet) => `Filter: ${facet.field} is ${facet.exclude ? 'none' : 'one'} of ${facet.values.join(', ')}`,
    ),
  ]
}
