import { useCallback, useMemo, useState } from 'react'
import { MousePointerClick } from 'lucide-react'
import { counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import type { IntegrityFinding } from '#shared/contract/integrity.ts'
import { everything, type FacetFilter } from '#shared/domain/query/query.ts'
import { useEngine } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Badge } from '#renderer/ui/badge.tsx'
import { Button, Segments } from '#renderer/ui/button.tsx'
import { DataGrid, type GridColumn } from '#renderer/ui/grid/data-grid.tsx'
import { Select } from '#renderer/ui/select.tsx'
import { SplitPanes } from '#renderer/ui/split-panes.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'
import { SearchField } from '#renderer/ui/text-field.tsx'
import { Toolbar, ToolbarSpace } from '#renderer/ui/toolbar.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { proofAddress } from '#renderer/client/proof-address.ts'
import { severityTones, severityWords } from './words.ts'
import css from './integrity.module.css'

type Overview = OutputOf<'integrity.overview'>
type Severity = IntegrityFinding['severity']

const SEVERITIES = ['high', 'medium', 'low', 'info'] as const

/** What is wrong, most severe first: the file, what was expected and found, what it can mean; and its events. */
export function FindingsPanel({ overview }: { readonly overview: Overview }) {
  const engine = useEngine()
  const { caseId } = useOpenCase()
  const [severity, setSeverity] = useState<Severity | 'all'>('all')
  const [code, setCode] = useState('all')
  const [text, setText] = useState('')
  const [finding, setFinding] = useState<IntegrityFinding | undefined>(undefined)
  const wish = useMemo(
    () => ({
      caseId,
      text,
      ...(severity !== 'all' && { severities: [severity] }),
      ...(code !== 'all' && { codes: [code] }),
    }),
    [caseId, text, severity, code],
  )
  const count = useAsk('integrity.findings', { ...wish, limit: 0 })
  const getRows = useCallback(
    async (offset: number, limit: number, signal: AbortSignal) => {
      const page = await engine.ask('integrity.findings', { ...wish, offset, limit }, { signal })
      if (!page.ok) throw new Error(page.message)
      return page.value.findings
    },
    [engine, wish],
  )
  useKeyCommands([
    { id: 'findings-down', label: 'Next finding, finding before', keys: ['j', 'k'], scope: 'Findings' },
    { id: 'findings-open', label: 'Events of the file', keys: ['Enter'], scope: 'Findings' },
  ])
  const total = count.value?.total ?? 0
  const all = count.value?.all ?? 0
  const isFiltered = severity !== 'all' || code !== 'all' || text !== ''
  const showAll = (): void => {
    setSeverity('all')
    setCode('all')
    setText('')
  }
  const codes = [...new Map(overview.codes.map((one) => [one.code, one.says])).entries()]
  return (
    <div className={css['panel']}>
      <Toolbar label="Which findings">
        <Segments
          label="Severity"
          value={severity}
          onChange={setSeverity}
          options={[
            { id: 'all' as const, label: `All ${grouped(all)}` },
            ...SEVERITIES.map((id) => ({ id, label: `${severityWords[id]} ${grouped(overview.severities[id])}` })),
          ]}
        />
        <Select
          look="inline"
          hideLabel
          label="Kind of finding"
          value={code}
          onChange={setCode}
          options={[{ id: 'all', label: 'Every kind' }, ...codes.map(([id, label]) => ({ id, label }))]}
        />
        <ToolbarSpace />
        <SearchField label="Part of a path or of the words" value={text} onChange={setText} />
      </Toolbar>
      <div className={css['panes']}>
        <SplitPanes
          id="integrity-findings"
          direction="row"
          panes={[
            {
              id: 'findings',
              least: '320px',
              children: (
                <DataGrid
                  label="Findings"
                  rowCount={total}
                  columns={columns}
                  getRows={getRows}
                  resultKey={`${JSON.stringify(wish)} ${String(overview.judgedMs)}`}
                  stale={count.isStale}
                  onActive={(cell) => setFinding(cell.row)}
                  onOpen={(cell) => lookAtEvents(cell.row.filter)}
                  decorate={(row) =>
                    row.severity === 'high'
                      ? { edge: 'danger' }
                      : row.severity === 'medium'
                        ? { edge: 'warn' }
                        : undefined
                  }
                  empty={
                    count.isLoading ? undefined : isFiltered ? (
                      <EmptyState
                        title="No finding is like that"
                        actions={<Button onPress={showAll}>List all findings</Button>}
                      >
                        There are {counted(all, 'finding')}; none has this severity, kind and text together.
                      </EmptyState>
                    ) : (
                      <EmptyState
                        title={overview.judgedMs === null ? 'Not checked yet' : 'Nothing was found to be wrong'}
                      >
                        {overview.judgedMs === null
                          ? 'The digests are checked at the end of each import, or now with Check now.'
                          : 'This says something about what digests cover, and nothing about the rest: see the coverage above.'}
                      </EmptyState>
                    )
                  }
                  footer={
                    count.failure ? (
                      count.failure.message
                    ) : (
                      <>
                        <b>{grouped(total)}</b> of {counted(all, 'finding')}, most severe first
                      </>
                    )
                  }
                />
              ),
            },
            ...(all === 0
              ? []
              : [
                  {
                    id: 'finding',
                    size: '400px',
                    least: '260px',
                    collapsible: true,
                    children: total === 0 ? null : <FindingDetails finding={finding} />,
                  },
                ]),
          ]}
        />
      </div>
    </div>
  )
}

const fileOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Its end tells log files apart, its start account and region: the middle gives way. */
const FileName = ({ name }: { readonly name: string }) => (
  <span className={css['fileName']}>
    <span>{name.slice(0, -30)}</span>
    <span>{name.slice(-30)}</span>
  </span>
)

const columns: readonly GridColumn<IntegrityFinding>[] = [
  {
    id: 'severity',
    label: 'Severity',
    width: 84,
    text: (row) => severityWords[row.severity],
    render: (row) => <Badge tone={severityTones[row.severity]}>{severityWords[row.severity]}</Badge>,
  },
  { id: 'says', label: 'Finding', width: 210, text: (row) => row.says },
  {
    id: 'file',
    label: 'File',
    width: 380,
    growTo: 620,
    mono: true,
    text: (row) => visible(row.path),
    render: (row) => <FileName name={visible(fileOf(row.path))} />,
  },
  { id: 'events', label: 'Events', width: 72, align: 'end', text: (row) => grouped(row.events) },
  {
    id: 'affected',
    label: 'Also about',
    width: 84,
    align: 'end',
    text: (row) => (row.affected === 0 ? '' : grouped(row.affected)),
  },
  { id: 'detail', label: 'Detail', width: 420, growTo: 900, text: (row) => visible(row.detail) },
  { id: 'code', label: 'Code', width: 180, mono: true, hidden: true, text: (row) => row.code },
]

/** Shows what a file brought into the case; whatever else was asked before is left out, so that nothing hides. */
function lookAtEvents(filter: FacetFilter | null): void {
  if (filter)
    useWorkspace
      .getState()
      .look({ place: 'events', event: null, about: null, query: { ...everything, facets: [filter] } })
}

function FindingDetails({ finding }: { readonly finding: IntegrityFinding | undefined }) {
  const go = useWorkspace((w) => w.go)
  if (!finding)
    return (
      <EmptyState icon={MousePointerClick} title="No finding is chosen">
        Choose one in the list to see what was expected, what was found and what it can mean.
      </EmptyState>
    )
  const { entry, filter } = finding
  return (
    <div className={css['details']} tabIndex={0} role="region" aria-label="Finding">
      <div className={css['detailsHead']}>
        <Badge tone={severityTones[finding.severity]}>{severityWords[finding.severity]}</Badge>
        <h3>{finding.says}</h3>
      </div>
      <p>{visible(finding.detail)}</p>
      <p className={css['quiet']}>{finding.means}</p>
      <div className={css['actions']}>
        {filter && (
          <Button keys="Enter" onPress={() => lookAtEvents(filter)}>
            {`Show its ${counted(finding.events, 'event')}`}
          </Button>
        )}
        {entry !== null && finding.code.startsWith('LOG_') && (
          <Button onPress={() => go('evidence', proofAddress({ entry }))}>Proof card</Button>
        )}
      </div>
      <dl>
        <dt>File</dt>
        <dd>
          <code>{visible(finding.path)}</code>
        </dd>
        {finding.expected !== null && (
          <>
            <dt>Expected</dt>
            <dd>
              <code>{visible(finding.expected)}</code>
            </dd>
          </>
        )}
        {finding.found !== null && (
          <>
            <dt>Found</dt>
            <dd>
              <code className={css['found']}>{visible(finding.found)}</code>
            </dd>
          </>
        )}
        <dt>In the case</dt>
        <dd>
          {entry === null
            ? 'The evidence does not hold this file.'
            : finding.events === 0
              ? 'The file is in the evidence; no event was first found in it.'
              : `${counted(finding.events, 'event')} first found in this file`}
        </dd>
        <dt>Code</dt>
        <dd>
          <code>{finding.code}</code>
        </dd>
      </dl>
      {finding.affected > 0 && <Affected key={finding.n} finding={finding} />}
    </div>
  )
}

/** The further files that a finding speaks about. */
function Affected({ finding }: { readonly finding: IntegrityFinding }) {
  const { caseId } = useOpenCase()
  const [limit, setLimit] = useState(20)
  const { value, failure } = useAsk('integrity.affected', { caseId, n: finding.n, limit })
  if (failure && !value) return <p>{failure.message}</p>
  if (!value) return null
  return (
    <>
      <h4>
        {grouped(value.paths.length)} of {counted(value.total, 'file')} it is also about
      </h4>
      <ul className={css['paths']}>
        {value.paths.map((one) => (
          <li key={one.path}>
            <code>{visible(one.path)}</code>
            {one.filter && (
              <Button tone="quiet" onPress={() => lookAtEvents(one.filter)}>
                {counted(one.events, 'event')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {value.paths.length < value.total && (
        <Button onPress={() => setLimit(Math.min(10_000, limit * 10))}>Show more</Button>
      )}
    </>
  )
}
