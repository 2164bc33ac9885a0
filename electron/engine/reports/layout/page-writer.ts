import type { TextMetrics } from './metrics.ts'
import { ink, type FontName, type TextStyle } from './type-style.ts'
import type { WrappedLine } from './wrap.ts'

export type Paper = 'A4' | 'Letter'
export type Orientation = 'portrait' | 'landscape'

/** A node of the tagged structure. Drawing of a leaf may come in several parts, also on several pages. */
export type Tag = {
  readonly role: string
  readonly parent: Tag | null
  readonly alt: string | null
  /** What the header cell of a table speaks about. */
  readonly scope: 'Column' | 'Row' | null
}

/** `tag` null: decoration, which a screen reader passes over. */
export type Operation =
  | {
      readonly kind: 'text'
      readonly x: number
      readonly y: number
      readonly text: string
      readonly font: FontName
      readonly size: number
      readonly colour: string
      readonly tag: Tag | null
    }
  | {
      readonly kind: 'rect'
      readonly x: number
      readonly y: number
      readonly w: number
      readonly h: number
      readonly fill: string | null
      readonly stroke: string | null
      readonly tag: Tag | null
    }
  | {
      readonly kind: 'line'
      readonly x1: number
      readonly y1: number
      readonly x2: number
      readonly y2: number
      readonly width: number
      readonly colour: string
      readonly dashed: boolean
      readonly tag: Tag | null
    }
  | { readonly kind: 'close'; readonly tag: Tag }

export type Page = {
  readonly width: number
  readonly height: number
  readonly operations: Operation[]
  /** Sections (level 1) and headings (level 2) that begin here, for outline and contents. */
  readonly starts: { readonly title: string; readonly level: 1 | 2 }[]
  /** For a page that is filled after all others: the element that its content will belong to. It stands here in the structure. */
  readonly keptFor: Tag | null
}

const SIZES = { A4: { w: 595.28, h: 841.89 }, Letter: { w: 612, h: 792 } } as const

export function pageSize(paper: Paper, orientation: Orientation): { readonly width: number; readonly height: number } {
  const { w, h } = SIZES[paper]
  return orientation === 'portrait' ? { width: w, height: h } : { width: h, height: w }
}

export const margins = { top: 64, bottom: 68, portrait: 52, landscape: 36 } as const

/** The page being filled. Finished pages wait in `done` until the caller takes them. */
export class PageWriter {
  readonly metrics: TextMetrics
  readonly done: Page[] = []
  readonly document: Tag = { role: 'Document', parent: null, alt: null, scope: null }
  /** Rows and other blocks that are laid out, to say how far the work is. */
  laid = 0
  /** Distance of the next line's top from the page's top. */
  y = 0
  orientation: Orientation = 'portrait'
  private readonly paper: Paper
  private page: Page | null = null
  private started = 0

  constructor(paper: Paper, metrics: TextMetrics) {
    this.paper = paper
    this.metrics = metrics
  }

  /** Pages started so far, which is the number of the current one. */
  get pageNumber(): number {
    return this.started
  }

  startPage(orientation: Orientation, keptFor: Tag | null = null): void {
    this.finish()
    this.started++
    this.orientation = orientation
    this.page = { ...pageSize(this.paper, orientation), operations: [], starts: [], keptFor }
    this.y = margins.top
  }

  /** Ends the page being filled, if there is one. */
  finish(): void {
    if (this.page) this.done.push(this.page)
    this.page = null
  }

  get current(): Page {
    if (!this.page) throw new Error('This should not happen: nothing is written before the first page is started')
    return this.page
  }
  get left(): number {
    return margins[this.orientation]
  }
  get width(): number {
    return this.current.width - 2 * this.left
  }
  get bottom(): number {
    return this.current.height - margins.bottom
  }
  get room(): number {
    return this.bottom - this.y
  }
  /** Height that an empty page offers. */
  get fullHeight(): number {
    return this.current.height - margins.top - margins.bottom
  }
  get atTop(): boolean {
    return this.y === margins.top
  }

  /** Turns the page unless `height` fits. True when it turned. */
  ensure(height: number): boolean {
    if (this.room >= height || this.atTop) return false
    this.startPage(this.orientation)
    return true
  }

  /** Vertical space, none at the top of a page. */
  gap(height: number): void {
    if (!this.atTop) this.y += height
  }

  put(operation: Operation): void {
    this.current.operations.push(operation)
  }

  /** Draws a wrapped line with its top at `y`; does not move on. */
  line(wrapped: WrappedLine, x: number, y: number, style: TextStyle, tag: Tag | null, colour?: string): void {
    const baseline = y + (style.lineHeight + style.size * 0.7) / 2
    for (const run of wrapped.runs) {
      this.put({
        kind: 'text',
        x: x + run.x,
        y: baseline,
        text: run.text,
        font: run.font,
        size: style.size,
        colour: colour ?? run.colour,
        tag,
      })
    }
  }

  rule(y: number, width = 0.5, colour: string = ink, dashed = false): void {
    this.put({
      kind: 'line',
      x1: this.left,
      y1: y,
      x2: this.left + this.width,
      y2: y,
      width,
      colour,
      dashed,
      tag: null,
    })
  }

  tag(role: string, parent: Tag, { alt = null, scope = null }: Partial<Pick<Tag, 'alt' | 'scope'>> = {}): Tag {
    return { role, parent, alt, scope }
  }

  close(tag: Tag): void {
    this.put({ kind: 'close', tag })
  }
}
