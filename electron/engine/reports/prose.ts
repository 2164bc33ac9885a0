import { proseSpans } from '#shared/base/prose-spans.ts'
import { body, mono, plain, type Block, type Line } from './blocks.ts'

/**
 * Small markdown of examiners to blocks: paragraphs between empty lines, `- ` items, `1. ` items with the number they were given,
 * lines between ``` as code, `**strong**`, `` `code` ``, `*emphasis*`, a link to the web as its words and its address. Nothing to click,
 * no images, no HTML: whatever else stands there is printed as it is.
 */
export function proseBlocks(text: string): Block[] {
  const blocks: Block[] = []
  let paragraph: string[] = []
  let items: Line[] = []
  let code: string[] | null = null
  const flush = (): void => {
    if (paragraph.length > 0) blocks.push(body(...spansOf(paragraph.join(' '))))
    if (items.length > 0) blocks.push({ kind: 'list', items })
    paragraph = []
    items = []
  }
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('```')) {
      flush()
      if (code !== null) blocks.push({ kind: 'code', lines: code, numbered: false })
      code = code === null ? firstLine(line) : null
      continue
    }
    if (code !== null) {
      code.push(line)
      continue
    }
    const item = line.startsWith('- ') || line.startsWith('* ')
    const numbered = /^\d{1,3}[.)] /.test(line)
    if (line.trim() === '' || numbered || (item && paragraph.length > 0) || (!item && items.length > 0)) flush()
    if (item) items.push(spansOf(line.slice(2)))
    else if (line.trim() !== '') paragraph.push(line.trim())
  }
  flush()
  // Code whose end is missing is still printed.
  if (code !== null) blocks.push({ kind: 'code', lines: code, numbered: false })
  return blocks
}

/** `[ticket](https://example.org/1)`; addresses of other kinds are text like any other. */
const LINK = /\[([^[\]]{1,200})\]\((https?:\/\/[^()\s]{1,500})\)/g
const spansOf = (text: string): Line => proseSpans(text.replace(LINK, '$1 ($2)'))

/** What stands behind the marks of code is a language in most notes, and words in some: it is printed. */
const firstLine = (line: string): string[] => (line.length > 3 ? [line.slice(3)] : [])

/** The same in lines, for a cell of a table. */
export function proseLines(text: string): Line[] {
  return proseBlocks(text).flatMap((block): Line[] => {
    if (block.kind === 'paragraph') return [block.line]
    if (block.kind === 'list') return block.items.map((item) => [plain('• '), ...item])
    return block.kind === 'code' ? block.lines.map((line) => [mono(line)]) : []
  })
}
