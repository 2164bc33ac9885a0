import type PDFDocument from 'pdfkit'
import { ensure } from '#shared/base/assert.ts'
import type { TextMetrics } from './layout/metrics.ts'
import { fontNames, type FontName } from './layout/type-style.ts'
import type { ReportFonts } from './report-fonts.ts'

type Glyph = { readonly id: number; readonly advanceWidth: number; readonly codePoints: readonly number[] }
type GlyphRun = {
  readonly glyphs: readonly Glyph[]
  readonly positions: readonly { xAdvance: number; yAdvance: number; xOffset: number; yOffset: number }[]
  readonly advanceWidth: number
}
/** The part of pdfkit's opened font (fontkit) that we use; pdfkit does not type it. */
type OpenedFont = {
  readonly unitsPerEm: number
  hasGlyphForCodePoint: (codePoint: number) => boolean
  glyphForCodePoint: (codePoint: number) => Glyph
  layout: (text: string, features?: unknown) => GlyphRun
}

/** Registers the fonts with a document and measures with exactly the glyphs that it will draw. */
export function openFonts(doc: InstanceType<typeof PDFDocument>, fonts: ReportFonts): TextMetrics {
  const opened = new Map<FontName, OpenedFont>()
  const fixed = new Map<FontName, Map<string, number>>()
  for (const name of fontNames) {
    doc.registerFont(name, Buffer.from(fonts[name]))
    doc.font(name)
    const font = (doc as unknown as { _font: { font: OpenedFont } })._font.font
    setPlainLayout(font, name === 'mono')
    opened.set(name, font)
    fixed.set(name, new Map())
  }
  const fontOf = (name: FontName): OpenedFont => ensure(opened.get(name), 'every font name is registered above')
  return {
    has: (codePoint, name) => fontOf(name).hasGlyphForCodePoint(codePoint),
    width: (text, name, size) => {
      if (text.length > 1) return measure(fontOf(name), text) * size
      const known = ensure(fixed.get(name), 'every font name is registered above')
      let width = known.get(text)
      if (width === undefined) known.set(text, (width = measure(fontOf(name), text)))
      return width * size
    },
  }
}

const measure = (font: OpenedFont, text: string): number => font.layout(text).advanceWidth / font.unitsPerEm

const SIMPLE =
  /^[\x20-\x7e\u00a1-\u024f\u0370-\u03ff\u0400-\u04ff\u2010-\u2027\u2030-\u205e\u2190-\u21ff\u2500-\u25ff]*$/
const WORD = /^[A-Za-z ]{1,24}$/

/**
 * Shaping costs 0.1 ms a word. Identifiers, numbers and everything in the fixed-width font need none: one glyph per character,
 * side by side. That also keeps the programming ligatures of the fixed-width font away: `!=` in evidence must print as two
 * characters. Ordinary words keep their kerning and are shaped once. Other scripts are shaped in full.
 */
function setPlainLayout(font: OpenedFont, fixedWidth: boolean): void {
  const shape = font.layout.bind(font)
  const glyphs = new Map<number, Glyph>()
  const words = new Map<string, GlyphRun>()
  const plainRun = (text: string): GlyphRun => {
    const found: Glyph[] = []
    let advanceWidth = 0
    for (const character of text) {
      const codePoint = ensure(character.codePointAt(0), 'a character has a code point')
      let glyph = glyphs.get(codePoint)
      if (!glyph) glyphs.set(codePoint, (glyph = font.glyphForCodePoint(codePoint)))
      found.push(glyph)
      advanceWidth += glyph.advanceWidth
    }
    return {
      glyphs: found,
      positions: found.map((glyph) => ({ xAdvance: glyph.advanceWidth, yAdvance: 0, xOffset: 0, yOffset: 0 })),
      advanceWidth,
    }
  }
  font.layout = (text: string): GlyphRun => {
    if (fixedWidth || (SIMPLE.test(text) && !WORD.test(text))) return plainRun(text)
    let run = words.get(text)
    if (!run) {
      run = shape(text)
      if (words.size < 20_000) words.set(text, run)
    }
    // pdfkit scales positions in place: it gets its own.
    return { glyphs: run.glyphs, positions: run.positions.map((one) => ({ ...one })), advanceWidth: run.advanceWidth }
  }
}
