import { documentFields } from '#shared/domain/fields.ts'
import type { ExportEvent } from '#shared/domain/export.ts'
import { fold } from '#shared/domain/query/words.ts'
import { parsedDocument } from './event-facts.ts'

/**
 * The documents of an event as SQL can search them exactly: every scalar with the path that leads to it, and every key.
 *
 *     requestParameters {"Items":[{"cidrIp":"a"},{}]}
 *       texts  [["/requestparameters", null], ["/requestparameters/items", null], ["/requestparameters/items/cidrip", "a"]]
 *       keys   ["Items", "cidrIp"]
 *
 * A path is a JSON pointer (RFC 6901) in the folded form of the query language, without the indices of arrays, as the query language walks
 * them. An object without a scalar of its own and an empty array have an entry with null: they are there. JSON null is not.
 */
export type DocumentTexts = {
  readonly texts: readonly (readonly [string, string | null])[]
  readonly keys: readonly string[]
}

export const pointerOf = (parts: readonly string[]): string => parts.map(pointerPart).join('')

const pointerPart = (part: string): string => `/${fold(part).replaceAll('~', '~0').replaceAll('/', '~1')}`

export function documentTexts(event: ExportEvent): DocumentTexts {
  const texts: [string, string | null][] = []
  const keys = new Set<string>()
  for (const field of documentFields) {
    const root = parsedDocument(event.documents[field])
    if (root !== undefined) collect(root, pointerPart(field), texts, keys)
  }
  return { texts, keys: [...keys] }
}

/** Walks with a list instead of recursion: evidence decides how deep it is nested. */
function collect(root: unknown, path: string, texts: [string, string | null][], keys: Set<string>): void {
  const waiting: { value: unknown; path: string; inArray: boolean }[] = [{ value: root, path, inArray: false }]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { value, path: at, inArray } = next
    if (value === null || value === undefined) continue
    if (Array.isArray(value)) {
      if (value.length === 0 && !inArray) texts.push([at, null])
      for (const inner of value as unknown[]) waiting.push({ value: inner, path: at, inArray: true })
    } else if (typeof value === 'object') {
      const members = Object.entries(value) as [string, unknown][]
      if (!members.some(([, inner]) => inner !== null && typeof inner !== 'object')) texts.push([at, null])
      for (const [key, inner] of members) {
        keys.add(carried(key))
        waiting.push({ value: inner, path: at + carried(pointerPart(key)), inArray: false })
      }
    } else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') {
      texts.push([at, carried(String(value))])
    }
  }
}

/** What a column can carry: half a surrogate pair and U+0000 become U+FFFD. */
const carried = (text: string): string => text.replace(/\p{Surrogate}|\0/gu, '\ufffd')
