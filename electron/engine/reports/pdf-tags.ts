import type { Tag } from './layout/page-writer.ts'
import { inside, reserveObject, writeObject, type PdfDocument } from './pdf-document.ts'

/** Content of an element: a numbered stretch of a page. */
type Stretch = { readonly page: number; readonly mcid: number }
type Element = { readonly tag: Tag; readonly id: number; readonly kids: (number | Stretch)[] }

/**
 * The structure of the document (ISO 32000-1, 14.7). An element is numbered when it is first drawn, and written and forgotten when it is
 * closed, so that a long table costs little memory.
 */
export class TagTree {
  readonly #doc: PdfDocument
  /** Outer ones first; a dozen at most. A map that is written and emptied all the time would keep what it held until the next full collection. */
  readonly #open: Element[] = []

  constructor(doc: PdfDocument) {
    this.#doc = doc
  }

  /** Gives the element its place among those of its parent. */
  keep(tag: Tag): number {
    return this.#elementOf(tag).id
  }

  /** Says which content of a page belongs to the element, and gives the element's number. */
  add(tag: Tag, stretch: Stretch): number {
    const element = this.#elementOf(tag)
    element.kids.push(stretch)
    return element.id
  }

  /** Nothing more comes for this element. */
  close(tag: Tag): void {
    const at = this.#open.findLastIndex((element) => element.tag === tag)
    // A tag under which nothing was drawn never became an element.
    const [element] = at < 0 ? [] : this.#open.splice(at, 1)
    if (element) writeObject(this.#doc, element.id, this.#text(element))
  }

  /** Closes what is still open, children first. */
  end(): void {
    for (const { tag } of this.#open.toReversed()) this.close(tag)
  }

  #elementOf(tag: Tag): Element {
    const known = this.#open.findLast((element) => element.tag === tag)
    if (known) return known
    const parent = tag.parent && this.#elementOf(tag.parent)
    const id = parent ? reserveObject(this.#doc) : this.#top(tag)
    const element = { tag, id, kids: [] }
    this.#open.push(element)
    parent?.kids.push(id)
    return element
  }

  /** The document itself, under the root of the structure. */
  #top(tag: Tag): number {
    const root = inside(this.#doc).getStructTreeRoot()
    const top = inside(this.#doc).ref({})
    if (root.data['K'] !== undefined) throw new Error(`This should not happen: ${tag.role} stands beside the document`)
    root.data['K'] = [top]
    return top.id
  }

  #text({ tag, kids }: Element): string {
    const first = kids.find((kid) => typeof kid !== 'number')
    const parent = tag.parent ? this.#elementOf(tag.parent).id : inside(this.#doc).getStructTreeRoot().id
    const list = kids.map((kid) => {
      if (typeof kid === 'number') return `${kid} 0 R`
      if (kid.page === first?.page) return String(kid.mcid)
      return `<</Type /MCR /Pg ${kid.page} 0 R /MCID ${kid.mcid}>>`
    })
    const parts = [
      `/S /${tag.role} /P ${parent} 0 R`,
      ...(first ? [`/Pg ${first.page} 0 R`] : []),
      ...(tag.scope === null ? [] : [`/A <</O /Table /Scope /${tag.scope}>>`]),
      ...(tag.alt === null ? [] : [`/${tag.role === 'Figure' ? 'Alt' : 'T'} ${textString(tag.alt)}`]),
    ]
    return `<<${parts.join(' ')} /K [${list.join(' ')}]>>`
  }
}

/** A text string of PDF (ISO 32000-1, 7.9.2.2): plain for ASCII, else UTF-16. */
function textString(text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return `(${text.replace(/[\\()]/g, (c) => `\\${c}`)})`
  return `<feff${Buffer.from(text, 'utf16le').swap16().toString('hex')}>`
}
