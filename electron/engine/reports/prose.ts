import { body, emphasis, mono, plain, strong, type Block, type Line, type Span } from './blocks.ts'

/**
 * Small markdown of examiners to blocks: paragraphs between empty lines, `- ` items, `**strong**`, `` `code` ``, `*emphasis*`.
 * No links, no images, no HTML: whatever else stands there is printed as it is.
 */
export function proseBlocks(text: string): Block[] {
  const blocks: Block[] = []
  let paragraph: string[] = []
  let items: Line[] = []
  const flush = (): void => {
    if (paragraph.length > 0) blocks.push(body(...proseSpans(paragraph.join(' '))))
    if (items.length > 0) blocks.push({ kind: 'list', items })
    paragraph = []
    items = []
  }
  for (const line of text.split(/\r?\n/)) {
    const item = line.startsWith('- ') || line.startsWith('* ')
    if (line.trim() === '' || (item && paragraph.length > 0) || (!item && items.length > 0)) flush()
    if (item) items.push(proseSpans(line.slice(2)))
    else if (line.trim() !== '') paragraph.push(line.trim())
  }
  flush()
  return blocks
}

const MARKS: readonly { readonly mark: string; readonly make: (text: string) => Span }[] = [
  { mark: '**', make: strong },
  { mark: '`', make: mono },
  { mark: '*', make: emphasis },
]

/** Spans of one paragraph. A mark without its partner is text. */
export function proseSpans(text: string): Span[] {
  const spans: Span[] = []
  let rest = ''
  let at = 0
  const without = new Set<string>()
  while (at < text.length) {
    const found = MARKS.find(({ mark }) => text.startsWith(mark, at))
    const close = found && !without.has(found.mark) ? text.indexOf(found.mark, at + found.mark.length) : -1
    if (found && close > at + found.mark.length) {
      if (rest !== '') spans.push(plain(rest))
      rest = ''
      spans.push(found.make(text.slice(at + found.mark.length, close)))
      at = close + found.mark.length
    } else {
      if (found && close === -1) without.add(found.mark)
      const step = found ? found.mark.length : 1
      rest += text.slice(at, at + step)
      at += step
    }
  }
  if (rest !== '') spans.push(plain(rest))
  return spans
}
