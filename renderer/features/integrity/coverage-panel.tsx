import { useCallback, useMemo, useRef, useState, type ReactNode } from 'react'
import { ChevronLeft, ChevronRight, Table2, ZoomOut } from 'lucide-react'
import { counted, grouped } from '#shared/base/count.ts'
import { utcMs } from '#shared/base/time.ts'
import { visible } from '#shared/base/visible.ts'
import type { CoverageCell, CoverageLane } from '#shared/contract/integrity.ts'
import { everything } from '#shared/domain/query/query.ts'
import { cellKind, coverageUnits, laneSpans } from '#renderer/client/coverage.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Button, IconButton } from '#renderer/ui/button.tsx'
import { Mark, MARK_KINDS } from '#renderer/ui/mark.tsx'
import { EmptyState, ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import { Toolbar, ToolbarSpace } from '#renderer/ui/toolbar.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { zoomed } from '#renderer/ui/time-view.ts'
import { durationText, timeText, type Zone } from '#shared/base/zone.ts'
import { CoverageTable } from './coverage-table.tsx'
import { coverageWish } from './coverage-unit.ts'
import type { Lane } from './lane-model.ts'
import { LaneMap, type LaneMapHandle, type LanePoint } from './lane-map.tsx'
import { kindWords } from './words.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import css from './integrity.module.css'

/** What is shown of the time axis, shared with the chains below. */
export type MapView = { readonly view: TimeRange | undefined; readonly move: (view: TimeRange | undefined) => void }

/** Account by region over time: where digests vouch for what was delivered, and where nobody can tell. */
export function CoveragePanel({ view: shown, move }: MapView) {
  const { caseId } = useOpenCase()
  const zone = useZone()
  const [asTable, setAsTable] = useState(false)
  const map = useRef<LaneMapHandle>(null)
  const days = useAsk('integrity.coverage', { caseId, unit: 'day' })
  const base = days.value
  const extent = useMemo(
    () =>
      base?.fromMs === undefined || base.fromMs === null || base.toMs === null
        ? undefined
        : { from: base.fromMs, to: base.toMs },
    [base],
  )
  const view = shown ?? extent
  const wish = view && extent && coverageWish(view, extent, base?.lanes.length ?? 1)
  const fine = useAsk(
    'integrity.coverage',
    wish
      ? {
          caseId,
          unit: wish.unit,
          ...(wish.range && { from: utcMs(wish.range.from), to: utcMs(wish.range.to) }),
        }
      : null,
  )
  const data = fine.value ?? base
  const unitMs = coverageUnits[data?.unit ?? 'day']
  const lanes = useMemo(() => (data?.lanes ?? []).map((lane) => toLane(lane, unitMs)), [data, unitMs])

  const zoom = (factor: number): void => {
    if (view && extent) move(zoomed(view, (view.from + view.to) / 2, factor, extent, 60_000))
  }
  useKeyCommands([
    { id: 'coverage-next', label: 'Next gap', keys: ['n'], scope: 'Coverage', run: () => map.current?.goToTrouble(1) },
    {
      id: 'coverage-prev',
      label: 'Gap before',
      keys: ['p'],
      scope: 'Coverage',
      run: () => map.current?.goToTrouble(-1),
    },
    { id: 'coverage-in', label: 'Zoom in', keys: ['z'], scope: 'Coverage', run: () => zoom(0.5) },
    { id: 'coverage-out', label: 'Zoom out', keys: ['Z'], scope: 'Coverage', run: () => zoom(2) },
    { id: 'coverage-all', label: 'Show all time', keys: ['0'], scope: 'Coverage', run: () => move(undefined) },
    {
      id: 'coverage-table',
      label: 'Coverage as a table',
      keys: ['T'],
      scope: 'Coverage',
      run: () => setAsTable(!asTable),
    },
    { id: 'coverage-walk', label: 'Walk in time and lanes', keys: ['ArrowRight', 'ArrowDown'], scope: 'Coverage' },
    { id: 'coverage-open', label: 'Events of the cell', keys: ['Enter'], scope: 'Coverage' },
  ])

  const tip = useCallback(
    ({ lane, time }: LanePoint): ReactNode => {
      const here = data?.lanes[lane]
      return here && <CellTip lane={here} atMs={Math.floor(time / unitMs) * unitMs} unitMs={unitMs} zone={zone} />
    },
    [data, unitMs, zone],
  )
  const openCell = ({ lane, time }: LanePoint): void => {
    const here = data?.lanes[lane]
    if (here) lookAtCell(here, Math.floor(time / unitMs) * unitMs, unitMs)
  }

  if (!base)
    return days.failure ? (
      <ErrorState
        title={days.failure.message}
        safe="Nothing in the case was changed."
        advice="Ask again; if it comes back, check the case itself in the case menu."
        code={days.failure.code}
        actions={<Button onPress={days.again}>Ask again</Button>}
      />
    ) : (
      <Skeleton lines={6} label="Reading the coverage" />
    )
  if (!extent || !view)
    return (
      <EmptyState title="No digest and no log file that tells when it was delivered">
        Coverage is read from digests and from the names of log files in a copied bucket. {base.silence}
      </EmptyState>
    )
  return (
    <section className={css['panel']} aria-label="Coverage">
      <Toolbar label="Coverage">
        <h2 className={css['panelTitle']}>Coverage</h2>
        <span className={css['legend']}>
          {MARK_KINDS.map((kind) => (
            <Mark key={kind} kind={kind} word={kindWords[kind]} />
          ))}
        </span>
        <ToolbarSpace />
        <span className={css['quiet']}>
          {counted(lanes.length, 'account and region', 'accounts and regions')}, by {data?.unit}, times of delivery
        </span>
        <IconButton
          icon={ChevronLeft}
          label="Gap before"
          keys="p"
          onPress={() => map.current?.goToTrouble(-1)}
          isDisabled={asTable}
        />
        <IconButton
          icon={ChevronRight}
          label="Next gap"
          keys="n"
          onPress={() => map.current?.goToTrouble(1)}
          isDisabled={asTable}
        />
        <IconButton icon={ZoomOut} label="Zoom out" keys="Z" onPress={() => zoom(2)} isDisabled={shown === undefined} />
        <IconButton
          icon={Table2}
          label="Show as table"
          keys="T"
          isPressed={asTable}
          onPress={() => setAsTable(!asTable)}
        />
        <Button tone="quiet" keys="0" onPress={() => move(undefined)} isDisabled={shown === undefined}>
          All time
        </Button>
      </Toolbar>
      {asTable ? (
        <CoverageTable lanes={data?.lanes ?? []} unitMs={unitMs} view={view} zone={zone} />
      ) : (
        <LaneMap
          ref={map}
          label={`Coverage of ${counted(lanes.length, 'account and region', 'accounts and regions')}`}
          lanes={lanes}
          view={view}
          extent={extent}
          zone={zone}
          stepMs={unitMs}
          isStale={fine.isStale}
          onView={move}
          onOpen={openCell}
          tip={tip}
        />
      )}
      <p className={css['silence']}>{base.silence}</p>
    </section>
  )
}

const toLane = (lane: CoverageLane, unitMs: number): Lane => ({
  id: `${lane.account} ${lane.region}`,
  name: `${lane.account} ${lane.region}`,
  title: `Account ${lane.account}, ${lane.region}`,
  spans: laneSpans(lane, unitMs),
  names: lane.gaps.map(({ fromMs, toMs, says }) => ({ from: fromMs, to: toMs, name: says })),
})

/** The events of one account and region in one hour (or day, or minute). What else was asked is left out, so that nothing hides. */
function lookAtCell({ account, region }: CoverageLane, atMs: number, unitMs: number): void {
  const facets = [
    { field: 'account', values: [account], exclude: false },
    { field: 'awsRegion', values: [region], exclude: false },
  ].filter(({ values }) => values[0] !== '')
  useWorkspace.getState().look({
    place: 'events',
    event: null,
    about: null,
    query: { ...everything, facets, from: utcMs(atMs), to: utcMs(atMs + unitMs) },
  })
}

const emptyCell = (atMs: number): CoverageCell => ({
  atMs,
  state: 'none',
  seconds: { proven: 0, listed: 0, broken: 0 },
  files: 0,
  damaged: 0,
  missing: 0,
  firstEventMs: null,
  lastEventMs: null,
  firstDeliveryMs: null,
  lastDeliveryMs: null,
})

/** Everything that is known of one cell. */
function CellTip({
  lane,
  atMs,
  unitMs,
  zone,
}: {
  readonly lane: CoverageLane
  readonly atMs: number
  readonly unitMs: number
  readonly zone: Zone
}) {
  const cell = cellOf(lane.cells, atMs) ?? emptyCell(atMs)
  const gaps = lane.gaps.filter((gap) => gap.fromMs < atMs + unitMs && gap.toMs > atMs)
  const kind = cellKind(cell, lane.gaps, unitMs)
  const { proven, listed, broken } = cell.seconds
  const without = unitMs / 1000 - proven - listed - broken
  const parts = [
    ['proven', proven],
    ['listed', listed],
    ['in a gap', broken],
    ['without digest', without],
  ] as const
  const isMixed = parts.filter(([, seconds]) => seconds >= 1).length > 1
  const range = (name: string, first: number | null, last: number | null): ReactNode =>
    first !== null &&
    last !== null && (
      <span>
        {name} {timeText(first, zone)}
        {last !== first && ` to ${timeText(last, zone)}`}
      </span>
    )
  return (
    <>
      <b>
        {timeText(atMs, zone)} · {durationText(unitMs)}
      </b>
      <span>
        {visible(lane.account)} {visible(lane.region)}
      </span>
      <Mark kind={kind} word={kindWords[kind]} />
      {isMixed && (
        <span className={css['quiet']}>
          {parts
            .filter(([, seconds]) => seconds >= 1)
            .map(([name, seconds]) => `${durationText(seconds * 1000)} ${name}`)
            .join(', ')}
        </span>
      )}
      {gaps.map((gap) => (
        <span key={`${gap.fromMs} ${gap.trail}`}>
          <b>{gap.says}</b>, {timeText(gap.fromMs, zone)} to {timeText(gap.toMs, zone)}: {gap.means}
        </span>
      ))}
      <span>
        {counted(cell.files, 'log file')} delivered
        {cell.damaged > 0 && `, ${grouped(cell.damaged)} altered`}
        {cell.missing > 0 && `, ${grouped(cell.missing)} more missing`}
      </span>
      {range('Events', cell.firstEventMs, cell.lastEventMs)}
      {range('Delivered', cell.firstDeliveryMs, cell.lastDeliveryMs)}
      {kind === 'none' && cell.files === 0 && <span>No digest: that nothing was delivered is not proven.</span>}
    </>
  )
}

function cellOf(cells: readonly CoverageCell[], atMs: number): CoverageCell | undefined {
  let low = 0
  let high = cells.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (cells[middle]!.atMs < atMs) low = middle + 1
    else high = middle
  }
  const found = cells[low]
  return found?.atMs === atMs ? found : undefined
}
