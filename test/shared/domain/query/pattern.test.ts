import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { indexLookup, insideTest, literalPattern, toPattern, wholeTest } from '#shared/domain/query/pattern.ts'
import type { Pattern, Piece } from '#shared/domain/query/pattern.ts'
import { fold, words } from '#shared/domain/query/words.ts'

const piece: fc.Arbitrary<Piece> = fc.oneof(
  fc.constant<Piece>({ kind: 'any' }),
  fc.constant<Piece>({ kind: 'one' }),
  fc
    .string({ unit: fc.constantFrom('a', 'b', '-', 'é', '😀'), minLength: 1, maxLength: 3 })
    .map((text): Piece => ({ kind: 'literal', text })),
)
const anyPattern = fc.array(piece, { minLength: 1, maxLength: 5 }).map(toPattern)
const anyText = fc.string({ unit: fc.constantFrom('a', 'A', 'b', '-', 'é', '😀'), maxLength: 9 })

/** The same by V8, whose backtracking does no harm to short texts. */
const regexOf = (pattern: Pattern): string =>
  pattern.map((p) => (p.kind === 'any' ? '[^]*' : p.kind === 'one' ? '[^]' : fold(p.text))).join('')

describe('wholeTest', () => {
  it('agrees with the plain meaning of * and ?', () => {
    fc.assert(
      fc.property(anyPattern, anyText, (pattern, text) => {
        expect(wholeTest(pattern)(text)).toBe(new RegExp(`^(?:${regexOf(pattern)})$`, 'u').test(fold(text)))
      }),
      { numRuns: 2000 },
    )
  })

  it('does not slow down on a text made to be slow', () => {
    const many = toPattern(
      Array.from({ length: 60 }, (_, i): Piece => (i % 2 === 0 ? { kind: 'any' } : { kind: 'literal', text: 'a' })),
    )
    // A backtracking matcher would not return from this within a lifetime.
    expect(wholeTest([...many, { kind: 'literal', text: 'b' }])('a'.repeat(5000))).toBe(false)
  })
})

describe('insideTest', () => {
  it('agrees with the plain meaning: from word edge to word edge, unless a * stands there', () => {
    const inside = '(?<=[\\p{L}\\p{N}\\p{M}])(?=[\\p{L}\\p{N}\\p{M}])'
    fc.assert(
      fc.property(anyPattern, anyText, (pattern, text) => {
        const start = pattern[0]?.kind === 'any' ? '' : `(?!${inside})`
        const end = pattern.at(-1)?.kind === 'any' ? '' : `(?!${inside})`
        expect(insideTest(pattern)(text)).toBe(
          new RegExp(`${start}(?:${regexOf(pattern)})${end}`, 'u').test(fold(text)),
        )
      }),
      { numRuns: 500 },
    )
  })

  it('finds a word in a name of parts, and not a part of a word', () => {
    expect(insideTest(literalPattern('exfil'))('s3-Exfil-role')).toBe(true)
    expect(insideTest(literalPattern('exfil'))('exfiltrate')).toBe(false)
    expect(insideTest(literalPattern('exfil'))('exfiltrate exfil')).toBe(true)
  })
})

describe('indexLookup', () => {
  it('names only words that every matching text has, and is decisive only when that is enough', () => {
    fc.assert(
      fc.property(anyPattern, anyText, (pattern, text) => {
        const lookup = indexLookup(pattern)
        const inText = words(text)
        const has =
          lookup.words.every((word) => inText.includes(word)) &&
          lookup.prefixes.every((prefix) => inText.some((word) => word.startsWith(prefix)))
        const matches = insideTest(pattern)(text)
        if (matches) expect(has).toBe(true)
        if (lookup.decisive) expect(matches).toBe(has)
      }),
      { numRuns: 3000 },
    )
  })

  it.each([
    ['exfil', { words: ['exfil'], prefixes: [], decisive: true }],
    ['exfil*', { words: [], prefixes: ['exfil'], decisive: true }],
    ['*exfil', { words: [], prefixes: [], decisive: false }],
    ['s3-exfil', { words: ['s3', 'exfil'], prefixes: [], decisive: false }],
    ['s3-exf*', { words: ['s3'], prefixes: ['exf'], decisive: false }],
    ['*a-b-c*', { words: ['b'], prefixes: ['c'], decisive: false }],
    ['*-exfil-*', { words: ['exfil'], prefixes: [], decisive: false }],
  ])('serves %s', (text, expected) => {
    const pieces = text
      .split(/(\*)/)
      .map((part): Piece => (part === '*' ? { kind: 'any' } : { kind: 'literal', text: part }))
    expect(indexLookup(toPattern(pieces))).toEqual(expected)
  })
})
