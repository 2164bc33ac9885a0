import { useMemo, useState } from 'react'
import {
  Activity,
  BookOpen,
  CircleHelp,
  Crosshair,
  Database,
  Fingerprint,
  LayoutDashboard,
  Rows3,
  ScrollText,
  Settings,
  ShieldCheck,
} from 'lucide-react'
import { Badge } from '../ui/badge.tsx'
import { Button, IconButton } from '../ui/button.tsx'
import { CommandPalette } from '../ui/command-palette.tsx'
import { DateTimeRange } from '../ui/date-time-range.tsx'
import { FacetList, type Facet } from '../ui/facet-list.tsx'
import { DataGrid, type GridCell } from '../ui/grid/data-grid.tsx'
import { Histogram } from '../ui/histogram/histogram.tsx'
import type { YScale } from '../ui/histogram/histogram-model.ts'
import { parseJsonNode } from '../ui/json/json-node.ts'
import { TreeView } from '../ui/json/tree-view.tsx'
import { KeySheet } from '../ui/key-sheet.tsx'
import { Mark } from '../ui/mark.tsx'
import { ContextMenu } from '../ui/menu.tsx'
import { QueryBox } from '../ui/query-box.tsx'
import { Rail } from '../ui/rail.tsx'
import { RawView } from '../ui/raw/raw-view.tsx'
import { Select } from '../ui/select.tsx'
import { SplitPanes } from '../ui/split-panes.tsx'
import { Tabs } from '../ui/tabs.tsx'
import { TagChip } from '../ui/tag-chip.tsx'
import { TimeCell } from '../ui/time-cell.tsx'
import type { TimeRange } from '../ui/time-axis.ts'
import { useKeyCommands } from '../ui/use-keys.tsx'
import { madeUpColumns } from './columns.tsx'
import { MADE_UP_JSON, madeUpCounts, madeUpCoverage, madeUpRow, START, type MadeUpRow } from './made-up.ts'
import { Unseen } from '../ui/unseen.tsx'
import css from './gallery.module.css'

const PLACES = [
  { id: 'overview', label: 'Overview', letter: 'o', icon: LayoutDashboard },
  { id: 'events', label: 'Events', letter: 'e', icon: Rows3 },
  { id: 'timeline', label: 'Timeline', letter: 't', icon: Activity },
  { id: 'identities', label: 'Identities', letter: 'i', icon: Fingerprint },
  { id: 'hunts', label: 'Hunts', letter: 'h', icon: Crosshair },
  { id: 'evidence', label: 'Evidence', letter: 'v', icon: ShieldCheck, note: '2 files altered' },
  { id: 'story', label: 'Story', letter: 's', icon: BookOpen },
  { id: 'sql', label: 'SQL', letter: 'q', icon: Database },
  { id: 'custody', label: 'Custody', letter: 'c', icon: ScrollText },
]

const COUNT = 1204
const getRows = (first: number, count: number) =>
  Promise.resolve(Array.from({ length: count }, (_, i) => madeUpRow(first + i)))
const EXTENT: TimeRange = { from: START, to: START + 72 * 3_600_000 }

const values = (pairs: readonly (readonly [string, number])[], mono = false) =>
  pairs.map(([label, count]) => ({ id: label, label, count, mono }))
const FACETS: readonly Facet[] = [
  {
    id: 'service',
    label: 'service',
    content: {
      kind: 'values',
      distinct: 24,
      values: values([
        ['s3', 1021],
        ['iam', 118],
        ['kms', 65],
        ['sts', 44],
        ['ec2', 31],
        ['cloudtrail', 4],
      ]).map((v) => (v.id === 'iam' ? { ...v, state: 'for' as const } : v)),
    },
  },
  {
    id: 'who',
    label: 'who',
    content: {
      kind: 'values',
      distinct: 3,
      values: values(
        [
          ['arn:aws:sts::210987654321:assumed-role/exfil-role/session-4711', 702],
          ['svc-backup', 388],
          ['a.rossi', 114],
        ],
        true,
      ),
    },
  },
  {
    id: 'from',
    label: 'from',
    content: {
      kind: 'values',
      distinct: 5,
      values: values(
        [
          ['203.0.113.77', 811],
          ['198.51.100.23', 204],
          ['192.0.2.146', 17],
        ],
        true,
      ),
    },
  },
  { id: 'error', label: 'error', content: { kind: 'loading' } },
  {
    id: 'region',
    label: 'region',
    content: {
      kind: 'values',
      distinct: 3,
      values: values([
        ['eu-central-1', 900],
        ['us-east-1', 300],
        ['ap-southeast-2', 4],
      ]),
    },
  },
]

