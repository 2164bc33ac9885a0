import { useCallback, useEffect, useMemo, useRef, useState, type KeyboardEvent } from 'react'
import { counted, grouped } from '#shared/base/count.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { usePointed } from '#renderer/client/annotations.ts'
import type { CoveredSpan } from '#renderer/client/coverage.ts'
import { useEngine } from '#renderer/client/engine-context.tsx'
import { useAsk, type Asked } from '#renderer/client/use-ask.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { DataGrid, type GridCell, type GridColumn, type GridHandle } from '#renderer/ui/grid/data-grid.tsx'
import { ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import { TAG_STYLES, type TagStyle } from '#renderer/ui/tag-chip.tsx'
import { eventColumns, fieldsOfColumns, targetOfCell } from './columns.tsx'
import { baseFields, type GridEvent } from './event-fields.ts'
import { decorationOf } from './decoration.ts'
import { applyTarget, around, type Target } from './filters.ts'
import { NoEvents } from './no-events.tsx'
import type { SavedColumns } from './saved-columns.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import css from './events.module.css'

export type GridPanelProps = {
  readonly found: Asked<OutputOf<'events.find'>>
  readonly columns: SavedColumns
  readonly onColumns: (columns: SavedColumns) => void
  readonly coverage: readonly CoveredSpan[] | undefined
  /** Rows have come. */
  readonly onRows: () => void
  readonly onMenu: (
    target: Target | undefined,
    text: string,
    at: { readonly x: number; readonly y: number },
    row: GridEvent,
  ) => void
}

/** A question that was answered, and the answer. Rows are fetched for it, not for the question that is still on its way. */
type Answered = { readonly query: EventQuery; readonly value: OutputOf<'events.find'> }

/** The events of the query, one line each, to the last of ten million. */
export function GridPanel({ found, columns: saved, onColumns, coverage, onRows, onMenu }: GridPanelProps) {
  const { caseId, undated } = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const event = useWorkspace((w) => w.view.event)
  const { ask, select, look } = useWorkspace.getState()
  const answered = useAnswered(found, query)
  const grid = useRef<GridHandle>(null)
  const columns = useColumns(saved)
  const fields = useShownFields(columns, saved)
  const getRows = useRowFetcher(caseId, answered?.query, fields, onRows)
  const resultKey = JSON.stringify([caseId, answered?.query, fields])
  useReveal(grid, answered?.query, event)
  useNothingPointed()
  const { point } = usePointed.getState()
  const seen = useRef('')
  // Until the rows of a new result are there, no key may mark a row of the result before.
  useEffect(() => point({ active: null }), [point, resultKey])

  if (found.failure && !found.isStale)
    return (
      <div className={css['trouble']}>
        <ErrorState
          title="The events could not be found."
          safe="Nothing in the case was changed."
          advice={found.failure.message}
          code={found.failure.code}
          actions={<Button onPress={found.again}>Ask again</Button>}
        />
      </div>
    )
  if (!answered) return <Skeleton lines={12} label="Finding events" />

  const filter = (cell: GridCell<GridEvent>, against: boolean): void => {
    const target = targetOfCell(cell.row, cell.columnId)
    if (target) ask(applyTarget(query, target, against))
  }
  const onCellKey = (stroke: KeyboardEvent, cell: GridCell<GridEvent>): boolean => {
    if (stroke.ctrlKey || stroke.metaKey || stroke.altKey) return false
    if (stroke.key === 'f' || stroke.key === 'F') filter(cell, stroke.key === 'F')
    else if (stroke.key === '.' && cell.row.timeMs !== null)
      look({ query: around(cell.row.timeMs, query.sort), event: cell.row.id })
    else return false
    return true
  }
  const textOf = (cell: GridCell<GridEvent>): string =>
    columns.find((column) => column.id === cell.columnId)?.text(cell.row) ?? ''
  return (
    <DataGrid
      ref={grid}
      label="Events"
      rowCount={answered.value.total}
      columns={columns}
      getRows={getRows}
      resultKey={resultKey}
      revision={answered.value}
      stale={found.isStale}
      layout={saved.layout}
      onLayout={(layout) => onColumns({ ...saved, layout })}
      sort={{ columnId: 'time', direction: query.sort === 'eventTime' ? 'ascending' : 'descending' }}
      onSort={() => ask({ sort: query.sort === 'eventTime' ? '-eventTime' : 'eventTime' })}
      onSelection={(ranges) => point({ selected: { query: answered.query, ranges } })}
      onActive={(cell) => {
        point({ active: cell.row.id })
        // The first row of a new result is active by itself: nobody chose it.
        const first = seen.current !== resultKey
        seen.current = resultKey
        if (!first && useWorkspace.getState().view.event !== null) select(cell.row.id)
      }}
      onOpen={(cell) => select(cell.row.id)}
      onFilter={(cell, way) => filter(cell, way === 'against')}
      onMenu={(cell, at) => onMenu(targetOfCell(cell.row, cell.columnId), textOf(cell), at, cell.row)}
      onCellKey={onCellKey}
      decorate={(row, previous) => decorationOf(row, previous, event, coverage)}
      empty={<NoEvents query={answered.query} />}
      footer={<Footer answered={answered} undated={undated} />}
    />
  )
}

/** Marks belong to the list on screen: without it, no row is meant. */
function useNothingPointed(): void {
  useEffect(() => () => usePointed.getState().point({ active: null, selected: null }), [])
}

function useAnswered(found: Asked<OutputOf<'events.find'>>, query: EventQuery): Answered | undefined {
  const [answered, setAnswered] = useState<Answered | undefined>(undefined)
  if (found.value && !found.isStale && !found.failure && (answered?.value !== found.value || answered.query !== query))
    setAnswered({ query, value: found.value })
  return answered
}

function useColumns({ paths }: SavedColumns): readonly GridColumn<GridEvent>[] {
  const { caseId } = useOpenCase()
  const zone = useZone()
  const said = useAsk('annotations.state', { caseId }).value
  return useMemo(() => {
    const looks = new Map(
      said?.tags.map((tag): [string, TagStyle] => [tag.name, TAG_STYLES[tag.colour % TAG_STYLES.length] ?? 1]),
    )
    return eventColumns({ zone, looks, paths })
  }, [zone, said, paths])
}

/** The fields behind the columns in sight: only those are fetched. */
function useShownFields(columns: readonly GridColumn<GridEvent>[], { layout }: SavedColumns): readonly string[] {
  return useMemo(() => {
    const hidden = new Map(layout.map((place) => [place.id, place.hidden]))
    const shown = columns.filter((column) => !(hidden.get(column.id) ?? column.hidden ?? false))
    return [...baseFields, ...fieldsOfColumns(shown.map((column) => column.id))]
  }, [columns, layout])
}

function useRowFetcher(caseId: string, query: EventQuery | undefined, fields: readonly string[], onRows: () => void) {
  const engine = useEngine()
  return useCallback(
    async (first: number, count: number, signal: AbortSignal): Promise<readonly GridEvent[]> => {
      if (!query) return []
      const reply = await engine.ask(
        'events.find',
        { caseId, query, offset: first, limit: count, fields: [...fields] },
        { signal },
      )
      if (!reply.ok) throw new Error(reply.message)
      onRows()
      return reply.value.rows.map((row) => ({ ...row, fields }))
    },
    [engine, caseId, query, fields, onRows],
  )
}

/** Brings the chosen event into sight when the result changes around it, or when another view chose it. */
function useReveal(
  grid: { readonly current: GridHandle | null },
  query: EventQuery | undefined,
  event: number | null,
): void {
  const { caseId } = useOpenCase()
  const place = useAsk('events.locate', event === null || !query ? null : { caseId, id: event, query }, {
    keepsPrevious: false,
  }).value
  useEffect(() => {
    if (place?.index != null) grid.current?.scrollToRow(place.index)
  }, [place, grid])
}

function Footer({ answered, undated }: { readonly answered: Answered; readonly undated: number }) {
  const { query, value } = answered
  const ranged = query.from !== undefined || query.to !== undefined
  return (
    <>
      <b>{grouped(value.total)}</b> of {counted(value.all, 'event')}
      {value.moreComing && ' so far, more is coming'}
      {value.scanned && ' · every text was read, as no index answers this'}
      {ranged && undated > 0 && ` · ${counted(undated, 'event')} without a readable time left out by the range`}
    </>
  )
}
