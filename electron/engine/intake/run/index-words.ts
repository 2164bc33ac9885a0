const BEYOND_ASCII = /[^\0-\x7f]/gu

/**
 * Words as the full-text index is given them, one or several parted by blanks. SQLite's tokenizer knows the letters of Unicode 6.1 and
 * folds them in its own way: a younger letter would break a word of ours into two, and different words would become one.
 * Characters beyond ASCII are therefore written as two private-use characters each, which the tokenizer takes as
 * letters and leaves alone:
 *
 *     straße  ->  stra U+E000 U+E8DF e
 *
 * Beginnings stay beginnings (`stra`, `straß`), and no word holds private-use characters of its own (they are in none of L, N, M).
 */
export const indexWords = (words: string): string =>
  words.replace(BEYOND_ASCII, (character) => {
    const codePoint = character.codePointAt(0)!
    return String.fromCharCode(0xe000 + (codePoint >>> 10), 0xe800 + (codePoint & 0x3ff))
  })
