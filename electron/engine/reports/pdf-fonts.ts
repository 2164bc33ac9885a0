import { ensure } from '#shared/base/assert.ts'
import type { TextMetrics } from './layout/metrics.ts'
import { fontNames, type FontName } from './layout/type-style.ts'
import type { PdfDocument, PdfReference } from './pdf-document.ts'
import { formatNumber } from './pdf-number.ts'
import type { ReportFonts } from './report-fonts.ts'

type Glyph = { readonly id: number; readonly advanceWidth: number; readonly codePoints: readonly number[] }
type Placed = { readonly xAdvance: number; readonly xOffset: number; readonly yOffset: number }
type GlyphRun = {
  readonly glyphs: readonly Glyph[]
  readonly positions: readonly Placed[]
  readonly advanceWidth: number
}
/** The font as pdfkit embeds it, and as fontkit opened it; pdfkit types neither. */
type EmbeddedFont = {
  readonly id: string
  readonly scale: number
  readonly subset: { includeGlyph: (id: number) => number }
  readonly widths: (number | undefined)[]
  readonly unicode: (readonly number[] | undefined)[]
  readonly font: {
    readonly unitsPerEm: number
    hasGlyphForCodePoint: (codePoint: number) => boolean
    glyphForCodePoint: (codePoint: number) => Glyph
    layout: (text: string) => GlyphRun
  }
  ref: () => PdfReference
}

/** The fonts of a document: what they measure is what they write. */
export type PdfFonts = TextMetrics & { readonly font: (name: FontName) => PdfFont }

/** Registers the fonts with a document. Only the glyphs that are written are embedded. */
export function openFonts(doc: PdfDocument, fonts: ReportFonts): PdfFonts {
  const opened = new Map<FontName, PdfFont>()
  for (const name of fontNames) {
    doc.registerFont(name, Buffer.from(fonts[name]))
    doc.font(name)
    const embedded = (doc as unknown as { _font: EmbeddedFont })._font
    opened.set(name, new PdfFont(embedded, name === 'mono'))
  }
  const font = (name: FontName): PdfFont => ensure(opened.get(name), 'every font name is registered above')
  return {
    font,
    has: (codePoint, name) => font(name).has(codePoint),
    width: (text, name, size) => font(name).width(text) * size,
  }
}

/** Written one glyph per character: identifiers, numbers, punctuation of the scripts that need no shaping. */
const SIMPLE =
  /^[\x20-\x7e\u00a1-\u024f\u0370-\u03ff\u0400-\u04ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u25ff]*$/
/** Ordinary words keep their kerning. */
const WORD = /^[A-Za-z]{1,24}$/
/** Words repeat; identifiers do not and would only fill the memory. */
const MOST_WORDS = 20_000

/** A character: its width in em, and as the document writes it; empty until it is written. */
type Character = { readonly glyph: Glyph; readonly advance: number; code: string }
/** A shaped word: its width in em, and what stands between the outer parentheses of `TJ`; empty until it is written. */
type Word = { readonly run: GlyphRun; readonly advance: number; inner: string; isMoved: boolean }

/**
 * Shaping costs 0.1 ms a word. Identifiers, numbers and everything in the fixed-width font need none: one glyph per character,
 * side by side. That also keeps the programming ligatures of the fixed-width font away: `!=` in evidence must print as two
 * characters. Ordinary words are shaped once. Other scripts are shaped in full, word by word.
 */
class PdfFont {
  readonly #embedded: EmbeddedFont
  readonly #fixedWidth: boolean
  readonly #em: number
  readonly #characters = new Map<number, Character>()
  readonly #ascii: (Character | undefined)[] = []
  readonly #words = new Map<string, Word>()

  constructor(embedded: EmbeddedFont, fixedWidth: boolean) {
    this.#embedded = embedded
    this.#fixedWidth = fixedWidth
    this.#em = embedded.font.unitsPerEm
  }

  /** The name of the font in a page's resources. */
  get id(): string {
    return this.#embedded.id
  }
  get reference(): PdfReference {
    return this.#embedded.ref()
  }
  has(codePoint: number): boolean {
    return this.#embedded.font.hasGlyphForCodePoint(codePoint)
  }

