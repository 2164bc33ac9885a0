import { visible } from '#shared/base/visible.ts'
import type { Line, SpanStyle } from '../blocks.ts'
import type { TextMetrics } from './metrics.ts'
import { faintInk, ink, type FontName, type TextStyle } from './type-style.ts'

/** A stretch of text in one font and colour, `x` from the start of its line. */
export type Run = { readonly x: number; readonly text: string; readonly font: FontName; readonly colour: string }
export type WrappedLine = { readonly runs: readonly Run[]; readonly width: number }

type Piece = { text: string; font: FontName; colour: string; width: number }
/** `blank` is the width of the blanks after the word, in the font in which they stand. */
type Word = { pieces: Piece[]; width: number; spaces: number; blank: number }

const ASCII = /^[\x20-\x7e]*$/
const MARK = /^\p{M}$/u
/** A break may come after these, inside a word that is too long for a line. */
const BREAK_AFTER = new Set('/:-_.,@&=?;|+#%)]}')

/**
 * Breaks a line of spans to a width in points. Breaks at blanks; a word longer than a whole line breaks after a separator or before
 * a capital, else anywhere. No character is lost except the blanks at which a line ends. Always gives at least one line.
 */
export function wrapLine(line: Line, style: TextStyle, width: number, metrics: TextMetrics): WrappedLine[] {
  const whole = unbroken(line, style, width, metrics)
  if (whole) return [whole]
  const lines: WrappedLine[] = []
  let current: Word[] = []
  let used = 0
  const flush = (): void => {
    lines.push(assemble(current, style, metrics))
    current = []
    used = 0
  }
  for (const word of wordsOf(line, style, metrics)) {
    const parts = word.width > width ? splitWord(word, width, style, metrics) : [word]
    for (const part of parts) {
      // Rounding of sums must not push a word that was measured to fit.
      if (current.length > 0 && used + part.width > width + 0.01) flush()
      current.push(part)
      used += part.width + part.blank
    }
  }
  if (current.length > 0 || lines.length === 0) flush()
  return lines
}

/** Most lines are one plain text that fits: the same as below, without taking it apart. */
function unbroken(line: Line, style: TextStyle, width: number, metrics: TextMetrics): WrappedLine | undefined {
  const [span, other] = line
  if (!span || other || !ASCII.test(span.text) || span.text.endsWith(' ')) return undefined
  const text = span.text.trimStart()
  if (text === '') return undefined
  const font = fontOf(style, span.style)
  const x = (span.text.length - text.length) * metrics.width(' ', font, style.size)
  const end = x + metrics.width(text, font, style.size)
  if (end > width) return undefined
  return { runs: [{ x, text, font, colour: colourOf(span.style) }], width: end }
}

const colourOf = (style: SpanStyle): string => (style === 'faint' ? faintInk : ink)

function fontOf(style: TextStyle, span: SpanStyle): FontName {
  switch (span) {
    case 'mono':
      return 'mono'
    case 'strong':
      return 'sansBold'
    case 'emphasis':
      return 'sansItalic'
    case 'plain':
    case 'faint':
      return style.bold ? 'sansBold' : 'sans'
  }
}

/** Words with the blanks that follow them; leading blanks make an empty word, so that indentation stays. */
function wordsOf(line: Line, style: TextStyle, metrics: TextMetrics): Word[] {
  const words: Word[] = []
  let word: Word = { pieces: [], width: 0, spaces: 0, blank: 0 }
  for (const span of line) {
    const colour = colourOf(span.style)
    for (const { text, font } of fontRuns(span.text, fontOf(style, span.style), metrics)) {
      let at = 0
      while (at < text.length) {
        if (text.charAt(at) === ' ') {
          word.spaces++
          word.blank += metrics.width(' ', font, style.size)
          at++
          continue
        }
        if (word.spaces > 0) {
          words.push(word)
          word = { pieces: [], width: 0, spaces: 0, blank: 0 }
        }
        const blank = text.indexOf(' ', at)
        const end = blank === -1 ? text.length : blank
        const part = text.slice(at, end)
        const width = metrics.width(part, font, style.size)
        word.pieces.push({ text: part, font, colour, width })
        word.width += width
        at = end
      }
    }
  }
  if (word.pieces.length > 0 || word.spaces > 0) words.push(word)
  return words
}

/**
 * The text in fonts that can draw it. What no font can draw, hidden characters, and marks stacked higher than two are
 * written as `\u{…}`.
 */
