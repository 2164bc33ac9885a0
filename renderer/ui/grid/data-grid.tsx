import {
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useReducer,
  useRef,
  useState,
  type KeyboardEvent,
  type MouseEvent,
  type Ref,
} from 'react'
import { counted } from '#shared/base/count.ts'
import { cx } from '../cx.ts'
import { useSize } from '../use-size.ts'
import { ColumnChooser } from './column-chooser.tsx'
import { drawnWidths, fitLayout, moveColumn, resizeColumn, type ColumnLayout } from './column-layout.ts'
import { GridHeader } from './grid-header.tsx'
import { GridRow } from './grid-row.tsx'
import { createRowPages, type RowPages } from './row-pages.ts'
import { addRows, countRows, hasRow, NO_ROWS, toggleRow, type RowRanges } from './row-ranges.ts'
import type { DataGridProps, GridCell, GridColumn, GridHandle } from './grid-types.ts'
import { AROUND, ROW_HEIGHT, rowsAround, useDrawnTop, useScaledScroll } from './use-scaled-scroll.ts'
import css from './data-grid.module.css'

const HEADER = 28
const GUTTER = 28
/** A grid that was given no height would be as tall as its list: it still draws no more than this. */
const TALLEST_VIEW = 6000

export type { GridCell, GridColumn, GridHandle, RowDecoration } from './grid-types.ts'

/**
 * A grid that reaches the last of ten million rows: it draws what is in sight and fetches rows by page.
 *
 * Keys: arrows or j k move, PgUp PgDn Home End (first and last row), Enter opens, x or Space selects, Shift with a movement extends,
 * Mod+a selects all, Escape drops the selection, Mod+c copies the cell, Menu or Shift+F10 opens the menu.
 */
export function DataGrid<Row>(props: DataGridProps<Row>) {
  const { rowCount, columns, onLayout, footer } = props
  const [ownLayout, setOwnLayout] = useState<ColumnLayout>([])
  const layout = useMemo(() => fitLayout(columns, props.layout ?? ownLayout), [columns, props.layout, ownLayout])
  const setLayout = (next: ColumnLayout): void => {
    setOwnLayout(next)
    onLayout?.(next)
  }
  const [ownSelection, setOwnSelection] = useState<RowRanges>(NO_ROWS)
  const selection = props.selection ?? ownSelection
  const setSelection = (next: RowRanges): void => {
    setOwnSelection(next)
    props.onSelection?.(next)
  }
  const chosen = countRows(selection)

  // Ordinals of one result say nothing about the next.
  const selectedIn = useRef(props.resultKey)
  useEffect(() => {
    if (selectedIn.current === props.resultKey) return
    selectedIn.current = props.resultKey
    setOwnSelection(NO_ROWS)
    props.onSelection?.(NO_ROWS)
  }, [props.resultKey, props])

  return (
    <div className={css['grid']}>
      {rowCount === 0 && props.empty !== undefined ? (
        <div className={css['empty']}>{props.empty}</div>
      ) : (
        <GridBody {...props} layout={layout} setLayout={setLayout} selection={selection} setSelection={setSelection} />
      )}
      <div className={css['footer']}>
        <div className={css['footerText']}>{footer ?? counted(rowCount, 'row')}</div>
        {chosen > 0 && <div className={css['chosen']}>{counted(chosen, 'row')} selected</div>}
        <ColumnChooser columns={columns} layout={layout} onLayout={setLayout} />
      </div>
    </div>
  )
}

type BodyProps<Row> = DataGridProps<Row> & {
  readonly layout: ColumnLayout
  readonly setLayout: (layout: ColumnLayout) => void
  readonly selection: RowRanges
  readonly setSelection: (selection: RowRanges) => void
}

type Position = { readonly row: number; readonly column: number }

