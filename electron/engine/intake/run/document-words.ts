import { anyTextIn } from '#shared/domain/query/documents.ts'
import { words } from '#shared/domain/query/words.ts'

/** The distinct words of a document: of every scalar and every key, wherever they stand, as free text looks for them. */
export function documentWords(json: unknown): Set<string> {
  const found = new Set<string>()
  anyTextIn(
    json,
    (text) => {
      for (const word of words(text)) found.add(word)
      return false
    },
    true,
  )
  return found
}
