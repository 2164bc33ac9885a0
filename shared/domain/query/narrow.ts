import { parseQuery } from './parse.ts'
import { quote } from './quote.ts'

/** A condition that a field has exactly this value, whatever it holds; `undefined`: that it has none. */
export const isExactly = (field: string, value: string | undefined): string =>
  value === undefined ? `-${field}:*` : `${field}:${quote(value)}`

/**
 * Both texts as one query. Each is put in parentheses where its own OR would reach into the other; a text that is not a
 * query is left out beside another, because nothing can be said about its place.
 */
export function bothQueries(a: string, b: string): string {
  const texts = [a, b].filter((text) => text.trim() !== '')
  if (texts.length < 2) return texts[0] ?? ''
  return texts.flatMap(asPart).join(' ')
}

function asPart(text: string): string[] {
  const parsed = parseQuery(text)
  if (!parsed.ok || parsed.query.kind === 'all') return []
  // Not trimmed but cut by its span: a blank at the end may be escaped and belong to a word.
  const { start, end } = parsed.query.span
  const written = text.slice(start, end)
  return [parsed.query.kind === 'or' ? `(${written})` : written]
}