function GridBody<Row>(props: BodyProps<Row>) {
  const {
    rowCount,
    columns,
    layout,
    selection,
    setSelection,
    resultKey,
    onActive,
    onOpen,
    onMenu,
    onFilter,
    onCellKey,
  } = props
  const id = useId()
  const scroller = useRef<HTMLDivElement>(null)
  const size = useSize(scroller)
  const view = Math.min(TALLEST_VIEW, Math.max(ROW_HEIGHT, size.height - HEADER))
  const rows = useRows(props)
  const shown = useMemo(() => {
    const places = layout
      .filter((place) => !place.hidden)
      .flatMap((place) => columns.filter(({ id }) => id === place.id).map((column) => ({ column, place })))
    const widths = drawnWidths(
      places.map(({ column, place }) => ({ width: place.width, default: column.width, growTo: column.growTo })),
      size.width - GUTTER,
    )
    return places.map(({ column }, i) => ({ column, width: widths[i]! }))
  }, [layout, columns, size.width])
  const scroll = useScaledScroll(scroller, rowCount, view, resultKey)
  const [active, setActive] = useState<Position>({ row: 0, column: 0 })
  const [hovered, setHovered] = useState<Position | undefined>(undefined)
  const anchor = useRef(0)

  // A new result starts at its top, like a new page of paper.
  const [seenKey, setSeenKey] = useState(resultKey)
  if (seenKey !== resultKey) {
    setSeenKey(resultKey)
    setActive({ row: 0, column: active.column })
    setHovered(undefined)
  }

  const at: Position = {
    row: Math.min(active.row, Math.max(0, rowCount - 1)),
    column: Math.min(active.column, Math.max(0, shown.length - 1)),
  }
  const { want } = rows.pages
  const [wantedFirst, wantedLast] = rowsAround(scroll.top, view, rowCount)
  useEffect(() => want(wantedFirst, wantedLast), [want, wantedFirst, wantedLast])
  const drawn = useDrawnTop(scroll, view, rowCount, rows)
  const isStale = props.stale === true || rows.waiting || drawn !== scroll.top
  const [first, last] = rowsAround(drawn, view, rowCount, scroll.isFar ? 1 : AROUND)

  const cellAt = (position: Position): GridCell<Row> | undefined => {
    const row = rows.row(position.row)
    const column = shown[position.column]
    return row === undefined || !column ? undefined : { index: position.row, row, columnId: column.column.id }
  }

  const activeRow = rows.row(at.row)
  const activeColumn = shown[at.column]?.column.id
  const told = useRef<unknown>(undefined)
  useEffect(() => {
    // Told once per row and column, also when the row comes in later than the move. Rows of the result before, still shown, are not told.
    if (activeRow === undefined || activeColumn === undefined || rows.waiting) return
    const token = `${resultKey} ${at.row} ${activeColumn}`
    if (told.current === token) return
    told.current = token
    onActive?.({ index: at.row, row: activeRow, columnId: activeColumn })
  }, [activeRow, activeColumn, at.row, resultKey, onActive, rows.waiting])

  const moveTo = (row: number, column: number, extend: boolean): void => {
    const next = {
      row: Math.min(rowCount - 1, Math.max(0, row)),
      column: Math.min(shown.length - 1, Math.max(0, column)),
    }
    setActive(next)
    scroll.reveal(next.row)
    if (next.column !== at.column) revealColumn(scroller.current, shown, next.column)
    if (extend)
      setSelection(addRows(NO_ROWS, Math.min(anchor.current, next.row), Math.max(anchor.current, next.row) + 1))
    else anchor.current = next.row
  }

  useGridHandle(props.ref, scroller, scroll.reveal, (row) => moveTo(row, at.column, false))

  const openMenu = (position: Position, point?: { x: number; y: number }): boolean => {
    const cell = cellAt(position)
    if (!cell || !onMenu) return false
    onMenu(cell, point ?? cellPoint(scroller.current, `${id}-${position.row}-${position.column}`))
    return true
  }

  const onKeyDown = (event: KeyboardEvent): void => {
    const cell = cellAt(at)
    const page = Math.max(1, Math.floor(view / ROW_HEIGHT) - 1)
    const move = movement(event, at, page, rowCount)
    if (move) moveTo(move.row, move.column, event.shiftKey)
    else if (!gridKey(event, cell) && !(cell && onCellKey?.(event, cell))) return
    event.preventDefault()
  }

  const gridKey = (event: KeyboardEvent, cell: GridCell<Row> | undefined): boolean => {
    const mod = event.ctrlKey || event.metaKey
    if (mod && event.key === 'a') setSelection(addRows(NO_ROWS, 0, rowCount))
    else if (mod && event.key === 'c' && cell && noTextSelected())
      void navigator.clipboard.writeText(cellText(columns, cell))
    else if (mod || event.altKey) return false
    else if (event.key === 'ContextMenu' || (event.key === 'F10' && event.shiftKey)) return openMenu(at)
    else if (event.key === 'Enter' && cell) onOpen?.(cell)
    else if (event.key === 'x' || event.key === ' ') setSelection(toggleRow(selection, at.row))
    else if (event.key === 'Escape' && selection.length > 0) setSelection(NO_ROWS)
    else return false
    return true
  }

  const onMouseDown = (event: MouseEvent): void => {
    const hit = cellUnder(event)
    if (!hit || event.button !== 0) return
    if (event.shiftKey) event.preventDefault()
    if (hit.column < 0) {
      setSelection(
        event.shiftKey
          ? addRows(selection, Math.min(anchor.current, hit.row), Math.max(anchor.current, hit.row) + 1)
          : toggleRow(selection, hit.row),
      )
      anchor.current = hit.row
      return
    }
    const cell = cellAt(hit)
    if (event.altKey && cell && onFilter) onFilter(cell, 'against')
    else if (event.ctrlKey || event.metaKey) {
      setSelection(toggleRow(selection, hit.row))
      anchor.current = hit.row
      setActive(hit)
    } else moveTo(hit.row, hit.column, event.shiftKey)
  }

  const template = `${GUTTER}px ${shown.map(({ width }, i) => (i === shown.length - 1 ? `minmax(${width}px, 1fr)` : `${width}px`)).join(' ')}`
  const natural = GUTTER + shown.reduce((sum, { width }) => sum + width, 0)
  const visible = []
  for (let index = first; index <= last; index++) {
    const row = rows.row(index)
    const previous = rows.row(index - 1)
    visible.push(
      <GridRow
        key={index}
        id={id}
        index={index}
        top={index * ROW_HEIGHT - scroll.offset + (scroll.top - drawn)}
        row={row}
        previous={previous}
        columns={shown}
        template={template}
        activeColumn={index === at.row ? at.column : -1}
        hoveredColumn={hovered?.row === index && onFilter ? hovered.column : -1}
        selected={hasRow(selection, index)}
        decoration={row === undefined ? undefined : props.decorate?.(row, previous)}
        onFilter={onFilter}
      />,
    )
  }
  const failure = rows.pages.failure(at.row) ?? rows.pages.failure(first) ?? rows.pages.failure(last)

  return (
    <>
      <div
        ref={scroller}
        className={css['scroller']}
        role="grid"
        aria-label={props.label}
        aria-rowcount={rowCount + 1}
        aria-colcount={shown.length + 1}
        aria-multiselectable
        aria-busy={isStale}
        aria-activedescendant={`${id}-${at.row}-${at.column}`}
        tabIndex={0}
        onScroll={scroll.onScroll}
        onWheel={scroll.onHand}
        onTouchMove={scroll.onHand}
        onKeyDown={onKeyDown}
        onMouseDown={onMouseDown}
        onDoubleClick={(event) => {
          const hit = cellUnder(event)
          const cell = hit && hit.column >= 0 ? cellAt(hit) : undefined
          if (cell) onOpen?.(cell)
        }}
        onContextMenu={(event) => {
          const hit = cellUnder(event)
          if (!hit || hit.column < 0) return
          setActive(hit)
          if (openMenu(hit, { x: event.clientX, y: event.clientY })) event.preventDefault()
        }}
        onMouseOver={(event) => onFilter && setHovered(cellUnder(event))}
        onMouseLeave={() => setHovered(undefined)}
      >
        <GridHeader
          columns={shown}
          template={template}
          natural={natural}
          sort={props.sort}
          onSort={props.onSort}
          onResize={(columnId, width) => props.setLayout(resizeColumn(layout, columnId, width))}
          onMove={(columnId, before) => props.setLayout(moveColumn(layout, columnId, before))}
        />
        <div
          role="rowgroup"
          className={cx(css['canvas'], isStale && css['stale'])}
          style={{ height: scroll.canvas, minWidth: natural }}
        >
          {visible}
        </div>
      </div>
      {failure !== undefined && (
        <div className={css['failure']} role="alert">
          Some rows could not be read: {failure}. Nothing in the case was changed.
          <button type="button" className={css['retry']} onClick={rows.pages.retry}>
            Read again
          </button>
        </div>
      )}
    </>
  )
}

