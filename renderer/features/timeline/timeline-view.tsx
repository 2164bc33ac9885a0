import { useCallback, useMemo, useRef, useState } from 'react'
import { Activity, ZoomOut } from 'lucide-react'
import { counted, grouped } from '#shared/base/count.ts'
import { utcMs } from '#shared/base/time.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import type { AnnotationStateShown } from '#shared/contract/annotations.ts'
import type { TimelineInsight } from '#shared/contract/timeline.ts'
import { laneFields, laneKinds, type LaneKind } from '#shared/domain/lanes.ts'
import { filterFor } from '#shared/domain/query/edit.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { zoomed } from '#renderer/ui/time-view.ts'
import { useTimeView } from '#renderer/client/use-time-view.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Button, IconButton } from '#renderer/ui/button.tsx'
import { Select } from '#renderer/ui/select.tsx'
import { EmptyState, ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import { Toolbar, ToolbarSpace } from '#renderer/ui/toolbar.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { useSize } from '#renderer/ui/use-size.ts'
import { drawAxis, timelineColors } from './draw-lanes.ts'
import { LANE_HEIGHT, rowStays, type Hit } from './lane-model.ts'
import { LanePlot } from './lane-plot.tsx'
import { MiniMap } from './mini-map.tsx'
import { GapNames, InsightRow, PinRow, usePinLayout, type StoryPin } from './pins.tsx'
import { useCanvas, type ColorOf } from '#renderer/ui/use-canvas.ts'
import { useGaps } from './use-gaps.ts'
import { useExtent, withoutRange } from './use-extent.ts'
import { Unseen } from '#renderer/ui/unseen.tsx'
import css from './timeline.module.css'

const NAMES: Readonly<Record<LaneKind, { readonly one: string; readonly none: string }>> = {
  principal: { one: 'principal', none: 'no principal' },
  accessKey: { one: 'access key', none: 'no access key' },
  address: { one: 'address', none: 'no address' },
  account: { one: 'account', none: 'no account' },
  region: { one: 'region', none: 'no region' },
  service: { one: 'service', none: 'no service' },
  tag: { one: 'tag', none: 'no tag' },
}
const TOPS = ['12', '30', '100'] as const
const AXIS = 20
/** Bars are about this wide, px. */
const BAR = 4
const none = [] as const

/** The case on a time axis: who did something when, in lanes, with exhibits and findings as pins. */
export function TimelineView() {
  const open = useOpenCase()
  if (open.events - open.undated <= 0)
    return (
      <EmptyState
        icon={Activity}
        title={open.events === 0 ? 'This case has no events yet' : 'No event of this case has a readable time'}
      >
        {open.events === 0 ? 'Add evidence first (g v).' : 'Events lists them; they cannot stand on a time axis.'}
      </EmptyState>
    )
  return <Timeline />
}

function Timeline() {
  const { caseId, undated } = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const zone = useZone()
  const extent = useExtent()
  const [view, move] = useTimeView(extent)
  const [by, setBy] = useRemembered<LaneKind>('timeline.by', laneKinds, 'principal')
  const [top, setTop] = useRemembered<(typeof TOPS)[number]>('timeline.lanes', TOPS, '30')
  const head = useRef<HTMLDivElement>(null)
  const { width } = useSize(head)

  // Rounded, so that dragging a pane by a pixel asks nothing anew.
  const buckets = Math.max(100, Math.ceil(width / BAR / 50) * 50)
  const from = query.from ?? utcMs(extent.from)
  const to = query.to ?? utcMs(extent.to)
  const asked = useAsk(
    'timeline.lanes',
    width === 0 ? null : { caseId, query, by, from, to, buckets, top: Number(top) },
  )
  const data = asked.value
  const marks = useAsk(
    'timeline.marks',
    data === undefined ? null : { caseId, query, by, from, to, lanes: data.lanes.map((lane) => lane.value) },
  ).value
  const whole = useAsk('events.histogram', { caseId, query: withoutRange(query), buckets: 400 }).value
  const counts = useMemo(
    () => whole && { startMs: whole.startMs, bucketMs: whole.bucketMs, counts: whole.series[0]?.counts ?? [] },
    [whole],
  )
  const said = useAsk('annotations.state', { caseId }).value
  const gaps = useGaps(caseId)
  const stays = useMemo(() => rowStays(marks?.sessions ?? none), [marks])
  const pins = usePins(said)
  const pinTimes = useMemo(() => pins.map((pin) => pin.timeMs), [pins])
  const layout = usePinLayout(pins, view, width)
  const incident = useMemo(() => incidentOf(pins), [pins])

  const zoomOut = useCallback(() => move(zoomed(view, (view.from + view.to) / 2, 2, extent)), [view, extent, move])
  const all = useCallback(() => move(extent), [move, extent])
  useKeyCommands([
    { id: 'timeline-out', label: 'Zoom out', keys: ['Z'], scope: 'Timeline', run: zoomOut },
    {
      id: 'timeline-in',
      label: 'Zoom in',
      keys: ['z'],
      scope: 'Timeline',
      run: () => move(zoomed(view, (view.from + view.to) / 2, 0.5, extent)),
    },
    { id: 'timeline-all', label: 'Show the whole case', keys: ['0'], scope: 'Timeline', run: all },
    ...(incident
      ? [
          {
            id: 'timeline-incident',
            label: 'Show from the first to the last exhibit',
            keys: ['i'],
            scope: 'Timeline',
            run: () => move(incident),
          },
        ]
      : []),
  ])

  const openHit = (hit: Hit): void => {
    const [stay] = hit.stays
    if (stay)
      lookAtEvents(withValue(query, laneFields.accessKey, stay.credential), {
        from: stay.firstMs,
        to: stay.lastMs + 1,
      })
    else if (hit.count > 0) lookAtEvents(withValue(query, laneFields[by], hit.lane.value), hit.range)
  }
  const openInsight = (one: TimelineInsight): void =>
    useWorkspace.getState().look({ place: 'events', event: one.event })
  const name = (value: string | null): string => value ?? NAMES[by].none

  return (
    <section className={css['timeline']} aria-label="Timeline">
      <Unseen as="h1">Timeline</Unseen>
      <Toolbar label="Timeline">
        <Select
          look="inline"
          label="Lanes by"
          value={by}
          onChange={setBy}
          options={laneKinds.map((id) => ({ id, label: NAMES[id].one }))}
        />
        <Select
          look="inline"
          label="Show"
          value={top}
          onChange={setTop}
          options={TOPS.map((id) => ({ id, label: `${id} lanes` }))}
        />
        <Legend />
        <ToolbarSpace />
        {incident && (
          <Button tone="quiet" keys="i" onPress={() => move(incident)}>
            First to last exhibit
          </Button>
        )}
        <Button tone="quiet" keys="0" onPress={all}>
          Whole case
        </Button>
        <IconButton icon={ZoomOut} label="Zoom out" keys="Z" onPress={zoomOut} />
      </Toolbar>
      <div className={css['grid']}>
        <div className={css['corner']}>whole case</div>
        <MiniMap extent={extent} view={view} onView={move} counts={counts} gaps={gaps} pins={pinTimes} zone={zone} />
        <div className={css['corner']}>
          {pins.length === 0 ? 'no exhibits yet (b in Events)' : 'exhibits, findings'}
        </div>
        <div ref={head} className={css['head']}>
          {pins.length > 0 && <PinRow layout={layout} view={view} width={width} />}
          <InsightRow insights={marks?.insights ?? none} view={view} width={width} zone={zone} onOpen={openInsight} />
          <GapNames gaps={gaps} view={view} width={width} zone={zone} />
          <Axis view={view} zone={zone} width={width} pins={pinTimes} />
        </div>
      </div>
      <div className={css['body']}>
        {data === undefined ? (
          asked.failure ? (
            <ErrorState
              title={asked.failure.message}
              safe="Nothing in the case was changed."
              advice="Change the query, or try again."
              code={asked.failure.code}
              actions={<Button onPress={asked.again}>Try again</Button>}
            />
          ) : (
            <Skeleton lines={8} label="Counting" />
          )
        ) : (
          <>
            <div className={css['lanes']}>
              <ul className={css['names']} aria-label={`Lanes by ${NAMES[by].one}`}>
                {data.lanes.map((lane, n) => (
                  <li key={lane.value ?? `none ${n}`} style={{ height: LANE_HEIGHT }}>
                    <button
                      type="button"
                      title={visible(name(lane.value))}
                      onClick={() => lookAtEvents(withValue(query, laneFields[by], lane.value), undefined)}
                    >
                      <span className={lane.value === null ? css['absent'] : undefined}>
                        {visible(shortName(name(lane.value), width > 1200 ? 40 : 23))}
                      </span>
                      <span className={css['count']}>{grouped(lane.total)}</span>
                    </button>
                  </li>
                ))}
              </ul>
              <LanePlot
                data={data}
                stays={stays}
                gaps={gaps}
                pins={pinTimes}
                view={view}
                extent={extent}
                zone={zone}
                width={width}
                label={`${counted(data.total, 'event')} in ${counted(data.lanes.length, 'lane')}`}
                isStale={asked.isStale}
                laneName={name}
                onView={move}
                onOpen={openHit}
                onZoomOut={zoomOut}
              />
            </div>
            {data.lanes.length === 0 && (
              <EmptyState
                title={by === 'tag' ? 'No event in this range carries a tag' : 'No event of this query in this range'}
                actions={<Button onPress={all}>Whole case</Button>}
              >
                {by === 'tag'
                  ? 'Tag events in Events with t, or show other lanes.'
                  : 'Nothing found is not proof that nothing happened: see the coverage in Evidence.'}
              </EmptyState>
            )}
          </>
        )}
      </div>
      <footer className={css['foot']}>
        {data && (
          <span>
            <b>{grouped(data.lanes.length)}</b> of {counted(data.lanesAll, 'lane')} · <b>{grouped(data.inLanes)}</b> of{' '}
            {counted(data.total, 'event')} in range
          </span>
        )}
        {marks && (
          <span>
            <b>{grouped(marks.sessions.length)}</b> of {counted(marks.sessionsAll, 'credential')}
            {marks.insightsAll > 0 && (
              <>
                {' '}
                · <b>{grouped(marks.insights.length)}</b> of {counted(marks.insightsAll, 'Insight')}
              </>
            )}
          </span>
        )}
        {said && (
          <span>
            <b>{grouped(layout.shown.length)}</b> of{' '}
            {counted(said.bookmarks.length + said.findings.length, 'exhibit or finding', 'exhibits and findings')} in
            range{layout.unlabelled.length > 0 && `, ${grouped(layout.unlabelled.length)} without room for a label`}
          </span>
        )}
        <span>
          {gaps.length === 0
            ? 'no gap in digest coverage is known'
            : `${counted(gaps.length, 'gap')} in digest coverage`}
        </span>
        {undated > 0 && <span>{counted(undated, 'event')} without a readable time not drawn</span>}
      </footer>
    </section>
  )
}

function Axis({
  view,
  zone,
  width,
  pins,
}: {
  readonly view: { readonly from: number; readonly to: number }
  readonly zone: ReturnType<typeof useZone>
  readonly width: number
  /** Times of exhibits and findings, oldest first. */
  readonly pins: readonly number[]
}) {
  const draw = useCallback(
    (g: CanvasRenderingContext2D, color: ColorOf) =>
      drawAxis(g, { view, zone, width, colors: timelineColors(color), pins }, AXIS),
    [view, zone, width, pins],
  )
  const canvas = useCanvas(width, AXIS, draw)
  return (
    <div className={css['axis']}>
      <canvas ref={canvas} className={css['canvas']} />
    </div>
  )
}

const Legend = () => (
  <span className={css['legend']}>
    <span className={css['legendConsole']}>console session</span>
    <span className={css['legendSession']}>role session</span>
    <span className={css['legendKey']}>access key</span>
    <span className={css['legendGap']}>no digest</span>
  </span>
)

/** Exhibits at their events, findings at the first of their exhibits; those whose evidence is not here have no moment. */
function usePins(said: AnnotationStateShown | undefined): readonly StoryPin[] {
  return useMemo(() => {
    if (!said) return none
    const { look } = useWorkspace.getState()
    const times = new Map(said.bookmarks.map((one) => [one.exhibit, one.event?.timeMs ?? null]))
    const exhibits = said.bookmarks.flatMap((one): StoryPin[] => {
      const { event } = one
      if (!event || event.timeMs === null) return []
      const words = one.title === '' ? (event.eventName ?? '') : one.title
      return [
        {
          id: one.id,
          kind: 'exhibit',
          timeMs: event.timeMs,
          label: `${one.exhibit} ${words}`,
          title: visible(`${one.exhibit}: ${words}`),
          onPress: () => look({ place: 'events', event: event.id }),
        },
      ]
    })
    const findings = said.findings.flatMap((one): StoryPin[] => {
      const moments = one.exhibits.flatMap((exhibit) => times.get(exhibit) ?? [])
      if (moments.length === 0) return []
      return [
        {
          id: one.id,
          kind: 'finding',
          timeMs: Math.min(...moments),
          label: one.title,
          title: visible(`Finding (${one.kind}): ${one.title}`),
          onPress: () => look({ place: 'story', about: `finding:${one.id}` }),
        },
      ]
    })
    return [...findings, ...exhibits].sort((a, b) => a.timeMs - b.timeMs)
  }, [said])
}

/** From the first to the last exhibit, with a tenth of room at each side. */
function incidentOf(pins: readonly StoryPin[]): { readonly from: number; readonly to: number } | undefined {
  const [first, last] = [pins[0], pins.at(-1)]
  if (!first || !last) return undefined
  const room = Math.max(60_000, Math.round((last.timeMs - first.timeMs) * 0.1))
  return { from: first.timeMs - room, to: last.timeMs + room }
}

function lookAtEvents(query: EventQuery, range: { readonly from: number; readonly to: number } | undefined): void {
  useWorkspace
    .getState()
    .look({ place: 'events', query: range ? { ...query, from: utcMs(range.from), to: utcMs(range.to) } : query })
}

/** The query with the value of a lane; events without the value are asked for in the text, as facets name values only. */
function withValue(query: EventQuery, field: string, value: string | null): EventQuery {
  if (value === null) return { ...query, text: filterFor(query.text, field, undefined) }
  const others = query.facets.filter((facet) => facet.field !== field || facet.exclude)
  return { ...query, facets: [...others, { field, values: [value], exclude: false }] }
}

/** Of an ARN what follows the account, of a role's session role and session; the whole stands in the tooltip. */
function shortName(name: string, letters: number): string {
  const parts = name.split(':')
  const resource = parts[0] === 'arn' && parts.length >= 6 ? parts.slice(5).join(':') : name
  return cutMiddle(resource.replace(/^assumed-role\//, ''), letters)
}

function useRemembered<T extends string>(key: string, known: readonly T[], usual: T): readonly [T, (value: T) => void] {
  const [value, setValue] = useState<T>(() => known.find((one) => one === localStorage.getItem(key)) ?? usual)
  const set = useCallback(
    (next: T) => {
      localStorage.setItem(key, next)
      setValue(next)
    },
    [key],
  )
  return [value, set]
}