  /** Width of one line in em. */
  width(text: string): number {
    if (this.#fixedWidth) return this.#plainWidth(text)
    let width = 0
    for (const part of partsOf(text)) width += isPlain(part) ? this.#plainWidth(part) : this.#wordOf(part).advance
    return width
  }

  /** The operators that write one line at the current place, in Latin-1: `(…) Tj`, or `TJ` where glyphs stand closer or wider. */
  operators(text: string, size: number): string {
    if (this.#fixedWidth) return `(${this.#plainCodes(text)}) Tj`
    let inner = ''
    let isMoved = false
    for (const part of partsOf(text)) {
      if (isPlain(part)) inner += this.#plainCodes(part)
      else {
        const word = this.#written(part, size)
        inner += word.inner
        isMoved ||= word.isMoved
      }
    }
    return isMoved ? `[(${inner})] TJ` : `(${inner}) Tj`
  }

  #plainWidth(text: string): number {
    let width = 0
    for (let at = 0; at < text.length; at++) {
      const unit = text.charCodeAt(at)
      // What is not ASCII may take two units.
      if (unit > 0x7f) return width + this.#wideWidth(text.slice(at))
      width += (this.#ascii[unit] ?? this.#asciiOf(unit)).advance
    }
    return width
  }

  #wideWidth(text: string): number {
    let width = 0
    for (const character of text) width += this.#characterOf(character).advance
    return width
  }

  #asciiOf(unit: number): Character {
    return (this.#ascii[unit] = this.#characterOf(String.fromCharCode(unit)))
  }

  #plainCodes(text: string): string {
    let codes = ''
    for (const character of text) {
      const known = this.#ascii[character.charCodeAt(0)] ?? this.#characterOf(character)
      if (known.code === '') known.code = this.#include(known.glyph)
      codes += known.code
    }
    return codes
  }

  #characterOf(character: string): Character {
    const codePoint = ensure(character.codePointAt(0), 'a character has a code point')
    const known = this.#characters.get(codePoint)
    if (known) return known
    const glyph = this.#embedded.font.glyphForCodePoint(codePoint)
    const made = { glyph, advance: glyph.advanceWidth / this.#em, code: '' }
    this.#characters.set(codePoint, made)
    return made
  }

  #wordOf(text: string): Word {
    const known = this.#words.get(text)
    if (known) return known
    const run = this.#embedded.font.layout(text)
    const word = { run, advance: run.advanceWidth / this.#em, inner: '', isMoved: false }
    if (this.#words.size < MOST_WORDS) this.#words.set(text, word)
    return word
  }

  #written(text: string, size: number): Pick<Word, 'inner' | 'isMoved'> {
    const word = this.#wordOf(text)
    if (word.inner !== '') return word
    const { run } = word
    // A glyph above or below the line is moved by a length in points, which is not the same at every size.
    if (run.positions.some((one) => one.yOffset !== 0)) return { inner: this.#risen(run, size), isMoved: true }
    word.inner = run.glyphs.map((glyph, n) => this.#placed(glyph, run.positions[n])).join('')
    word.isMoved = run.glyphs.some((glyph, n) => this.#moves(glyph, run.positions[n]).some((by) => by !== 0))
    return word
  }

  #risen(run: GlyphRun, size: number): string {
    const { scale } = this.#embedded
    return run.glyphs
      .map((glyph, n) => {
        const rise = ((run.positions[n]?.yOffset ?? 0) * scale * size) / 1000
        const inner = this.#placed(glyph, run.positions[n])
        return rise === 0 ? inner : `)] TJ ${formatNumber(rise)} Ts [(${inner})] TJ 0 Ts [(`
      })
      .join('')
  }

  #placed(glyph: Glyph, placed: Placed | undefined): string {
    const [before, after] = this.#moves(glyph, placed)
    const move = (by: number): string => (by === 0 ? '' : `) ${formatNumber(by)} (`)
    return move(before) + this.#include(glyph) + move(after)
  }

  /** The corrections before and after a glyph, in thousandths of an em against the direction of writing. */
  #moves(glyph: Glyph, placed: Placed | undefined): readonly [before: number, after: number] {
    const { scale } = this.#embedded
    if (!placed) return [0, 0]
    const rounded = (by: number): number => Math.round(by * scale * 100) / 100
    return [rounded(-placed.xOffset), rounded(placed.xOffset + glyph.advanceWidth - placed.xAdvance)]
  }

  /** Takes a glyph into the embedded subset, with its width and the text it stands for; gives its number as two bytes of a string. */
  #include(glyph: Glyph): string {
    const { subset, widths, unicode, scale } = this.#embedded
    const id = subset.includeGlyph(glyph.id)
    widths[id] ??= glyph.advanceWidth * scale
    unicode[id] ??= glyph.codePoints
    return String.fromCharCode(id >> 8, id & 0xff).replace(/[\\()\r]/g, (byte) => (byte === '\r' ? '\\r' : `\\${byte}`))
  }
}

const isPlain = (part: string): boolean => SIMPLE.test(part) && !WORD.test(part)

/** Words and the blanks between them, each blank a part of its own. */
function partsOf(text: string): string[] {
  const parts: string[] = []
  let start = 0
  for (let blank = text.indexOf(' '); blank !== -1; blank = text.indexOf(' ', start)) {
    if (blank > start) parts.push(text.slice(start, blank))
    parts.push(' ')
    start = blank + 1
  }
  if (start < text.length) parts.push(text.slice(start))
  return parts
}