/** The rows of the current result; until its first page comes, those of the one before. */
function useRows<Row>({ rowCount, getRows, resultKey, revision }: DataGridProps<Row>) {
  const [, changed] = useReducer((n: number) => n + 1, 0)
  const fetcher = useRef(getRows)
  useLayoutEffect(() => {
    fetcher.current = getRows
  })
  const make = (): RowPages<Row> =>
    createRowPages<Row>(rowCount, (first, count, signal) => fetcher.current(first, count, signal), changed)
  const [now, setNow] = useState(() => ({
    key: resultKey,
    count: rowCount,
    revision,
    pages: make(),
    before: undefined as RowPages<Row> | undefined,
  }))
  // While an import runs the same result grows: then, too, the pages are made anew and the old ones shown meanwhile.
  if (now.key !== resultKey || now.count !== rowCount || now.revision !== revision)
    setNow({
      key: resultKey,
      count: rowCount,
      revision,
      pages: make(),
      before: now.pages.started() ? now.pages : now.before,
    })
  const { pages, before } = now
  useEffect(() => () => pages.stop(), [pages])
  const waiting = before !== undefined && !pages.started()
  const row = (index: number): Row | undefined =>
    index < 0 ? undefined : (pages.row(index) ?? (waiting ? before.row(index) : undefined))
  return { pages, row, waiting }
}

