import { drawMarkPattern, markColors } from '#renderer/ui/mark-pattern.ts'
import type { MarkKind } from '#renderer/ui/mark.tsx'
import { timeTicks, type TimeRange } from '#renderer/ui/time-axis.ts'
import { xOf } from '#renderer/ui/time-view.ts'
import type { ColorOf } from '#renderer/ui/use-canvas.ts'
import type { Zone } from '#shared/base/zone.ts'
import { LANE_HEIGHT, type Lane, type LaneSpan } from './lane-model.ts'

/** Colours as the canvas wants them, read from the tokens. */
export type LaneColors = {
  readonly ground: string
  readonly text: string
  readonly line: string
  readonly marks: Readonly<Record<MarkKind, string>>
}

/** The colours of the lanes. */
export const laneColors = (color: ColorOf): LaneColors => ({
  ground: color('--bg'),
  text: color('--text-2'),
  line: color('--line'),
  marks: markColors(color),
})

export type LaneScene = {
  readonly lanes: readonly Lane[]
  readonly view: TimeRange
  readonly zone: Zone
  readonly width: number
  readonly colors: LaneColors
}

/** What is worst is drawn last, and never thinner than this, so that one bad hour is seen in a year. */
const LEAST = 3
const order: readonly MarkKind[] = ['none', 'proven', 'listed', 'missing', 'altered']
const BAR = 12
const TOP = (LANE_HEIGHT - BAR) / 2

/** Ticks, then lane by lane its stretches with their patterns, then the names of gaps where there is room. */
export function drawLanes(g: CanvasRenderingContext2D, { lanes, view, zone, width, colors }: LaneScene): void {
  const height = lanes.length * LANE_HEIGHT
  g.fillStyle = colors.line
  for (const tick of timeTicks(view, width, zone)) g.fillRect(Math.round(xOf(view, width, tick.at)), 0, 1, height)
  lanes.forEach((lane, n) => {
    const top = n * LANE_HEIGHT
    for (const state of order)
      for (const span of lane.spans) if (span.state === state) drawSpan(g, span, top + TOP, view, width, colors)
    for (const gap of lane.names) drawName(g, gap, top, view, width, colors)
    g.fillStyle = colors.line
    g.fillRect(0, top + LANE_HEIGHT - 1, width, 1)
  })
}

function drawSpan(
  g: CanvasRenderingContext2D,
  span: LaneSpan,
  top: number,
  view: TimeRange,
  width: number,
  colors: LaneColors,
): void {
  if (span.to <= view.from || span.from >= view.to) return
  const left = Math.max(-8, Math.round(xOf(view, width, span.from)))
  const least = span.state === 'altered' || span.state === 'missing' ? LEAST : 1
  const right = Math.min(width + 8, Math.max(left + least, Math.round(xOf(view, width, span.to))))
  g.save()
  g.beginPath()
  g.rect(left, top, right - left, BAR)
  g.clip()
  g.fillStyle = colors.ground
  g.fillRect(left, top, right - left, BAR)
  g.fillStyle = g.strokeStyle = colors.marks[span.state]
  drawMarkPattern(g, span.state, { left, top, right, height: BAR })
  g.restore()
}

function drawName(
  g: CanvasRenderingContext2D,
  gap: Lane['names'][number],
  top: number,
  view: TimeRange,
  width: number,
  colors: LaneColors,
): void {
  const left = Math.max(0, xOf(view, width, gap.from))
  const right = Math.min(width, xOf(view, width, gap.to))
  g.font = '11px Inter, sans-serif'
  const room = g.measureText(gap.name).width
  if (right - left < room + 12) return
  g.fillStyle = colors.ground
  g.fillRect(left + 3, top + 3, room + 8, LANE_HEIGHT - 7)
  g.fillStyle = colors.text
  g.textBaseline = 'middle'
  g.fillText(gap.name, left + 7, top + LANE_HEIGHT / 2)
}
