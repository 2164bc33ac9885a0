import type PDFDocument from 'pdfkit'
import { ensure } from '#shared/base/assert.ts'
import type { Operation, Page, Tag } from './layout/page-writer.ts'

type Doc = InstanceType<typeof PDFDocument>
type Element = { add: (child: unknown) => Element; end: () => void }
/** pdfkit's marked content, which its types leave out in part. */
type Marking = Doc & {
  struct: (role: string, options?: { title?: string; alt?: string }) => Element
  addStructure: (element: Element) => void
  markStructureContent: (role: string) => unknown
  markContent: (role: string, options?: { type?: string }) => void
  endMarkedContent: () => void
}

/** The document's structure elements, made when first drawn and given back when closed, so that a long table costs little memory. */
export class TagTree {
  private readonly elements = new Map<Tag, Element>()
  private readonly doc: Marking

  constructor(doc: Doc) {
    this.doc = doc as Marking
  }

  elementOf(tag: Tag): Element {
    const known = this.elements.get(tag)
    if (known) return known
    const options = tag.alt === null ? {} : tag.role === 'Figure' ? { alt: tag.alt } : { title: tag.alt }
    const element = this.doc.struct(tag.role, options)
    this.elements.set(tag, element)
    if (tag.parent) this.elementOf(tag.parent).add(element)
    else this.doc.addStructure(element)
    return element
  }

  close(tag: Tag): void {
    const element = this.elements.get(tag)
    // A tag under which nothing was drawn never became an element.
    if (!element) return
    element.end()
    this.elements.delete(tag)
  }

  end(): void {
    for (const element of [...this.elements.values()].reverse()) element.end()
    this.elements.clear()
  }
}

/** Draws the operations of a page; neighbours with the same tag share one marked stretch of content. */
export function drawPage(doc: Doc, page: Page, tree: TagTree): void {
  const marking = doc as Marking
  const { operations } = page
  let at = 0
  while (at < operations.length) {
    const first = ensure(operations[at], 'the index is below the length')
    if (first.kind === 'close') {
      tree.close(first.tag)
      at++
      continue
    }
    const { tag } = first
    const content = begin(marking, tag)
    while (at < operations.length) {
      const operation = ensure(operations[at], 'the index is below the length')
      if (operation.kind === 'close' || operation.tag !== tag) break
      draw(doc, operation)
      at++
    }
    marking.endMarkedContent()
    if (tag) tree.elementOf(tag).add(content)
  }
}

function begin(doc: Marking, tag: Tag | null): unknown {
  if (tag) return doc.markStructureContent(tag.role)
  doc.markContent('Artifact', { type: 'Layout' })
  return null
}

function draw(doc: Doc, operation: Exclude<Operation, { kind: 'close' }>): void {
  switch (operation.kind) {
    case 'text':
      drawText(doc, operation)
      return
    case 'rect':
      doc.rect(operation.x, operation.y, operation.w, operation.h)
      if (operation.fill !== null) doc.fill(operation.fill)
      else doc.lineWidth(0.5).stroke(operation.stroke ?? '#000000')
      return
    case 'line':
      doc.lineWidth(operation.width)
      if (operation.dashed) doc.dash(2, { space: 2 })
      doc.moveTo(operation.x1, operation.y1).lineTo(operation.x2, operation.y2).stroke(operation.colour)
      if (operation.dashed) doc.undash()
      return
  }
}

/** One line of text with its baseline at `y`. */
export function drawText(
  doc: Doc,
  text: {
    readonly x: number
    readonly y: number
    readonly text: string
    readonly font: string
    readonly size: number
    readonly colour: string
  },
): void {
  doc.font(text.font).fontSize(text.size).fillColor(text.colour)
  doc.text(text.text, text.x, text.y, { lineBreak: false, baseline: 'alphabetic' })
}
