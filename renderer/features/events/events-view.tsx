import { useCallback, useMemo, useState } from 'react'
import { comparedWith, comparisonAbout } from '#shared/domain/comparison.ts'
import { everything } from '#shared/domain/query/query.ts'
import type { CoveredSpan } from '#renderer/client/coverage.ts'
import { useEngine } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { ContextMenu } from '#renderer/ui/menu.tsx'
import { SplitPanes } from '#renderer/ui/split-panes.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { bytesOf } from './bytes-of.ts'
import { ComparePanel } from './compare-panel.tsx'
import { CoverageReader } from './coverage-reader.tsx'
import { DetailsPanel } from './details-panel.tsx'
import { DifferencePanel } from './difference-panel.tsx'
import { EventsToolbar } from './events-toolbar.tsx'
import { stackFields } from './facet-fields.ts'
import { FacetsPanel } from './facets-panel.tsx'
import { GridPanel } from './grid-panel.tsx'
import { HistogramPanel } from './histogram-panel.tsx'
import { readText, useRemembered } from './remembered.ts'
import { noColumns, readColumns } from './saved-columns.ts'
import { addColumn, useValueMenu } from './value-menu.ts'
import { Unseen } from '#renderer/ui/unseen.tsx'
import css from './events.module.css'

/** How often the answers are asked for again while an import brings more. */
const WHILE_MORE_MS = 2500

/** Events: over time, by their values, one by one, and each in full. */
export function EventsView() {
  const open = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const event = useWorkspace((w) => w.view.event)
  const about = useWorkspace((w) => w.view.about)
  const other = useMemo(() => comparedWith(about), [about])
  const [stackBy, setStackBy] = useRemembered('stackBy', 'eventSource', (value) => {
    const field = readText(value)
    return stackFields.some((one) => one.field === field) ? field : undefined
  })
  const [span, setSpan] = useState<TimeRange | undefined>(undefined)
  const [columns, setColumns] = useRemembered(`columns.${open.uuid}`, noColumns, readColumns)
  const everyMs = open.importing ? WHILE_MORE_MS : undefined
  const found = useAsk('events.find', { caseId: open.caseId, query, offset: 0, limit: 0, fields: [] }, { everyMs })
  const [rowsCame, setRowsCame] = useState(false)
  const [coverage, setCoverage] = useState<readonly CoveredSpan[] | undefined>(undefined)
  const onRows = useCallback(() => setRowsCame(true), [])
  const copyRaw = useCopyRaw()
  const menu = useValueMenu({
    copyRaw,
    onColumn: (field) => setColumns(addColumn(columns, field)),
  })
  useListedKeys()
  const compare = (): void => useWorkspace.getState().look({ about: comparisonAbout(everything) })
  useKeyCommands([
    {
      id: 'events.two',
      label: 'Compare the result with another query',
      keys: ['d'],
      scope: 'List of events',
      run: compare,
    },
  ])

  return (
    <div className={css['view']}>
      {rowsCame && <CoverageReader onRead={setCoverage} />}
      <Unseen as="h1">Events</Unseen>
      <EventsToolbar
        stackBy={stackBy}
        onStackBy={setStackBy}
        onCompare={compare}
        isComparing={span !== undefined || other !== undefined}
      />
      <div className={css['panes']}>
        <SplitPanes
          id="events-rows"
          direction="column"
          panes={[
            {
              id: 'histogram',
              size: '148px',
              least: '96px',
              collapsible: true,
              children: (
                <HistogramPanel stackBy={stackBy} span={span} onSpan={setSpan} coverage={coverage} everyMs={everyMs} />
              ),
            },
            {
              id: 'below',
              children: (
                <SplitPanes
                  id="events-columns"
                  direction="row"
                  panes={[
                    span
                      ? {
                          id: 'difference',
                          size: '340px',
                          least: '260px',
                          children: <DifferencePanel span={span} onClose={() => setSpan(undefined)} />,
                        }
                      : other
                        ? {
                            id: 'difference',
                            size: '340px',
                            least: '260px',
                            children: <ComparePanel other={other} />,
                          }
                        : {
                            id: 'facets',
                            size: '216px',
                            least: '140px',
                            collapsible: true,
                            children: <FacetsPanel everyMs={everyMs} onMenu={menu.openAtFacet} />,
                          },
                    {
                      id: 'grid',
                      least: '320px',
                      children: (
                        <GridPanel
                          found={found}
                          columns={columns}
                          onColumns={setColumns}
                          coverage={coverage}
                          onRows={onRows}
                          onMenu={menu.openAtCell}
                        />
                      ),
                    },
                    ...(event === null
                      ? []
                      : [
                          {
                            id: 'details',
                            size: '372px',
                            least: '260px',
                            children: <DetailsPanel event={event} onTreeMenu={menu.openAtTree} />,
                          },
                        ]),
                  ]}
                />
              ),
            },
          ]}
        />
      </div>
      <ContextMenu label="Value" at={menu.at} groups={menu.groups} onClose={menu.close} />
    </div>
  )
}

/** Copies the exact bytes of a record, as far as a clipboard can hold them: text. */
function useCopyRaw(): (event: number) => void {
  const engine = useEngine()
  const { caseId } = useOpenCase()
  const { notify } = useWindow()
  return useCallback(
    (id: number) => {
      const copy = async (): Promise<void> => {
        const reply = await engine.ask('events.get', { caseId, id })
        if (!reply.ok) {
          notify({ tone: 'trouble', text: reply.message })
          return
        }
        const bytes = bytesOf(reply.value.rawBase64)
        try {
          await navigator.clipboard.writeText(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
          notify({ tone: 'done', text: 'The record is in the clipboard as it stands in its file.' })
        } catch {
          notify({
            tone: 'trouble',
            text: 'This record is no valid UTF-8, and a clipboard holds only text. Raw shows its bytes and copies them in hex.',
          })
        }
      }
      void copy()
    },
    [engine, caseId, notify],
  )
}

/** Keys that the grid and the histogram handle by themselves, for the sheet of keys. */
function useListedKeys(): void {
  useKeyCommands([
    { id: 'events.down', label: 'Next row, row before', keys: ['j', 'k'], scope: 'List of events' },
    { id: 'events.details', label: 'Show the details', keys: ['Enter'], scope: 'List of events' },
    { id: 'events.for', label: 'Filter for the value of the cell', keys: ['f'], scope: 'List of events' },
    { id: 'events.against', label: 'Filter against it', keys: ['F'], scope: 'List of events' },
    { id: 'events.around', label: 'Five minutes before and after', keys: ['.'], scope: 'List of events' },
    { id: 'events.select', label: 'Select the row', keys: ['x', 'Space'], scope: 'List of events' },
    {
      id: 'events.bar',
      label: 'Next bar, bar before; with Shift mark them',
      keys: ['ArrowRight', 'ArrowLeft'],
      scope: 'Histogram',
    },
    { id: 'events.zoom', label: 'Zoom into the mark', keys: ['z'], scope: 'Histogram' },
    { id: 'events.compare', label: 'Compare the mark with the rest', keys: ['Enter'], scope: 'Histogram' },
    { id: 'events.zoom-out', label: 'Zoom out', keys: ['Z'], scope: 'Histogram' },
  ])
}
