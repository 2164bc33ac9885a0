import { assertNever } from '../../base/assert.ts'
import { fold, isWordCharacter, words } from './words.ts'

/** `*` is `any` (any run of characters, also none), `?` is `one` (exactly one character). */
export type Piece =
  { readonly kind: 'literal'; readonly text: string } | { readonly kind: 'any' } | { readonly kind: 'one' }
/** A text with wildcards. Neighbouring literals are one piece, neighbouring `any` too (see `toPattern`). */
export type Pattern = readonly Piece[]

/** The same pattern with neighbouring literals joined, empty ones left out, and `**` as `*`. */
export function toPattern(pieces: readonly Piece[]): Pattern {
  const out: Piece[] = []
  for (const piece of pieces) {
    const last = out.at(-1)
    if (piece.kind === 'literal' && last?.kind === 'literal')
      out[out.length - 1] = { kind: 'literal', text: last.text + piece.text }
    else if (piece.kind === 'literal' && piece.text === '') continue
    else if (!(piece.kind === 'any' && last?.kind === 'any')) out.push(piece)
  }
  return out
}

export const literalPattern = (text: string): Pattern => toPattern([{ kind: 'literal', text }])

/** The text of a pattern without wildcards, else `undefined`. */
export function literalOf(pattern: Pattern): string | undefined {
  if (pattern.length === 0) return ''
  const [only] = pattern
  return pattern.length === 1 && only?.kind === 'literal' ? only.text : undefined
}

/** Whether the pattern is `*`: it says nothing about the text. */
export const isAnything = (pattern: Pattern): boolean => pattern.length === 1 && pattern[0]?.kind === 'any'

/** What stands between two `*`: folded literals, and `undefined` for each `?`. */
type Segment = readonly (string | undefined)[]
type Segments = { readonly parts: readonly Segment[]; readonly openStart: boolean; readonly openEnd: boolean }

function toSegments(pattern: Pattern): Segments {
  const parts: (string | undefined)[][] = [[]]
  for (const piece of toPattern(pattern)) {
    switch (piece.kind) {
      case 'any':
        parts.push([])
        break
      case 'one':
        parts.at(-1)?.push(undefined)
        break
      case 'literal':
        parts.at(-1)?.push(fold(piece.text))
        break
      default:
        assertNever(piece)
    }
  }
  return {
    parts: parts.filter((part) => part.length > 0),
    openStart: pattern[0]?.kind === 'any',
    openEnd: pattern.at(-1)?.kind === 'any',
  }
}

const codePointBefore = (text: string, at: number): number => {
  const unit = text.charCodeAt(at - 1)
  const isLow = unit >= 0xdc00 && unit <= 0xdfff
  return isLow && at >= 2 ? (text.codePointAt(at - 2)! > 0xffff ? text.codePointAt(at - 2)! : unit) : unit
}

/** A place is inside a word when word characters stand on both of its sides. */
const insideWord = (text: string, at: number): boolean =>
  at > 0 && at < text.length && isWordCharacter(text.codePointAt(at)!) && isWordCharacter(codePointBefore(text, at))

/** Where the segment ends when it begins at `at`, or -1. */
function segmentEnd(text: string, segment: Segment, at: number): number {
  let end = at
  for (const part of segment) {
    if (part === undefined) {
      if (end >= text.length) return -1
      end += text.codePointAt(end)! > 0xffff ? 2 : 1
    } else {
      if (!text.startsWith(part, end)) return -1
      end += part.length
    }
  }
  return end
}

type Places = { readonly mayStart: (at: number) => boolean; readonly mayEnd: (at: number) => boolean }

/** Where the first fitting occurrence of the segment from `from` on ends, or -1. */
function findSegment(text: string, segment: Segment, from: number, places: Places): number {
  const first = segment[0]
  for (let at = from; at <= text.length; at++) {
    if (first !== undefined) {
      at = text.indexOf(first, at)
      if (at < 0) return -1
    }
    const end = segmentEnd(text, segment, at)
    if (end >= 0 && places.mayStart(at) && places.mayEnd(end)) return end
  }
  return -1
}

