import { useRef, useState, type PointerEvent } from 'react'
import { ArrowDown, ArrowUp } from 'lucide-react'
import { cx } from '../cx.ts'
import type { DataGridProps } from './grid-types.ts'
import type { ShownColumn } from './grid-row.tsx'
import { Unseen } from '../unseen.tsx'
import css from './data-grid.module.css'

type GridHeaderProps<Row> = {
  readonly columns: readonly ShownColumn<Row>[]
  readonly template: string
  readonly natural: number
  readonly sort: DataGridProps<Row>['sort']
  readonly onSort: ((columnId: string) => void) | undefined
  readonly onResize: (columnId: string, width: number) => void
  /** Puts the column where `before` stands. */
  readonly onMove: (columnId: string, before: string) => void
}

/** The head of a `DataGrid`: click sorts, the edge resizes (double click: default width), dragging a name reorders. Keyboards use the column chooser. */
export function GridHeader<Row>({ columns, template, natural, sort, onSort, onResize, onMove }: GridHeaderProps<Row>) {
  const [dragged, setDragged] = useState<string | undefined>(undefined)
  const [over, setOver] = useState<string | undefined>(undefined)
  return (
    <div role="rowgroup" className={css['head']} style={{ minWidth: natural }}>
      <div role="row" aria-rowindex={1} className={css['headRow']} style={{ gridTemplateColumns: template }}>
        <div role="columnheader" aria-colindex={1} className={css['gutterHead']}>
          <Unseen>Selected</Unseen>
        </div>
        {columns.map(({ column, width }, i) => {
          const direction = sort?.columnId === column.id ? sort.direction : undefined
          const canSort = column.sortable === true && onSort !== undefined
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-colindex={i + 2}
              aria-sort={canSort ? (direction ?? 'none') : undefined}
              className={cx(
                css['headCell'],
                column.align === 'end' && css['end'],
                over === column.id && dragged !== column.id && css['dropHere'],
              )}
              draggable
              onDragStart={(event) => {
                setDragged(column.id)
                event.dataTransfer.effectAllowed = 'move'
                event.dataTransfer.setData('text/plain', column.label)
              }}
              onDragOver={(event) => {
                if (dragged === undefined) return
                event.preventDefault()
                setOver(column.id)
              }}
              onDrop={(event) => {
                event.preventDefault()
                if (dragged !== undefined && dragged !== column.id) onMove(dragged, column.id)
              }}
              onDragEnd={() => {
                setDragged(undefined)
                setOver(undefined)
              }}
            >
              {canSort ? (
                <button type="button" className={css['sort']} onClick={() => onSort(column.id)}>
                  {column.label}
                  {direction === 'ascending' && <ArrowUp aria-hidden size={12} />}
                  {direction === 'descending' && <ArrowDown aria-hidden size={12} />}
                </button>
              ) : (
                <span className={css['headLabel']}>{column.label}</span>
              )}
              <ResizeEdge
                width={width}
                onResize={(next) => onResize(column.id, next)}
                onReset={() => onResize(column.id, column.width)}
              />
            </div>
          )
        })}
      </div>
    </div>
  )
}

function ResizeEdge({
  width,
  onResize,
  onReset,
}: {
  readonly width: number
  readonly onResize: (width: number) => void
  readonly onReset: () => void
}) {
  const start = useRef<{ readonly x: number; readonly width: number } | undefined>(undefined)
  const move = (event: PointerEvent): void => {
    if (start.current) onResize(start.current.width + event.clientX - start.current.x)
  }
  return (
    <span
      aria-hidden
      className={css['resize']}
      draggable
      onDragStart={(event) => {
        event.preventDefault()
        event.stopPropagation()
      }}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        start.current = { x: event.clientX, width }
      }}
      onPointerMove={move}
      onPointerUp={() => {
        start.current = undefined
      }}
      onDoubleClick={onReset}
    />
  )
}
