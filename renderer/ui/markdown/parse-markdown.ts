import { proseSpans, type ProseStyle } from '#shared/base/prose-spans.ts'

/** A run of text; with `to` it leads there: `#section` in the same document, or the name of a file. */
export type DocumentSpan = { readonly text: string; readonly style: ProseStyle; readonly to?: string }

export type DocumentBlock =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string; readonly id: string }
  | { readonly kind: 'paragraph'; readonly spans: readonly DocumentSpan[] }
  | { readonly kind: 'list'; readonly isOrdered: boolean; readonly items: readonly (readonly DocumentSpan[])[] }
  | {
      readonly kind: 'table'
      readonly head: readonly (readonly DocumentSpan[])[]
      readonly rows: readonly (readonly (readonly DocumentSpan[])[])[]
    }
  | { readonly kind: 'code'; readonly language: string; readonly lines: readonly string[] }

/**
 * The markdown of our own documents as blocks: headings, paragraphs, lists of one level, tables, fenced code; inside them strong, emphasis, code and
 * links. No HTML, no images: whatever else stands there is text. Headings are named as GitHub names them, so that links work in both places.
 */
export function parseMarkdown(text: string): DocumentBlock[] {
  const lines = text.split(/\r?\n/)
  const blocks: DocumentBlock[] = []
  let at = 0
  while (at < lines.length) {
    const line = lines[at]!
    if (line.trim() === '') {
      at++
      continue
    }
    const end = endOf(lines, at)
    blocks.push(toBlock(lines.slice(at, end)))
    at = end
  }
  return blocks
}

const isHeading = (line: string): boolean => /^#{1,6} /.test(line)
const isFence = (line: string): boolean => line.startsWith('```')
const isRow = (line: string): boolean => line.startsWith('|')
const itemMark = (line: string): string => /^(?:[-*]|\d{1,3}\.) +/.exec(line)?.[0] ?? ''

/** The line after the block that begins at `from`. */
function endOf(lines: readonly string[], from: number): number {
  const first = lines[from]!
  const until = (ends: (line: string) => boolean): number => {
    const end = lines.findIndex((line, n) => n > from && ends(line))
    return end < 0 ? lines.length : end
  }
  if (isHeading(first)) return from + 1
  if (isFence(first)) return Math.min(lines.length, until(isFence) + 1)
  if (isRow(first)) return until((line) => !isRow(line))
  const isOther = (line: string): boolean => line.trim() === '' || isHeading(line) || isFence(line) || isRow(line)
  if (itemMark(first) !== '') return until(isOther)
  return until((line) => isOther(line) || itemMark(line) !== '')
}

function toBlock(lines: readonly string[]): DocumentBlock {
  const first = lines[0]!
  if (isHeading(first)) {
    const text = first.replace(/^#+ +/, '').trim()
    return { kind: 'heading', level: first.indexOf(' '), text, id: sectionId(text) }
  }
  if (isFence(first)) {
    const closed = lines.length > 1 && isFence(lines.at(-1)!)
    return { kind: 'code', language: first.slice(3).trim(), lines: lines.slice(1, closed ? -1 : undefined) }
  }
  if (isRow(first)) {
    const [head = [], , ...rows] = lines.map((line) => cellsOf(line).map(spansOf))
    return { kind: 'table', head, rows }
  }
  if (itemMark(first) !== '') return { kind: 'list', isOrdered: /^\d/.test(first), items: itemsOf(lines).map(spansOf) }
  return { kind: 'paragraph', spans: spansOf(lines.map((line) => line.trim()).join(' ')) }
}

/** The items of a list; a line without a mark goes on with the item before. */
function itemsOf(lines: readonly string[]): string[] {
  const items: string[] = []
  for (const line of lines) {
    const mark = itemMark(line)
    if (mark !== '') items.push(line.slice(mark.length).trim())
    else items.push(`${items.pop() ?? ''} ${line.trim()}`)
  }
  return items
}

/** The cells of a table's row. A bar inside a cell is written `\|`. */
function cellsOf(row: string): string[] {
  const cells = ['']
  for (let at = 1; at < row.trimEnd().length; at++) {
    if (row.startsWith('\\|', at)) cells.push(`${cells.pop() ?? ''}${row[++at]!}`)
    else if (row[at] === '|') cells.push('')
    else cells.push(`${cells.pop() ?? ''}${row[at]!}`)
  }
  return cells.slice(0, -1).map((cell) => cell.trim())
}

/** Styles and links of one paragraph. A link in code is code. */
function spansOf(text: string): DocumentSpan[] {
  return proseSpans(text, 'document').flatMap((span) => (span.style === 'mono' ? [span] : withLinks(span)))
}

function withLinks(span: DocumentSpan): DocumentSpan[] {
  const found = /\[([^[\]]{1,200})\]\(([^()\s]{1,300})\)/.exec(span.text)
  if (!found) return [span]
  const rest = { ...span, text: span.text.slice(found.index + found[0].length) }
  return [
    ...(found.index > 0 ? [{ ...span, text: span.text.slice(0, found.index) }] : []),
    { ...span, text: found[1]!, to: found[2]! },
    ...(rest.text === '' ? [] : withLinks(rest)),
  ]
}

/** A heading as the end of an address: `Integrity in plain words` is `integrity-in-plain-words`. */
export const sectionId = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replaceAll(/\s/g, '-')
