import { useCallback, useMemo, useState } from 'react'
import { counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { CustodyEntryShown } from '#shared/contract/annotations.ts'
import { useEngine, useForget } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { Button, Segments } from '#renderer/ui/button.tsx'
import { Checkbox } from '#renderer/ui/checkbox.tsx'
import { DataGrid, type GridColumn } from '#renderer/ui/grid/data-grid.tsx'
import { Select } from '#renderer/ui/select.tsx'
import { SplitPanes } from '#renderer/ui/split-panes.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'
import { SearchField } from '#renderer/ui/text-field.tsx'
import { TimeCell } from '#renderer/ui/time-cell.tsx'
import { Toolbar, ToolbarSpace } from '#renderer/ui/toolbar.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { timeText, type Zone } from '#shared/base/zone.ts'
import { EntryDetails } from './entry-details.tsx'
import { HeadBand } from './head-band.tsx'
import { useZone } from '#renderer/client/use-zone.ts'
import css from './custody.module.css'

/** Names come from the case; `all` could be one of them, so the choice of everything has an id that no name has. */
const ALL = ''

/** Custody: who did what to this case, when; append-only, with its chain of hashes. */
export function CustodyView() {
  const engine = useEngine()
  const { caseId } = useOpenCase()
  const zone = useZone()
  const [action, setAction] = useState(ALL)
  const [examiner, setExaminer] = useState(ALL)
  const [text, setText] = useState('')
  const [order, setOrder] = useState<'newest' | 'oldest'>('newest')
  const [entry, setEntry] = useState<CustodyEntryShown | undefined>(undefined)
  const wish = useMemo(
    () => ({
      caseId,
      text,
      order,
      ...(action !== ALL && { action }),
      ...(examiner !== ALL && { examiner }),
    }),
    [caseId, text, order, action, examiner],
  )
  const count = useAsk('custody.list', { ...wish, limit: 0 })
  const getRows = useCallback(
    async (offset: number, limit: number, signal: AbortSignal) => {
      const page = await engine.ask('custody.list', { ...wish, offset, limit }, { signal })
      if (!page.ok) throw new Error(page.message)
      return page.value.entries
    },
    [engine, wish],
  )
  const columns = useMemo(() => columnsFor(zone), [zone])
  const showAll = (): void => {
    setAction(ALL)
    setExaminer(ALL)
    setText('')
  }
  useKeyCommands([
    { id: 'custody-down', label: 'Next entry, entry before', keys: ['j', 'k'], scope: 'Custody' },
    {
      id: 'custody-order',
      label: 'Turn the order around',
      keys: ['o'],
      scope: 'Custody',
      run: () => setOrder(order === 'newest' ? 'oldest' : 'newest'),
    },
    { id: 'custody-all', label: 'List all entries', keys: [], scope: 'Custody', run: showAll },
  ])
  const total = count.value?.total ?? 0
  const all = count.value?.all ?? 0
  return (
    <section className={css['view']} aria-label="Custody">
      <HeadBand />
      <Toolbar label="Which entries">
        <Select
          look="inline"
          label="Action"
          value={action}
          onChange={setAction}
          options={options('every action', count.value?.actions)}
        />
        <Select
          look="inline"
          label="Examiner"
          value={examiner}
          onChange={setExaminer}
          options={options('everybody', count.value?.examiners)}
        />
        <Segments
          label="Order"
          value={order}
          onChange={setOrder}
          options={[
            { id: 'newest', label: 'newest first' },
            { id: 'oldest', label: 'oldest first' },
          ]}
        />
        <ToolbarSpace />
        <span className={css['logViews']}>
          <LogViews />
        </span>
        <SearchField label="Part of what was noted" value={text} onChange={setText} />
      </Toolbar>
      <div className={css['panes']}>
        <SplitPanes
          id="custody"
          direction="row"
          panes={[
            {
              id: 'entries',
              least: '320px',
              children: (
                <DataGrid
                  label="Custody log"
                  rowCount={total}
                  columns={columns}
                  getRows={getRows}
                  resultKey={JSON.stringify(wish)}
                  revision={all}
                  stale={count.isStale}
                  onActive={(cell) => setEntry(cell.row)}
                  empty={
                    count.isLoading ? undefined : (
                      <EmptyState
                        title={count.failure?.message ?? 'No entry is like that'}
                        actions={<Button onPress={showAll}>List all entries</Button>}
                      >
                        The log has {counted(all, 'entry', 'entries')}; none has this action, examiner and text
                        together.
                      </EmptyState>
                    )
                  }
                  footer={
                    <>
                      <b>{grouped(total)}</b> of {counted(all, 'entry', 'entries')}
                    </>
                  }
                />
              ),
            },
            {
              id: 'entry',
              size: '400px',
              least: '260px',
              collapsible: true,
              children: <EntryDetails entry={total === 0 ? undefined : entry} />,
            },
          ]}
        />
      </div>
    </section>
  )
}

const options = (every: string, names: readonly string[] = []) => [
  { id: ALL, label: every },
  ...names.filter((name) => name !== ALL).map((id) => ({ id, label: visible(id) })),
]

const columnsFor = (zone: Zone): readonly GridColumn<CustodyEntryShown>[] => [
  { id: 'seq', label: 'No.', width: 64, align: 'end', text: (row) => grouped(row.seq) },
  {
    id: 'time',
    label: `Time (${zone.name})`,
    width: 216,
    text: (row) => timeText(row.timeMs, zone),
    render: (row) => (zone.name === 'UTC' ? <TimeCell utc={row.timeMs} /> : timeText(row.timeMs, zone)),
  },
  { id: 'examiner', label: 'Examiner', width: 130, text: (row) => visible(row.examiner) },
  { id: 'action', label: 'Action', width: 140, text: (row) => visible(row.action) },
  { id: 'detail', label: 'What was done', width: 560, growTo: 1000, text: (row) => visible(row.detail) },
  { id: 'hash', label: 'Hash', width: 180, mono: true, text: (row) => row.hash },
]

/** Whether searches and views are noted too. The change is noted itself. */
function LogViews() {
  const engine = useEngine()
  const forget = useForget()
  const { notify } = useWindow()
  const { caseId, readOnly } = useOpenCase()
  const state = useAsk('annotations.state', { caseId }).value
  if (!state) return null
  const change = async (on: boolean): Promise<void> => {
    const reply = await engine.ask('custody.logViews', { caseId, on })
    if (!reply.ok) notify({ tone: 'trouble', text: reply.message })
    await forget(caseId)
  }
  return (
    <Checkbox isSelected={state.logViews} onChange={(on) => void change(on)} isDisabled={readOnly !== null}>
      Note searches and views too
    </Checkbox>
  )
}