function useGridHandle(
  ref: Ref<GridHandle> | undefined,
  scroller: { readonly current: HTMLDivElement | null },
  reveal: (row: number) => void,
  go: (row: number) => void,
): void {
  const latest = useRef({ reveal, go })
  useLayoutEffect(() => {
    latest.current = { reveal, go }
  })
  useLayoutEffect(() => {
    if (!ref) return
    const handle: GridHandle = {
      scrollToRow: (row) => latest.current.reveal(row),
      goToRow: (row) => {
        latest.current.go(row)
        scroller.current?.focus()
      },
      focus: () => scroller.current?.focus(),
    }
    if (typeof ref === 'function') {
      const cleanup = ref(handle)
      return () => (typeof cleanup === 'function' ? cleanup() : void ref(null))
    }
    ref.current = handle
    return () => {
      ref.current = null
    }
  }, [ref, scroller])
}

/** Where a movement key leads, or undefined for any other key. */
function movement(event: KeyboardEvent, at: Position, page: number, rowCount: number): Position | undefined {
  if (event.altKey) return undefined
  if ((event.ctrlKey || event.metaKey) && event.key !== 'Home' && event.key !== 'End') return undefined
  switch (event.key) {
    case 'ArrowDown':
    case 'j':
    case 'J':
      return { row: at.row + 1, column: at.column }
    case 'ArrowUp':
    case 'k':
    case 'K':
      return { row: at.row - 1, column: at.column }
    case 'ArrowRight':
      return { row: at.row, column: at.column + 1 }
    case 'ArrowLeft':
      return { row: at.row, column: at.column - 1 }
    case 'PageDown':
      return { row: at.row + page, column: at.column }
    case 'PageUp':
      return { row: at.row - page, column: at.column }
    case 'Home':
      return { row: 0, column: at.column }
    case 'End':
      return { row: rowCount - 1, column: at.column }
    default:
      return undefined
  }
}

/** Row and column of the cell under the pointer; column -1 is the gutter. */
function cellUnder(event: MouseEvent): Position | undefined {
  if (!(event.target instanceof Element) || event.target.closest('button')) return undefined
  const cell = event.target.closest<HTMLElement>('[data-column]')
  return cell ? { row: Number(cell.dataset['row']), column: Number(cell.dataset['column']) } : undefined
}

function cellPoint(scroller: HTMLElement | null, cellId: string): { x: number; y: number } {
  const box = (document.getElementById(cellId) ?? scroller)?.getBoundingClientRect()
  return { x: box?.left ?? 0, y: box?.bottom ?? 0 }
}

function revealColumn(
  scroller: HTMLElement | null,
  shown: readonly { readonly width: number }[],
  column: number,
): void {
  if (!scroller) return
  const left = GUTTER + shown.slice(0, column).reduce((sum, { width }) => sum + width, 0)
  const right = left + (shown[column]?.width ?? 0)
  if (left - GUTTER < scroller.scrollLeft) scroller.scrollLeft = left - GUTTER
  else if (right > scroller.scrollLeft + scroller.clientWidth)
    scroller.scrollLeft = Math.min(left - GUTTER, right - scroller.clientWidth)
}

const cellText = <Row,>(columns: readonly GridColumn<Row>[], cell: GridCell<Row>): string =>
  columns.find((column) => column.id === cell.columnId)?.text(cell.row) ?? ''

const noTextSelected = (): boolean => window.getSelection()?.isCollapsed !== false
