const WORDS = /[\p{L}\p{N}\p{M}]+/gu
const WORD_CHARACTER = /[\p{L}\p{N}\p{M}]/u

/**
 * The form in which texts are compared: lower case, with one Greek sigma. What a character becomes does not depend on
 * its neighbours, so `fold(a + b)` is `fold(a) + fold(b)` and a part of a text is a part of its folded form.
 */
export const fold = (text: string): string => text.toLowerCase().replaceAll('ς', 'σ')

/**
 * THE tokenizer of free text, for the index and for the search alike: the runs of letters, digits and combining marks
 * of the folded text, in order. Everything else separates, control characters and underscores included, so
 * `s3-exfil_role` gives `s3`, `exfil`, `role`. Linear in the length of the text.
 */
export const words = (text: string): string[] => fold(text).match(WORDS) ?? []

/** Whether the code point belongs to a word. */
export function isWordCharacter(codePoint: number): boolean {
  if (codePoint < 128) {
    return (
      (codePoint >= 97 && codePoint <= 122) ||
      (codePoint >= 48 && codePoint <= 57) ||
      (codePoint >= 65 && codePoint <= 90)
    )
  }
  return WORD_CHARACTER.test(String.fromCodePoint(codePoint))
}
