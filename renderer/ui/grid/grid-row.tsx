import { memo, type ReactNode } from 'react'
import { Minus, Plus } from 'lucide-react'
import { visible } from '#shared/base/visible.ts'
import { cx } from '../cx.ts'
import type { GridCell, GridColumn, RowDecoration } from './grid-types.ts'
import css from './data-grid.module.css'

export type ShownColumn<Row> = { readonly column: GridColumn<Row>; readonly width: number }

type GridRowProps<Row> = {
  readonly id: string
  readonly index: number
  readonly top: number
  readonly row: Row | undefined
  readonly previous: Row | undefined
  readonly columns: readonly ShownColumn<Row>[]
  readonly template: string
  readonly activeColumn: number
  readonly hoveredColumn: number
  readonly selected: boolean
  readonly decoration: RowDecoration | undefined
  readonly onFilter: ((cell: GridCell<Row>, way: 'for' | 'against') => void) | undefined
}

const PLACEHOLDER_WIDTHS = [62, 78, 54, 70, 46]

function Row<Row>(props: GridRowProps<Row>) {
  const { id, index, top, row, columns, activeColumn, selected, decoration } = props
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={selected}
      className={cx(
        css['row'],
        selected && css['selected'],
        activeColumn >= 0 && css['activeRow'],
        decoration?.dimmed === true && css['dimmed'],
      )}
      style={{ top, gridTemplateColumns: props.template }}
    >
      {decoration?.edge && <span aria-hidden className={cx(css['edge'], css[decoration.edge])} />}
      <div role="gridcell" aria-colindex={1} className={css['gutter']} data-row={index} data-column={-1}>
        <span aria-hidden className={css['tick']} />
      </div>
      {columns.map(({ column }, c) => (
        <div
          key={column.id}
          id={`${id}-${index}-${c}`}
          role="gridcell"
          aria-colindex={c + 2}
          data-row={index}
          data-column={c}
          title={row === undefined ? undefined : visible(column.text(row))}
          className={cx(
            css['cell'],
            column.align === 'end' && css['end'],
            column.mono === true && css['mono'],
            c === activeColumn && css['activeCell'],
          )}
        >
          {row === undefined ? (
            <span className={css['skeleton']} style={{ width: `${PLACEHOLDER_WIDTHS[(index + c) % 5]!}%` }} />
          ) : (
            cellBody(column, row, props)
          )}
          {row !== undefined && c === props.hoveredColumn && <FilterPair {...props} row={row} column={column} />}
        </div>
      ))}
      {decoration?.gapBefore !== undefined && (
        <div className={css['gap']}>
          <span className={css['gapWords']}>{decoration.gapBefore}</span>
        </div>
      )}
    </div>
  )
}

function cellBody<Row>(column: GridColumn<Row>, row: Row, { index, previous }: GridRowProps<Row>): ReactNode {
  return column.render ? column.render(row, { index, previous }) : visible(column.text(row))
}

function FilterPair<Row>({
  index,
  row,
  column,
  onFilter,
}: Omit<GridRowProps<Row>, 'row'> & { readonly row: Row; readonly column: GridColumn<Row> }) {
  const act = (way: 'for' | 'against') => () => onFilter?.({ index, row, columnId: column.id }, way)
  return (
    <span className={css['filters']}>
      <button
        type="button"
        tabIndex={-1}
        className={css['filter']}
        aria-label="Filter for this value"
        title="Filter for this value (f)"
        onClick={act('for')}
      >
        <Plus aria-hidden size={12} />
      </button>
      <button
        type="button"
        tabIndex={-1}
        className={css['filter']}
        aria-label="Filter against this value"
        title="Filter against this value (F or Alt-click)"
        onClick={act('against')}
      >
        <Minus aria-hidden size={12} />
      </button>
    </span>
  )
}

function sameRow<Row>(a: GridRowProps<Row>, b: GridRowProps<Row>): boolean {
  return (
    a.row === b.row &&
    a.previous === b.previous &&
    a.top === b.top &&
    a.columns === b.columns &&
    a.template === b.template &&
    a.activeColumn === b.activeColumn &&
    a.hoveredColumn === b.hoveredColumn &&
    a.selected === b.selected &&
    a.onFilter === b.onFilter &&
    a.decoration?.gapBefore === b.decoration?.gapBefore &&
    a.decoration?.edge === b.decoration?.edge &&
    a.decoration?.dimmed === b.decoration?.dimmed
  )
}

/** One row of a `DataGrid`; drawn anew only when something of it changed. */
export const GridRow = memo(Row, sameRow) as typeof Row
