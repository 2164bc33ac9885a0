import type { Drawing } from './visual-timeline.ts'

/**
 * A report as blocks: what is said, in which order, in which role. How it looks is the renderers' concern. Texts are raw;
 * the renderers make hidden characters visible.
 */
export type SpanStyle = 'plain' | 'strong' | 'emphasis' | 'mono' | 'faint'
export type Span = { readonly text: string; readonly style: SpanStyle }
/** One line of running text, wrapped where it must. */
export type Line = readonly Span[]

export type Column = {
  readonly title: string
  /** Share of the table's width. */
  readonly weight: number
  readonly align: 'left' | 'right'
}

/** A list whose members may be made one by one, each time they are asked for, so that a long report is never held whole. */
export type Listed<T> = Iterable<T> & { readonly length: number }

/** A rule row spans the table: a day, a pause, a clock change. */
export type RowKind = 'day' | 'gap' | 'clock-change'
export type Row =
  | {
      readonly kind: 'cells'
      readonly cells: readonly (readonly Line[])[]
      /** Longer words about the row, under its cells over the width of the table; none for most rows. */
      readonly below: readonly Line[]
    }
  | { readonly kind: RowKind; readonly text: string }

export type Block =
  | { readonly kind: 'heading'; readonly text: string; readonly outline: boolean }
  | { readonly kind: 'paragraph'; readonly line: Line; readonly role: 'body' | 'small' | 'lead' }
  | { readonly kind: 'list'; readonly items: readonly Line[] }
  | { readonly kind: 'facts'; readonly rows: readonly { readonly label: string; readonly lines: readonly Line[] }[] }
  | {
      readonly kind: 'banner'
      readonly tone: 'failed' | 'passed' | 'note'
      readonly title: string
      readonly lines: readonly string[]
    }
  | {
      readonly kind: 'table'
      readonly caption: string
      readonly columns: readonly Column[]
      readonly rows: Listed<Row>
    }
  | { readonly kind: 'code'; readonly lines: readonly string[]; readonly numbered: boolean }
  | { readonly kind: 'form'; readonly fields: readonly string[] }
  | { readonly kind: 'drawing'; readonly drawing: Drawing; readonly alt: string }

export type Section = {
  readonly title: string
  readonly orientation: 'portrait' | 'landscape'
  /** Begins on a new page even when the one before has room. */
  readonly startsPage: boolean
  readonly blocks: Listed<Block>
}

/** What stands on every page. */
export type PageMarks = {
  readonly caseNumber: string
  readonly caseTitle: string
  readonly reportId: string
  readonly tlp: string
  readonly tlpColour: string
  readonly status: string
  readonly printed: string
  readonly examiner: string
  readonly zone: string
  /** Null when nothing failed. */
  readonly alarm: string | null
}

export type ComposedReport = {
  readonly title: string
  readonly subtitle: string
  readonly marks: PageMarks
  readonly cover: readonly Block[]
  readonly sections: readonly Section[]
}

export const plain = (text: string): Span => ({ text, style: 'plain' })
export const strong = (text: string): Span => ({ text, style: 'strong' })
export const mono = (text: string): Span => ({ text, style: 'mono' })
export const faint = (text: string): Span => ({ text, style: 'faint' })
export const emphasis = (text: string): Span => ({ text, style: 'emphasis' })

/** The same members, each made when it is asked for. */
export const listed = <From, To>(all: readonly From[], to: (one: From) => To): Listed<To> => ({
  length: all.length,
  *[Symbol.iterator]() {
    for (const one of all) yield to(one)
  },
})

/** A cell of one line. */
export const cell = (...spans: readonly Span[]): readonly Line[] => [spans]
export const cells = (...all: readonly (readonly Line[])[]): Row => ({ kind: 'cells', cells: all, below: [] })
export const cellsAbove = (below: readonly Line[], ...all: readonly (readonly Line[])[]): Row => ({
  kind: 'cells',
  cells: all,
  below,
})
export const heading = (text: string, outline = false): Block => ({ kind: 'heading', text, outline })
export const body = (...spans: readonly Span[]): Block => ({ kind: 'paragraph', line: spans, role: 'body' })
export const small = (...spans: readonly Span[]): Block => ({ kind: 'paragraph', line: spans, role: 'small' })
export const column = (title: string, weight: number, align: 'left' | 'right' = 'left'): Column => ({
  title,
  weight,
  align,
})

/** How many rows and other blocks a report has: what laying it out counts. */
export function reportLength({ cover, sections }: ComposedReport): number {
  const ofBlocks = (blocks: readonly Block[]): number =>
    blocks.reduce((sum, block) => sum + (block.kind === 'table' ? block.rows.length : 1), 0)
  return sections.reduce(
    (sum, { blocks }) => sum + (Array.isArray(blocks) ? ofBlocks(blocks as readonly Block[]) : blocks.length),
    ofBlocks(cover),
  )
}

/** Every text of a block, for looking words up in it. */
export function* textsOf(block: Block): Generator<string> {
  const line = function* (one: Line): Generator<string> {
    for (const span of one) yield span.text
  }
  switch (block.kind) {
    case 'heading':
      yield block.text
      return
    case 'paragraph':
      yield* line(block.line)
      return
    case 'list':
      for (const item of block.items) yield* line(item)
      return
    case 'facts':
      for (const row of block.rows) {
        yield row.label
        for (const one of row.lines) yield* line(one)
      }
      return
    case 'banner':
      yield block.title
      yield* block.lines
      return
    case 'table':
      for (const { title } of block.columns) yield title
      for (const row of block.rows) {
        if (row.kind !== 'cells') yield row.text
        else for (const one of [...row.cells.flat(), ...row.below]) yield* line(one)
      }
      return
    case 'code':
      yield* block.lines
      return
    case 'form':
      yield* block.fields
      return
    case 'drawing':
      yield block.alt
  }
}
