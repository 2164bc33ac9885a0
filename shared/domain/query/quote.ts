import { hasHidden, visible } from '../../base/visible.ts'

/**
 * A text in quotes that `parseQuery` reads back exactly, whatever it holds: `"` and `\` get a backslash, and what a
 * person could not see (control, bidi, zero-width characters, lone surrogates) is written as `\u{202e}`.
 */
export const quote = (text: string): string => `"${visible(text.replace(/[\\"]/g, '\\$&'))}"`

const PLAIN = /^[\p{L}\p{N}\p{M}_.]$/u
/** Signs without a meaning of their own inside a word, and those that have none after `field:`. */
const INSIDE_WORD = /^[-/@+,]$/
const INSIDE_VALUE = /^[-/@+,:=]$/

/**
 * A text for use outside quotes, beside wildcards: what has a meaning of its own there gets a backslash. `place` says whether it stands after
 * `field:`, in a bare word, or in either after a wildcard (`first` false).
 */
export function escapeBare(text: string, place: { readonly inValue: boolean; readonly first: boolean }): string {
  const harmless = place.inValue ? INSIDE_VALUE : INSIDE_WORD
  const escape = (character: string, index: number): string => {
    if (hasHidden(character)) return visible(character)
    if (PLAIN.test(character)) return character
    return harmless.test(character) && (index > 0 || !place.first) ? character : `\\${character}`
  }
  return Array.from(text, escape).join('')
}