const anywhere = (): boolean => true

/**
 * Segments are independent of each other, so taking the leftmost fitting place for each is always right: no
 * backtracking over `*`.
 */
function findSegments(text: string, { parts, openStart, openEnd }: Segments, places: Places): boolean {
  let at = 0
  for (const [index, segment] of parts.entries()) {
    at = findSegment(text, segment, at, {
      mayStart: index === 0 && !openStart ? places.mayStart : anywhere,
      mayEnd: index === parts.length - 1 && !openEnd ? places.mayEnd : anywhere,
    })
    if (at < 0) return false
  }
  return true
}

/** Tests whether the pattern covers a text as a whole, without regard to case. */
export function wholeTest(pattern: Pattern): (text: string) => boolean {
  const literal = literalOf(pattern)
  if (literal !== undefined) {
    const wanted = fold(literal)
    return (text) => fold(text) === wanted
  }
  const segments = toSegments(pattern)
  const literals = segments.parts.map((segment) => segment[0])
  if (pattern.every((piece) => piece.kind !== 'one'))
    return literalsTest(
      literals.filter((part) => part !== undefined),
      segments,
    )
  const [first] = segments.parts
  return (text) => {
    const folded = fold(text)
    if (first !== undefined && !segments.openStart && segmentEnd(folded, first, 0) < 0) return false
    return findSegments(folded, segments, { mayStart: (at) => at === 0, mayEnd: (at) => at === folded.length })
  }
}

/** The same without `?`, which is nearly every pattern: this runs over hundreds of thousands of distinct values. */
function literalsTest(literals: readonly string[], { openStart, openEnd }: Segments): (text: string) => boolean {
  const head = openStart ? '' : (literals[0] ?? '')
  const tail = openEnd ? '' : (literals.at(-1) ?? '')
  const middle = literals.slice(openStart ? 0 : 1, openEnd ? undefined : -1)
  return (text) => {
    const folded = fold(text)
    if (!folded.startsWith(head) || !folded.endsWith(tail)) return false
    let at = head.length
    for (const part of middle) {
      at = folded.indexOf(part, at)
      if (at < 0) return false
      at += part.length
    }
    return at + tail.length <= folded.length
  }
}

/**
 * Tests whether the pattern is found inside a text, without regard to case, beginning and ending at the edges of words.
 * A `*` at an end of the pattern lifts that: `exfil*` finds the beginning of a word, `*fil*` finds it anywhere.
 */
export function insideTest(pattern: Pattern): (text: string) => boolean {
  const segments = toSegments(pattern)
  return (text) => {
    const folded = fold(text)
    const edge = (at: number): boolean => !insideWord(folded, at)
    return findSegments(folded, segments, { mayStart: edge, mayEnd: edge })
  }
}

/**
 * What an index of words can say about `insideTest(pattern)`: a text that matches has each of `words`, and for each of
 * `prefixes` a word that begins with it. When `decisive`, such a text always matches; else it must be tested.
 * Both lists empty: the index cannot help, every text must be scanned.
 */
export type IndexLookup = {
  readonly words: readonly string[]
  readonly prefixes: readonly string[]
  readonly decisive: boolean
}

export function indexLookup(pattern: Pattern): IndexLookup {
  const whole = new Set<string>()
  const prefixes = new Set<string>()
  for (const [index, piece] of pattern.entries()) {
    if (piece.kind !== 'literal') continue
    const text = fold(piece.text)
    const found = words(text)
    for (const [nth, word] of found.entries()) {
      const startsInside = nth === 0 && index > 0 && text.startsWith(word)
      const endsInside = nth === found.length - 1 && index < pattern.length - 1 && text.endsWith(word)
      if (startsInside) continue
      if (endsInside) prefixes.add(word)
      else whole.add(word)
    }
  }
  const [first, second] = pattern
  const decisive =
    first?.kind === 'literal' &&
    words(first.text)[0] === fold(first.text) &&
    (second === undefined || (second.kind === 'any' && pattern.length === 2))
  return { words: [...whole], prefixes: [...prefixes], decisive }
}
