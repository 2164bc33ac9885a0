import { ensure } from '#shared/base/assert.ts'
import type { Operation, Page } from './layout/page-writer.ts'
import type { PageContent } from './pdf-content.ts'
import type { TagTree } from './pdf-tags.ts'

/**
 * Draws the operations of a page; neighbours with the same tag share one marked stretch of content. Gives the number of the structure
 * element of each stretch, in order.
 *
 * @param pageId the number of the page's object
 */
export function drawPage(page: Page, pageId: number, content: PageContent, tree: TagTree): number[] {
  const { operations } = page
  const owners: number[] = []
  let at = 0
  while (at < operations.length) {
    const first = ensure(operations[at], 'the index is below the length')
    if (first.kind === 'close') {
      tree.close(first.tag)
      at++
      continue
    }
    const { tag } = first
    if (tag) {
      content.beginTagged(tag.role, owners.length)
      owners.push(tree.add(tag, { page: pageId, mcid: owners.length }))
    } else content.beginArtifact('Layout')
    while (at < operations.length) {
      const operation = ensure(operations[at], 'the index is below the length')
      if (operation.kind === 'close' || operation.tag !== tag) break
      draw(content, operation)
      at++
    }
    content.end()
  }
  return owners
}

function draw(content: PageContent, operation: Exclude<Operation, { kind: 'close' }>): void {
  switch (operation.kind) {
    case 'text':
      content.text(operation)
      return
    case 'rect': {
      const { x, y, w, h, fill, stroke } = operation
      if (fill !== null) content.fillRect(x, y, w, h, fill)
      else content.strokeRect(x, y, w, h, stroke ?? '#000000', 0.5)
      return
    }
    case 'line': {
      const { x1, y1, x2, y2, colour, width, dashed } = operation
      content.line(x1, y1, x2, y2, colour, width, dashed)
    }
  }
}
