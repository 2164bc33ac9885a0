import { assertNever } from '#shared/base/assert.ts'
import type { Pattern, Piece } from '#shared/domain/query/pattern.ts'
import { fold, isWordCharacter } from '#shared/domain/query/words.ts'
import { Untranslatable } from './untranslatable.ts'

const WORD = '\\p{L}\\p{N}\\p{M}'
const ANY = '(?:[^\\n]|\\n)'

/** The folded literal with every ASCII sign escaped. */
const literal = (text: string): string => fold(text).replace(/[!-/:-@[-^`{-~]/g, '\\$&')

function pieces(pattern: Pattern, one: string, any: string): string {
  return pattern
    .map((piece) => {
      switch (piece.kind) {
        case 'any':
          return any
        case 'one':
          return one
        case 'literal':
          return literal(piece.text)
        default:
          return assertNever(piece)
      }
    })
    .join('')
}

/** Free text in a folded text: what `insideTest` of the query language means, as a regular expression. */
export function insideRegex(pattern: Pattern): string {
  const body = pieces(pattern, ANY, `${ANY}*`)
  return `${edgeBefore(pattern[0])}${body}${edgeAfter(pattern.at(-1))}`
}

const atEdge = (): never => {
  throw new Untranslatable('a ? at the end of a word needs a regular expression that RE2 does not have')
}

/** No word character may stand on both sides of an edge. */
function edgeBefore(first: Piece | undefined): string {
  if (first?.kind === 'one') return atEdge()
  const begins = first?.kind === 'literal' ? fold(first.text).codePointAt(0) : undefined
  return begins !== undefined && isWordCharacter(begins) ? `(?:\\A|[^${WORD}])` : ''
}

function edgeAfter(last: Piece | undefined): string {
  if (last?.kind === 'one') return atEdge()
  const text = last?.kind === 'literal' ? Array.from(fold(last.text)).at(-1) : undefined
  return text !== undefined && isWordCharacter(text.codePointAt(0)!) ? `(?:\\z|[^${WORD}])` : ''
}

/**
 * A name in a folded ARN, as `namesInArn` of the query language parts it: after the fifth `:` or `/`, between two of them. A name holds
 * neither, so a pattern with one of them names none.
 */
export function arnNameRegex(pattern: Pattern): string | undefined {
  if (pattern.some((piece) => piece.kind === 'literal' && /[:/]/.test(piece.text))) return undefined
  return `\\Aarn:(?:[^:/]*[:/]){4,}${pieces(pattern, '[^:/]', '[^:/]*')}(?:[:/]|\\z)`
}
