import { visible } from '#shared/base/visible.ts'

/** A piece of a line: plain text, or a mark for bytes that are no UTF-8 (`\xff`) or for characters that hide (`\u{202e}`). */
export type RawPiece = { readonly kind: 'text' | 'invalid' | 'hidden'; readonly text: string }

/** A line as shown: `offset` is its first byte; `ends` says whether a line feed stands in the bytes after it or the view broke it. */
export type RawLine = {
  readonly offset: number
  readonly pieces: readonly RawPiece[]
  readonly ends: 'feed' | 'broken' | 'end'
}

/**
 * Bytes as lines of text, broken after `columns` shown characters, never inside a character. Every byte is accounted for: what is
 * not UTF-8 (overlong forms and surrogates included) is shown as `\xNN`.
 *
 *     7b 22 61 ff 0a  ->  0  {"a\xff
 */
export function rawLines(bytes: Uint8Array, columns: number): readonly RawLine[] {
  const lines: RawLine[] = []
  let pieces: { kind: RawPiece['kind']; text: string }[] = []
  let width = 0
  let start = 0
  const end = (ends: RawLine['ends'], next: number): void => {
    lines.push({ offset: start, pieces, ends })
    pieces = []
    width = 0
    start = next
  }
  const push = (kind: RawPiece['kind'], text: string, at: number): void => {
    // A mark is wider than what it stands for and is never cut in two.
    if (width > 0 && width + text.length > columns) end('broken', at)
    const last = pieces.at(-1)
    if (last?.kind === kind) last.text += text
    else pieces.push({ kind, text })
    width += text.length
  }
  for (let at = 0; at < bytes.length;) {
    const byte = bytes[at]!
    if (byte === 0x0a) {
      end('feed', ++at)
      continue
    }
    const length = utf8Length(bytes, at)
    if (length === 0) push('invalid', `\\x${byte.toString(16).padStart(2, '0')}`, at)
    else {
      const text = DECODER.decode(bytes.subarray(at, at + length))
      const shown = byte === 0x09 ? text : visible(text)
      push(shown === text ? 'text' : 'hidden', shown, at)
    }
    at += Math.max(1, length)
  }
  if (pieces.length > 0 || lines.length === 0) end('end', bytes.length)
  return lines
}

const DECODER = new TextDecoder('utf-8', { ignoreBOM: true })

/** How many bytes the UTF-8 character at `at` takes; 0 when there is none (Unicode table 3-7, well-formed byte sequences). */
function utf8Length(bytes: Uint8Array, at: number): number {
  const a = bytes[at]!
  if (a < 0x80) return 1
  const length = a >= 0xc2 && a <= 0xdf ? 2 : a >= 0xe0 && a <= 0xef ? 3 : a >= 0xf0 && a <= 0xf4 ? 4 : 0
  for (let i = 1; i < length; i++) if (((bytes[at + i] ?? 0) & 0xc0) !== 0x80) return 0
  const b = bytes[at + 1] ?? 0
  const badSecond =
    (a === 0xe0 && b < 0xa0) || (a === 0xed && b > 0x9f) || (a === 0xf0 && b < 0x90) || (a === 0xf4 && b > 0x8f)
  return badSecond ? 0 : length
}

/** The text of a line as shown. */
export const lineText = (line: RawLine): string => line.pieces.map((piece) => piece.text).join('')

/** A hit: line and column where it starts, and how long it is; it may run over into the next lines where the view broke them. */
export type RawHit = { readonly line: number; readonly column: number; readonly length: number }

const MOST_HITS = 2000

/** Where `wanted` stands in the shown text, ignoring case, at most 2,000 times. Breaks made by the view do not hide a hit. */
export function findInRaw(lines: readonly RawLine[], wanted: string): readonly RawHit[] {
  if (wanted === '') return []
  const starts: number[] = []
  let text = ''
  for (const line of lines) {
    starts.push(text.length)
    text += lineText(line) + (line.ends === 'feed' ? '\n' : '')
  }
  // Lower case may be longer than the text (dotted I); positions are only trusted where it is not.
  const lower = text.toLowerCase().length === text.length ? text.toLowerCase() : text
  const needle = lower === text ? wanted : wanted.toLowerCase()
  const hits: RawHit[] = []
  let line = 0
  for (
    let at = lower.indexOf(needle);
    at >= 0 && hits.length < MOST_HITS;
    at = lower.indexOf(needle, at + needle.length)
  ) {
    while (line + 1 < starts.length && starts[line + 1]! <= at) line++
    hits.push({ line, column: at - starts[line]!, length: needle.length })
  }
  return hits
}

/** The stretches `[from, to)` of each line that belong to a hit, by line. */
export function hitStretches(
  lines: readonly RawLine[],
  hits: readonly RawHit[],
): ReadonlyMap<number, readonly { readonly from: number; readonly to: number; readonly hit: number }[]> {
  const stretches = new Map<number, { from: number; to: number; hit: number }[]>()
  hits.forEach((hit, n) => {
    let { line, column, length: left } = hit
    while (left > 0 && line < lines.length) {
      const room = lineText(lines[line]!).length - column
      const taken = Math.min(left, room)
      if (taken > 0) stretches.set(line, [...(stretches.get(line) ?? []), { from: column, to: column + taken, hit: n }])
      left -= taken + (lines[line]!.ends === 'feed' ? 1 : 0)
      line++
      column = 0
    }
  })
  return stretches
}