/** The widgets together, as the window puts them: what must look right side by side. */
export function Workbench() {
  const [place, setPlace] = useState('events')
  const [query, setQuery] = useState('eventName:Delete* -userIdentity.type:AWSService')
  const [view, setView] = useState(EXTENT)
  const [span, setSpan] = useState<TimeRange | undefined>(undefined)
  const [scale, setScale] = useState<YScale>('linear')
  const [zone, setZone] = useState<'utc' | 'case'>('utc')
  const [range, setRange] = useState<TimeRange | undefined>(EXTENT)
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set(['service', 'who', 'from', 'error']))
  const [active, setActive] = useState<MadeUpRow | undefined>(undefined)
  const [menu, setMenu] = useState<{ cell: GridCell<MadeUpRow>; at: { x: number; y: number } } | undefined>(undefined)
  const [palette, setPalette] = useState(false)
  const [help, setHelp] = useState(false)
  const counts = useMemo(madeUpCounts, [])

  useKeyCommands([
    { id: 'palette', label: 'Find a command', keys: ['Mod+k'], scope: 'Everywhere', run: () => setPalette(true) },
    { id: 'help', label: 'Show the keys', keys: ['?'], scope: 'Everywhere', run: () => setHelp(true) },
    ...PLACES.map((one) => ({
      id: `go-${one.id}`,
      label: `Go to ${one.label}`,
      keys: [`g ${one.letter}`],
      scope: 'Places',
      run: () => setPlace(one.id),
    })),
    { id: 'down', label: 'Next row', keys: ['j', 'ArrowDown'], scope: 'List' },
    { id: 'up', label: 'Row before', keys: ['k', 'ArrowUp'], scope: 'List' },
    { id: 'select', label: 'Select the row', keys: ['x', 'Space'], scope: 'List' },
    { id: 'zoom', label: 'Zoom into the mark', keys: ['z'], scope: 'Histogram' },
    { id: 'zoom-out', label: 'Zoom out', keys: ['Z'], scope: 'Histogram' },
  ])

  const wrongAt = query.indexOf('((')
  const details = <Details row={active} />
  return (
    <div className={css['shell']}>
      <header className={css['top']}>
        <Button tone="quiet">ACME-2026-014</Button>
        <QueryBox
          label="Search"
          value={query}
          onChange={setQuery}
          onSubmit={() => undefined}
          placeholder="Search, for example eventName:Delete*"
          error={
            wrongAt < 0
              ? undefined
              : { from: wrongAt, to: wrongAt + 2, message: 'A parenthesis is opened here and never closed.' }
          }
          echo="eventName begins with Delete, and userIdentity.type is not AWSService"
          suggestions={
            query.endsWith('user')
              ? [
                  { id: 'a', label: 'userIdentity.arn', kind: 'field', detail: '412 values' },
                  { id: 'b', label: 'userAgent', kind: 'field', detail: '37 values' },
                ]
              : []
          }
          onSuggestion={(one) => setQuery(`${query.slice(0, -4)}${one.label}:`)}
        />
        <DateTimeRange
          label="Range"
          value={range}
          onChange={setRange}
          presets={[{ id: 'day', label: 'Last 24 hours here', range: { from: EXTENT.to - 86_400_000, to: EXTENT.to } }]}
        />
        <Select
          look="inline"
          hideLabel
          label="Time zone"
          value={zone}
          onChange={setZone}
          options={[
            { id: 'utc', label: 'UTC' },
            { id: 'case', label: 'Europe/Berlin' },
          ]}
        />
      </header>
      <div className={css['main']}>
        <Rail
          label="Places"
          places={PLACES}
          current={place}
          onGo={setPlace}
          foot={
            <>
              <IconButton label="Keys" icon={CircleHelp} keys="?" onPress={() => setHelp(true)} />
              <IconButton label="Settings" icon={Settings} />
            </>
          }
        />
        <main className={css['content']}>
          <Unseen as="h1">Workbench</Unseen>
          <SplitPanes
            id="gallery-rows"
            direction="column"
            panes={[
              {
                id: 'histogram',
                size: '168px',
                least: '110px',
                children: (
                  <Histogram
                    label="Events over time"
                    unit="event"
                    data={counts}
                    view={view}
                    extent={EXTENT}
                    onView={setView}
                    span={span}
                    onSpan={setSpan}
                    coverage={madeUpCoverage}
                    coverageWords={{ altered: 'broken', missing: 'missing' }}
                    scale={scale}
                    onScale={setScale}
                  />
                ),
              },
              {
                id: 'below',
                children: (
                  <SplitPanes
                    id="gallery-columns"
                    direction="row"
                    panes={[
                      {
                        id: 'facets',
                        size: '224px',
                        collapsible: true,
                        children: (
                          <FacetList
                            label="Facets"
                            facets={FACETS}
                            open={open}
                            onToggle={(id) =>
                              setOpen(
                                open.has(id) ? new Set([...open].filter((one) => one !== id)) : new Set([...open, id]),
                              )
                            }
                            onChoose={(field, value, against) =>
                              setQuery(`${query} ${against ? '-' : ''}${field}:${value.label}`)
                            }
                            onMore={() => undefined}
                            onRareFirst={() => undefined}
                            onSearch={() => undefined}
                          />
                        ),
                      },
                      {
                        id: 'grid',
                        children: (
                          <DataGrid
                            label="Events"
                            rowCount={COUNT}
                            columns={madeUpColumns}
                            getRows={getRows}
                            resultKey={query}
                            sort={{ columnId: 'time', direction: 'ascending' }}
                            onSort={() => undefined}
                            onActive={(cell) => setActive(cell.row)}
                            onFilter={(cell, way) =>
                              setQuery(`${query} ${way === 'against' ? '-' : ''}${cell.columnId}:x`)
                            }
                            onMenu={(cell, at) => setMenu({ cell, at })}
                            decorate={(row, previous) =>
                              previous && row.at - previous.at > 200_000
                                ? { gapBefore: '4 min without a log file' }
                                : row.call === 'StopLogging'
                                  ? { edge: 'danger' }
                                  : undefined
                            }
                            footer={
                              <>
                                <b>1,204</b> of 1,284,331 events · eventName begins with Delete, not AWSService ·
                                2023-07-10 09:00Z to 15:00Z
                              </>
                            }
                          />
                        ),
                      },
                      { id: 'details', size: '360px', collapsible: true, children: details },
                    ]}
                  />
                ),
              },
            ]}
          />
        </main>
      </div>
      <ContextMenu
        label="Cell"
        at={menu?.at}
        onClose={() => setMenu(undefined)}
        groups={[
          {
            id: 'filter',
            actions: [
              { id: 'for', label: 'Filter for this value', keys: 'f', onAction: () => undefined },
              { id: 'against', label: 'Filter against this value', keys: 'F', onAction: () => undefined },
            ],
          },
          {
            id: 'copy',
            actions: [
              { id: 'copy', label: 'Copy', keys: 'Mod+c', onAction: () => undefined },
              { id: 'raw', label: 'Copy raw record', onAction: () => undefined },
            ],
          },
        ]}
      />
      <CommandPalette isOpen={palette} onClose={() => setPalette(false)} />
      <KeySheet isOpen={help} onClose={() => setHelp(false)} />
    </div>
  )
}

