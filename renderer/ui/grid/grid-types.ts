import type { KeyboardEvent, ReactNode, Ref } from 'react'
import type { ColumnLayout } from './column-layout.ts'
import type { GetRows } from './row-pages.ts'
import type { RowRanges } from './row-ranges.ts'

/** What a cell may look at to draw itself. `previous` is the row above, when it is at hand. */
export type CellContext<Row> = { readonly index: number; readonly previous: Row | undefined }

export type GridColumn<Row> = {
  readonly id: string
  readonly label: string
  /** px, before anyone resized it. */
  readonly width: number
  /** As far as it grows, in px, where the window has room to spare and nobody resized it: for texts that would be cut off. */
  readonly growTo?: number
  readonly hidden?: boolean
  readonly align?: 'start' | 'end'
  /** Ids, addresses, hashes, raw: where bytes matter. */
  readonly mono?: boolean
  readonly sortable?: boolean
  /** The plain text of the cell: copied, shown whole as its title, read aloud. */
  readonly text: (row: Row) => string
  /** How it is drawn; `text` when absent. */
  readonly render?: (row: Row, context: CellContext<Row>) => ReactNode
}

/** One cell, as handed to callbacks. */
export type GridCell<Row> = { readonly index: number; readonly row: Row; readonly columnId: string }

/** What may stand out about a whole row. */
export type RowDecoration = {
  /** A bar above the row, with its words: hours that are missing between it and the row before. */
  readonly gapBefore?: string
  /** A thin edge at the start of the row. */
  readonly edge?: 'accent' | 'danger' | 'warn'
  readonly dimmed?: boolean
}

export type GridHandle = {
  readonly scrollToRow: (index: number) => void
  /** Makes the row the active one, in sight and focused. */
  readonly goToRow: (index: number) => void
  readonly focus: () => void
}

export type DataGridProps<Row> = {
  /** Names the grid for screen readers. */
  readonly label: string
  readonly rowCount: number
  readonly columns: readonly GridColumn<Row>[]
  readonly getRows: GetRows<Row>
  /** Names the result: when it changes, rows are fetched anew and the view goes to the top; the selection is dropped. A growing import keeps the key only while rows are added at the end. The old rows stay, dimmed, until new ones come. */
  readonly resultKey: string
  /** Another value: the same result, but its rows may say something new (a tag was given). They are fetched anew in their place. */
  readonly revision?: unknown
  /** The next result is on its way: what is shown is dimmed. */
  readonly stale?: boolean
  readonly layout?: ColumnLayout
  readonly onLayout?: (layout: ColumnLayout) => void
  readonly selection?: RowRanges
  readonly onSelection?: (selection: RowRanges) => void
  readonly sort?: { readonly columnId: string; readonly direction: 'ascending' | 'descending' }
  readonly onSort?: (columnId: string) => void
  /** The cell that the keyboard stands on changed. */
  readonly onActive?: (cell: GridCell<Row>) => void
  /** Enter or a double click. */
  readonly onOpen?: (cell: GridCell<Row>) => void
  /** Given: hovering a cell offers to filter for or against its value, and Alt-click filters against it. */
  readonly onFilter?: (cell: GridCell<Row>, way: 'for' | 'against') => void
  /** Right click, the context-menu key or Shift+F10; x and y are where a menu should open, in window px. */
  readonly onMenu?: (cell: GridCell<Row>, at: { readonly x: number; readonly y: number }) => void
  /** Keys that the grid does not use; return true when used. */
  readonly onCellKey?: (event: KeyboardEvent, cell: GridCell<Row>) => boolean
  readonly decorate?: (row: Row, previous: Row | undefined) => RowDecoration | undefined
  /** Shown instead of rows when there are none. */
  readonly empty?: ReactNode
  /** Stands at the start of the footer: "x of y and why". */
  readonly footer?: ReactNode
  readonly ref?: Ref<GridHandle>
}
