import { useCallback, useMemo, useState } from 'react'
import { counted, grouped } from '#shared/base/count.ts'
import type { EvidenceFile } from '#shared/contract/sources.ts'
import { useEngine } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { Button, Segments } from '#renderer/ui/button.tsx'
import type { ColumnLayout } from '#renderer/ui/grid/column-layout.ts'
import { DataGrid } from '#renderer/ui/grid/data-grid.tsx'
import { Select } from '#renderer/ui/select.tsx'
import { SplitPanes } from '#renderer/ui/split-panes.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'
import { SearchField } from '#renderer/ui/text-field.tsx'
import { Toolbar, ToolbarSpace } from '#renderer/ui/toolbar.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { fileColumns } from './file-columns.tsx'
import { FileDetails } from './file-details.tsx'
import { allFiles, type FileFilter } from './file-filter.ts'
import { kindWords } from './words.ts'
import css from './evidence.module.css'

type Props = {
  readonly filter: FileFilter
  readonly onFilter: (filter: FileFilter) => void
  /** Files are being added at the end, and are judged when all are there. */
  readonly isImporting: boolean
}

const KINDS = [{ id: 'all', label: 'Every kind' }, ...[...kindWords].map(([id, label]) => ({ id, label }))]

/** Every source file with its outcome: narrowed by outcome, kind and path, with the details of the one chosen. */
export function FileBrowser({ filter, onFilter, isImporting }: Props) {
  const engine = useEngine()
  const open = useOpenCase()
  const { caseId, entries } = open
  const [file, setFile] = useState<EvidenceFile | undefined>(undefined)
  const [layout, setLayout] = useState<ColumnLayout>([])
  const wish = useMemo(
    () => ({
      caseId,
      text: filter.text,
      ...(filter.outcome !== 'all' && { outcome: filter.outcome }),
      ...(filter.kind !== 'all' && { kind: filter.kind }),
    }),
    [caseId, filter],
  )
  const count = useAsk('sources.files', { ...wish, limit: 0 }, { everyMs: isImporting ? 2000 : undefined })
  const getRows = useCallback(
    async (offset: number, limit: number, signal: AbortSignal) => {
      const page = await engine.ask('sources.files', { ...wish, offset, limit }, { signal })
      if (!page.ok) throw new Error(page.message)
      return page.value.files
    },
    [engine, wish],
  )
  useKeyCommands([
    { id: 'files-down', label: 'Next file', keys: ['j', 'ArrowDown'], scope: 'List' },
    { id: 'files-up', label: 'File before', keys: ['k', 'ArrowUp'], scope: 'List' },
    { id: 'files-copy', label: 'Copy the cell', keys: ['Mod+c'], scope: 'List' },
    { id: 'files-all', label: 'List all files', keys: [], scope: 'Evidence', run: () => onFilter(allFiles) },
    {
      id: 'files-quarantined',
      label: 'List quarantined files',
      keys: [],
      scope: 'Evidence',
      run: () => onFilter({ ...allFiles, outcome: 'quarantined' }),
    },
  ])
  const total = count.value?.total ?? 0
  const all = count.value?.all ?? 0
  const isFiltered = filter.outcome !== 'all' || filter.kind !== 'all' || filter.text !== ''
  return (
    <div className={css['browser']}>
      <Toolbar label="Which files">
        <Segments
          label="Outcome"
          value={filter.outcome}
          onChange={(outcome) => onFilter({ ...filter, outcome })}
          options={[
            { id: 'all', label: `All ${grouped(entries.seen)}` },
            { id: 'stored', label: `Stored ${grouped(entries.stored)}` },
            { id: 'duplicate', label: `Duplicate ${grouped(entries.duplicate)}` },
            { id: 'quarantined', label: `Quarantined ${grouped(entries.quarantined)}` },
            { id: 'ignored', label: `Ignored ${grouped(entries.ignored)}` },
          ]}
        />
        <Select
          look="inline"
          hideLabel
          label="Kind"
          value={filter.kind}
          onChange={(kind) => onFilter({ ...filter, kind })}
          options={KINDS}
        />
        <ToolbarSpace />
        <SearchField label="Part of the path" value={filter.text} onChange={(text) => onFilter({ ...filter, text })} />
      </Toolbar>
      <div className={css['panes']}>
        <SplitPanes
          id="evidence-files"
          direction="row"
          panes={[
            {
              id: 'files',
              children: (
                // Another filter is another list: it begins at its top, and tells its first file.
                <DataGrid
                  key={JSON.stringify(filter)}
                  label="Files"
                  layout={layout}
                  onLayout={setLayout}
                  rowCount={total}
                  columns={fileColumns}
                  getRows={getRows}
                  resultKey={`${JSON.stringify(wish)} ${isImporting ? 'growing' : String(entries.seen)}`}
                  stale={count.isStale}
                  onActive={(cell) => setFile(cell.row)}
                  decorate={(row) =>
                    row.outcome === 'quarantined'
                      ? { edge: 'warn' }
                      : row.outcome === 'ignored'
                        ? { dimmed: true }
                        : undefined
                  }
                  empty={
                    count.isLoading || isImporting ? undefined : (
                      <EmptyState
                        title={isFiltered ? 'No file is like that' : 'No file was found in the sources'}
                        actions={
                          isFiltered ? <Button onPress={() => onFilter(allFiles)}>List all files</Button> : undefined
                        }
                      >
                        {isFiltered
                          ? `The case knows ${counted(all, 'file')}; none has this outcome, kind and path together.`
                          : 'The sources hold no files. Check that the right folder was chosen.'}
                      </EmptyState>
                    )
                  }
                  footer={
                    count.failure ? (
                      count.failure.message
                    ) : (
                      <>
                        <b>{grouped(total)}</b> of {counted(all, 'file')}
                      </>
                    )
                  }
                />
              ),
            },
            { id: 'file', size: '340px', least: '220px', collapsible: true, children: <FileDetails file={file} /> },
          ]}
        />
      </div>
    </div>
  )
}