const ROOT = parseJsonNode(MADE_UP_JSON)
const BYTES = new Uint8Array([
  ...new TextEncoder().encode(MADE_UP_JSON),
  0xff,
  0x0a,
  ...new TextEncoder().encode('{"second":"line"}'),
])

function Details({ row }: { readonly row: MadeUpRow | undefined }) {
  return (
    <div className={css['details']}>
      <div className={css['detailsHead']}>
        <div className={css['detailsTitle']}>
          <h2>{row?.call ?? 'No event'}</h2>
          {row?.result === 'DENIED' && <Badge tone="danger">denied</Badge>}
          {row?.writes === true && <Badge>write</Badge>}
        </div>
        {row && (
          <div className={css['detailsSub']}>
            <TimeCell utc={row.at} />
            <Mark kind="proven" />
          </div>
        )}
        <div className={css['tags']}>
          <TagChip name="exfiltration" look={1} />
          <TagChip name="persistence" look={7} />
        </div>
      </div>
      <Tabs
        label="Details"
        items={[
          {
            id: 'tree',
            label: 'Tree',
            children: ROOT ? (
              <TreeView label="Record" root={ROOT} onValue={() => undefined} marked={new Set(['sourceIPAddress'])} />
            ) : null,
          },
          { id: 'raw', label: 'Raw', children: <RawView label="Record, raw" bytes={BYTES} baseOffset={120_441} /> },
          {
            id: 'related',
            label: 'Related',
            count: '38',
            children: <p className={css['pad']}>38 events share the credential.</p>,
          },
        ]}
      />
    </div>
  )
}
