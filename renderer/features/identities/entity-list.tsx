import { useCallback, useMemo, useState } from 'react'
import { grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { EntityRow } from '#shared/contract/explore.ts'
import { entityWhere, type EntityKind } from '#shared/domain/entity.ts'
import { useEngine } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import { narrowed } from '#renderer/client/use-events-of.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { DataGrid, type GridColumn } from '#renderer/ui/grid/data-grid.tsx'
import { ContextMenu } from '#renderer/ui/menu.tsx'
import { EmptyState, ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import { SearchField } from '#renderer/ui/text-field.tsx'
import { TimeCell } from '#renderer/ui/time-cell.tsx'
import { Toolbar } from '#renderer/ui/toolbar.tsx'
import type { Zone } from '#shared/base/zone.ts'
import { timeText } from '#shared/base/zone.ts'
import { aboutText, kindWords } from './about.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import css from './identities.module.css'

type Sort = 'events' | 'first' | 'last' | 'denied'
const sortOf: Readonly<Record<string, Sort>> = { count: 'events', denied: 'denied', first: 'first', last: 'last' }
const columnOf: Readonly<Record<Sort, string>> = { events: 'count', denied: 'denied', first: 'first', last: 'last' }

/** All values of one kind with their first and last event; Enter opens the page of one. */
export function EntityList({ kind }: { readonly kind: EntityKind }) {
  const { caseId, importing } = useOpenCase()
  const engine = useEngine()
  const query = useWorkspace((w) => w.view.query)
  const go = useWorkspace((w) => w.go)
  const look = useWorkspace((w) => w.look)
  const zone = useZone()
  const [search, setSearch] = useState('')
  const [sort, setSort] = useState<Sort>('events')
  const [menu, setMenu] = useState<{ readonly row: EntityRow; readonly at: { x: number; y: number } } | undefined>(
    undefined,
  )
  const question = useMemo(() => ({ caseId, query, kind, search, sort }), [caseId, query, kind, search, sort])
  const counts = useAsk('entities.list', { ...question, limit: 0 }, { everyMs: importing ? 4000 : undefined })
  const getRows = useCallback(
    async (offset: number, limit: number): Promise<readonly EntityRow[]> => {
      const reply = await engine.ask('entities.list', { ...question, offset, limit })
      if (!reply.ok) throw new Error(reply.message)
      return reply.value.rows
    },
    [engine, question],
  )
  const columns = useMemo(() => columnsFor(kind, zone), [kind, zone])
  const words = kindWords[kind]
  const open = (row: EntityRow): void => go('identities', aboutText({ kind, value: row.value }))
  const eventsOf = (row: EntityRow): void =>
    look({ place: 'events', event: null, query: narrowed(query, entityWhere(kind, row.value)) })

  if (counts.failure && !counts.value)
    return (
      <ErrorState
        title={`The list of ${words.many.toLowerCase()} cannot be made`}
        safe="Nothing in the case was changed."
        advice={counts.failure.message}
      />
    )
  if (!counts.value) return <Skeleton lines={8} label={`Counting ${words.many.toLowerCase()}`} />
  const { distinct, found, total, all } = counts.value
  return (
    <div className={css['list']}>
      <Toolbar label={`Search ${words.many.toLowerCase()}`}>
        <SearchField label={`Search in ${words.many.toLowerCase()}`} value={search} onChange={setSearch} />
        <span className={css['quiet']}>
          Enter opens the page of a value; its events are in the menu of the right button.
        </span>
      </Toolbar>
      <div className={css['grid']}>
        <DataGrid
          label={words.many}
          rowCount={found}
          columns={columns}
          getRows={getRows}
          resultKey={JSON.stringify(question)}
          stale={counts.isStale}
          sort={{ columnId: columnOf[sort], direction: sort === 'first' ? 'ascending' : 'descending' }}
          onSort={(column) => setSort(sortOf[column] ?? 'events')}
          onOpen={({ row }) => open(row)}
          onMenu={({ row }, at) => setMenu({ row, at })}
          empty={
            <EmptyState title={distinct === 0 ? `No ${words.many.toLowerCase()}` : 'No value contains this text'}>
              {distinct === 0 ? words.none : `None of ${grouped(distinct)} contains “${visible(search)}”.`}
            </EmptyState>
          }
          footer={
            <>
              <b>{grouped(found)}</b> of {grouped(distinct)} {words.many.toLowerCase()}
              {search !== '' && <> that contain “{visible(search)}”</>} in {grouped(total)} of {grouped(all)} events
            </>
          }
        />
      </div>
      <ContextMenu
        label="Value"
        at={menu?.at}
        onClose={() => setMenu(undefined)}
        groups={
          menu
            ? [
                {
                  id: 'value',
                  actions: [
                    { id: 'open', label: 'Open its page', keys: 'Enter', onAction: () => open(menu.row) },
                    { id: 'events', label: 'Show its events', onAction: () => eventsOf(menu.row) },
                    {
                      id: 'copy',
                      label: 'Copy',
                      keys: 'Mod+c',
                      onAction: () => void navigator.clipboard.writeText(visible(menu.row.value)),
                    },
                  ],
                },
              ]
            : []
        }
      />
    </div>
  )
}

function columnsFor(kind: EntityKind, zone: Zone): readonly GridColumn<EntityRow>[] {
  const number = (
    id: string,
    label: string,
    of: (row: EntityRow) => number,
    sortable = false,
  ): GridColumn<EntityRow> => ({
    id,
    label,
    width: 92,
    align: 'end',
    sortable,
    text: (row) => grouped(of(row)),
  })
  const time = (id: string, label: string, of: (row: EntityRow) => number | null): GridColumn<EntityRow> => ({
    id,
    label,
    width: zone.name === 'UTC' ? 184 : 350,
    sortable: true,
    text: (row) => textOf(of(row)),
    render: (row) => {
      const at = of(row)
      return at === null ? 'no time' : <TimeCell utc={at} zone={zone} />
    },
  })
  return [
    {
      id: 'value',
      label: kindWords[kind].one,
      width: 440,
      growTo: 760,
      mono: kind !== 'agent',
      text: (row) => visible(row.value),
    },
    number('count', 'Events', (row) => row.count, true),
    {
      ...number('denied', 'Denied', (row) => row.denied, true),
      render: (row) => <span className={row.denied > 0 ? css['denied'] : css['quiet']}>{grouped(row.denied)}</span>,
    },
    number('writes', 'Writes', (row) => row.writes),
    time('first', 'First seen', (row) => row.firstMs),
    time('last', 'Last seen', (row) => row.lastMs),
  ]
}

const textOf = (at: number | null): string => (at === null ? 'no time' : timeText(at))
