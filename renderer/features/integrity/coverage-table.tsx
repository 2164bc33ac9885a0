import { useCallback, useMemo } from 'react'
import { counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { CoverageLane } from '#shared/contract/integrity.ts'
import { laneSpans, type CoveredSpan } from '#renderer/client/coverage.ts'
import { DataGrid, type GridColumn } from '#renderer/ui/grid/data-grid.tsx'
import { Mark } from '#renderer/ui/mark.tsx'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { durationText, timeText, type Zone } from '#shared/base/zone.ts'
import { kindWords } from './words.ts'

type Row = CoveredSpan & {
  readonly account: string
  readonly region: string
  readonly files: number
  readonly damaged: number
  readonly missing: number
  readonly gaps: string
} & Times

/** First and last event and delivery of the log files of a stretch, ms UTC; null where there are none. */
type Times = Pick<CoverageLane['cells'][number], 'firstEventMs' | 'lastEventMs' | 'firstDeliveryMs' | 'lastDeliveryMs'>

/** The coverage map as a table: a row for each stretch of one kind, for eyes and programs that do not read maps. */
export function CoverageTable({
  lanes,
  unitMs,
  view,
  zone,
}: {
  readonly lanes: readonly CoverageLane[]
  readonly unitMs: number
  readonly view: TimeRange
  readonly zone: Zone
}) {
  const rows = useMemo(() => lanes.flatMap((lane) => toRows(lane, unitMs)), [lanes, unitMs])
  const inView = useMemo(() => rows.filter((row) => row.from < view.to && row.to > view.from), [rows, view])
  const columns = useMemo(() => columnsFor(zone), [zone])
  const getRows = useCallback(
    (offset: number, limit: number) => Promise.resolve(inView.slice(offset, offset + limit)),
    [inView],
  )
  return (
    <DataGrid
      label="Coverage as a table"
      rowCount={inView.length}
      columns={columns}
      getRows={getRows}
      resultKey={`${rows.length} ${inView.length} ${view.from} ${view.to} ${unitMs}`}
      decorate={(row) =>
        row.state === 'altered' ? { edge: 'danger' } : row.state === 'missing' ? { edge: 'warn' } : undefined
      }
      footer={
        <>
          <b>{grouped(inView.length)}</b> of {counted(rows.length, 'stretch', 'stretches')} in the time shown
        </>
      }
    />
  )
}

function toRows(lane: CoverageLane, unitMs: number): readonly Row[] {
  let next = 0
  return laneSpans(lane, unitMs).map((span) => {
    let [files, damaged, missing] = [0, 0, 0]
    let times: Times = { firstEventMs: null, lastEventMs: null, firstDeliveryMs: null, lastDeliveryMs: null }
    for (; next < lane.cells.length && lane.cells[next]!.atMs < span.to; next++) {
      const cell = lane.cells[next]!
      files += cell.files
      damaged += cell.damaged
      missing += cell.missing
      times = {
        firstEventMs: earlier(times.firstEventMs, cell.firstEventMs),
        lastEventMs: later(times.lastEventMs, cell.lastEventMs),
        firstDeliveryMs: earlier(times.firstDeliveryMs, cell.firstDeliveryMs),
        lastDeliveryMs: later(times.lastDeliveryMs, cell.lastDeliveryMs),
      }
    }
    const gaps = lane.gaps.filter((gap) => gap.fromMs < span.to && gap.toMs > span.from).map((gap) => gap.says)
    return {
      ...span,
      account: lane.account,
      region: lane.region,
      files,
      damaged,
      missing,
      gaps: [...new Set(gaps)].join(', '),
      ...times,
    }
  })
}

const earlier = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.min(a, b)
const later = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? (a ?? b) : Math.max(a, b)

const number = (id: string, label: string, of: (row: Row) => number): GridColumn<Row> => ({
  id,
  label,
  width: 84,
  align: 'end',
  text: (row) => grouped(of(row)),
})

const columnsFor = (zone: Zone): readonly GridColumn<Row>[] => [
  { id: 'account', label: 'Account', width: 120, mono: true, text: (row) => visible(row.account) },
  { id: 'region', label: 'Region', width: 120, mono: true, text: (row) => visible(row.region) },
  {
    id: 'state',
    label: 'State',
    width: 150,
    text: (row) => kindWords[row.state],
    render: (row) => <Mark kind={row.state} word={kindWords[row.state]} />,
  },
  { id: 'from', label: 'From', width: 190, text: (row) => timeText(row.from, zone) },
  { id: 'to', label: 'To', width: 190, text: (row) => timeText(row.to, zone) },
  { id: 'length', label: 'Length', width: 100, align: 'end', text: (row) => durationText(row.to - row.from) },
  number('files', 'Log files', (row) => row.files),
  number('damaged', 'Altered', (row) => row.damaged),
  number('missing', 'Missing', (row) => row.missing),
  { id: 'gaps', label: 'Gaps', width: 260, text: (row) => row.gaps },
  ...(
    [
      ['firstEventMs', 'First event'],
      ['lastEventMs', 'Last event'],
      ['firstDeliveryMs', 'First delivery'],
      ['lastDeliveryMs', 'Last delivery'],
    ] as const
  ).map(([id, label]): GridColumn<Row> => ({
    id,
    label,
    width: 190,
    text: (row) => (row[id] === null ? '' : timeText(row[id], zone)),
  })),
]
