import { useCallback, useMemo } from 'react'
import { Database } from 'lucide-react'
import { counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { DataGrid, type GridColumn } from '#renderer/ui/grid/data-grid.tsx'
import { Keys } from '#renderer/ui/kbd.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'
import css from './sql.module.css'

type Answer = OutputOf<'sql.run'>
type Row = Answer['rows'][number]
export type SqlResultProps = {
  readonly answered: { readonly sql: string; readonly value: Answer; readonly run: number } | undefined
  /** Another statement is running: what is shown is that of the one before. */
  readonly isStale: boolean
}

/** The rows of the last statement. Where a column is called `_id`, Enter opens the event. */
export function SqlResult({ answered, isStale }: SqlResultProps) {
  const look = useWorkspace((w) => w.look)
  const value = answered?.value
  const columns = useMemo(() => (value ? columnsOf(value) : []), [value])
  const getRows = useCallback(
    (first: number, count: number) => Promise.resolve(value?.rows.slice(first, first + count) ?? []),
    [value],
  )
  if (!answered || !value)
    return (
      <EmptyState icon={Database} title="No statement was run yet">
        Write a SELECT over events or files, or take one from the left. <Keys keys="Mod+Enter" /> runs it. The
        connection can only read: nothing you run here can change the case or touch a file.
      </EmptyState>
    )
  const id = value.columns.indexOf('_id')
  return (
    <DataGrid
      label="Rows"
      rowCount={value.rows.length}
      columns={columns}
      getRows={getRows}
      resultKey={String(answered.run)}
      stale={isStale}
      onOpen={({ row }) => {
        const event = id < 0 ? null : row[id]
        if (typeof event === 'number')
          look({ place: 'events', event, query: { text: '', facets: [], sort: 'eventTime' } })
      }}
      empty={
        <EmptyState title="The statement gives no row">
          It was understood and ran; nothing in this evidence fits it.{' '}
          {columns.length > 0 && `Its columns: ${value.columns.map(visible).join(', ')}.`}
        </EmptyState>
      }
      footer={
        <span>
          <b>{grouped(value.rows.length)}</b> {value.rows.length === 1 ? 'row' : 'rows'} in {value.seconds.toFixed(2)} s
          {value.truncated && (
            <b className={css['cut']}> · cut off: there are more. Raise the limit, narrow the question, or export.</b>
          )}
          {id >= 0 && value.rows.length > 0 && <span className={css['quiet']}> · Enter opens the event</span>}
        </span>
      }
    />
  )
}

/** As wide as the first rows need, within reason. */
function columnsOf({ columns, rows }: Answer): readonly GridColumn<Row>[] {
  const looked = rows.slice(0, 200)
  return columns.map((name, n) => {
    const longest = looked.reduce((most, row) => Math.max(most, String(row[n] ?? 'NULL').length), name.length + 2)
    const isNumber = looked.length > 0 && looked.every((row) => row[n] === null || typeof row[n] === 'number')
    return {
      id: `${n}`,
      label: visible(name),
      width: Math.min(420, Math.max(72, longest * 8 + 24)),
      mono: true,
      ...(isNumber && { align: 'end' as const }),
      text: (row) =>
        row[n] === null || row[n] === undefined
          ? 'NULL'
          : typeof row[n] === 'string'
            ? visible(row[n])
            : String(row[n]),
      render: (row) =>
        row[n] === null || row[n] === undefined ? (
          <span className={css['null']}>NULL</span>
        ) : typeof row[n] === 'string' ? (
          visible(row[n])
        ) : (
          String(row[n])
        ),
    }
  })
}

export const rowsWord = (n: number): string => counted(n, 'row')