export function fontRuns(text: string, font: FontName, metrics: TextMetrics): { text: string; font: FontName }[] {
  const shown = visible(text)
  if (ASCII.test(shown)) return shown === '' ? [] : [{ text: shown, font }]
  const runs: { text: string; font: FontName }[] = []
  let marks = 0
  for (const character of shown) {
    const codePoint = character.codePointAt(0) ?? 0
    marks = MARK.test(character) ? marks + 1 : 0
    const able = marks > 2 ? undefined : fontFor(codePoint, font, metrics)
    const piece = able ? { text: character, font: able } : { text: `\\u{${codePoint.toString(16)}}`, font }
    const last = runs.at(-1)
    if (last && last.font === piece.font) last.text += piece.text
    else runs.push(piece)
  }
  return runs
}

function fontFor(codePoint: number, wanted: FontName, metrics: TextMetrics): FontName | undefined {
  if (metrics.has(codePoint, wanted)) return wanted
  const other = wanted === 'mono' ? 'sans' : 'mono'
  return metrics.has(codePoint, other) ? other : undefined
}

/** Cuts a word that is too long into parts that fit, each at the last good place. */
function splitWord(word: Word, width: number, style: TextStyle, metrics: TextMetrics): Word[] {
  const parts: Word[] = []
  let part: Word = { pieces: [], width: 0, spaces: 0, blank: 0 }
  const close = (): void => {
    parts.push(part)
    part = { pieces: [], width: 0, spaces: 0, blank: 0 }
  }
  for (const piece of word.pieces) {
    let rest = piece.text
    while (rest !== '') {
      const head = fitting(rest, piece.font, width - part.width, style, metrics)
      if (head === '' && part.pieces.length > 0) {
        close()
        continue
      }
      // A single character wider than the line is set all the same: losing it would be worse.
      const taken = head === '' ? firstCharacter(rest) : head
      const pieceWidth = metrics.width(taken, piece.font, style.size)
      part.pieces.push({ text: taken, font: piece.font, colour: piece.colour, width: pieceWidth })
      part.width += pieceWidth
      rest = rest.slice(taken.length)
      if (rest !== '') close()
    }
  }
  part.spaces = word.spaces
  part.blank = word.blank
  parts.push(part)
  return parts
}

const firstCharacter = (text: string): string => String.fromCodePoint(text.codePointAt(0) ?? 0)

/** The longest beginning that fits, shortened to the last good break if one is in its second half. */
function fitting(text: string, font: FontName, width: number, style: TextStyle, metrics: TextMetrics): string {
  let used = 0
  let end = 0
  let good = 0
  for (const character of text) {
    used += metrics.width(character, font, style.size)
    if (used > width) break
    const next = text.charAt(end + character.length)
    end += character.length
    if (BREAK_AFTER.has(character) || (isLower(character) && isUpper(next))) good = end
  }
  if (end === text.length) return text
  return text.slice(0, good * 2 > end ? good : end)
}

const isLower = (c: string): boolean => c >= 'a' && c <= 'z'
const isUpper = (c: string): boolean => c >= 'A' && c <= 'Z'

/** Places the pieces and joins neighbours of one font and colour. */
function assemble(words: readonly Word[], style: TextStyle, metrics: TextMetrics): WrappedLine {
  const runs: { x: number; text: string; font: FontName; colour: string }[] = []
  let x = 0
  let width = 0
  words.forEach((word, index) => {
    for (const piece of word.pieces) {
      const last = runs.at(-1)
      if (last && last.font === piece.font && last.colour === piece.colour && x - endOf(last, style, metrics) < 0.01)
        last.text += piece.text
      else runs.push({ x, text: piece.text, font: piece.font, colour: piece.colour })
      x += piece.width
    }
    width = x
    if (index === words.length - 1) return
    // Blanks are written, not only skipped, so that copied text keeps them.
    const last = runs.at(-1)
    const sameFont =
      last !== undefined && Math.abs(word.blank - word.spaces * metrics.width(' ', last.font, style.size)) < 0.01
    if (sameFont && word.pieces.length > 0) last.text += ' '.repeat(word.spaces)
    x += word.blank
  })
  return { runs, width }
}

const endOf = (run: { x: number; text: string; font: FontName }, style: TextStyle, metrics: TextMetrics): number =>
  run.x + metrics.width(run.text, run.font, style.size)
