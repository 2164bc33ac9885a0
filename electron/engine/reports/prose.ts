import { proseSpans } from '#shared/base/prose-spans.ts'
import { body, type Block, type Line } from './blocks.ts'

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
