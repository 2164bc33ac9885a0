import { drawTimeTicks } from '#renderer/ui/draw-time-ticks.ts'
import { timeTicks, type TimeRange } from '#renderer/ui/time-axis.ts'
import { xOf } from '#renderer/ui/time-view.ts'
import type { ColorOf } from '#renderer/ui/use-canvas.ts'
import type { Zone } from '#shared/base/zone.ts'
import { barPart, LANE_BASE, LANE_HEIGHT, STAY_HEIGHT, type LaneData, type NamedGap, type Stay } from './lane-model.ts'

/** Colours as the canvas wants them, read from the tokens. */
export type TimelineColors = {
  readonly text: string
  readonly line: string
  readonly strong: string
  readonly bars: string
  readonly behind: string
  readonly missing: string
  readonly accent: string
  readonly console: string
  readonly session: string
  readonly key: string
}

/** The colours of the timeline. */
export const timelineColors = (color: ColorOf): TimelineColors => ({
  text: color('--text-3'),
  line: color('--line'),
  strong: color('--line-strong'),
  bars: color('--series-1'),
  behind: color('--line'),
  missing: color('--missing'),
  accent: color('--accent'),
  console: color('--series-5'),
  session: color('--series-2'),
  key: color('--text-3'),
})

export type LaneScene = {
  readonly data: LaneData & { readonly density: readonly number[] }
  readonly stays: readonly Stay[]
  readonly gaps: readonly NamedGap[]
  /** Where pins stand: exhibits and findings. */
  readonly pins: readonly number[]
  readonly view: TimeRange
  readonly zone: Zone
  readonly width: number
  readonly height: number
  readonly colors: TimelineColors
}

/** Lanes: all events as a faint ground, each lane's own as bars, stays of credentials below them, gaps over everything. */
export function drawLanes(g: CanvasRenderingContext2D, scene: LaneScene): void {
  const { data, view, width, height, colors } = scene
  drawTicks(g, scene)
  g.globalAlpha = 0.5
  g.fillStyle = colors.behind
  eachBar(data, view, width, data.density, (left, right, part) => {
    g.fillRect(left, height - part * height * 0.96, right - left, part * height * 0.96)
  })
  g.globalAlpha = 1
  const most = data.lanes.reduce((high, lane) => lane.counts.reduce((a, b) => Math.max(a, b), high), 1)
  data.lanes.forEach((lane, n) => {
    const base = n * LANE_HEIGHT + LANE_BASE
    g.fillStyle = colors.bars
    eachBar(
      data,
      view,
      width,
      lane.counts,
      (left, right, part) => {
        const high = Math.max(2, part * (LANE_BASE - 4))
        g.fillRect(left, base - high, right - left, high)
      },
      most,
    )
    g.fillStyle = colors.line
    g.fillRect(0, (n + 1) * LANE_HEIGHT - 1, width, 1)
  })
  drawStays(g, scene)
  for (const gap of scene.gaps) drawGap(g, scene, gap)
  drawPinLines(g, scene)
}

function eachBar(
  data: LaneData,
  view: TimeRange,
  width: number,
  counts: readonly number[],
  draw: (left: number, right: number, part: number) => void,
  most = counts.reduce((a, b) => Math.max(a, b), 1),
): void {
  const first = Math.max(0, Math.floor((view.from - data.startMs) / data.bucketMs))
  for (let i = first; i < counts.length; i++) {
    const start = data.startMs + i * data.bucketMs
    if (start >= view.to) return
    if (counts[i] === 0) continue
    const left = Math.round(xOf(view, width, start))
    const right = Math.round(xOf(view, width, start + data.bucketMs))
    draw(left, Math.max(left + 2, right - (right - left >= 5 ? 1 : 0)), barPart(counts[i]!, most))
  }
}

function drawTicks(g: CanvasRenderingContext2D, { view, width, height, zone, colors }: LaneScene): void {
  g.fillStyle = colors.line
  for (const tick of timeTicks(view, width, zone)) g.fillRect(Math.round(xOf(view, width, tick.at)), 0, 1, height)
}

function drawStays(g: CanvasRenderingContext2D, { stays, view, width, colors }: LaneScene): void {
  const byCredential = new Map(stays.map((stay) => [stay.credential, stay]))
  const middle = (stay: Stay): number => stay.lane * LANE_HEIGHT + LANE_BASE + 2 + stay.row * STAY_HEIGHT + 1.5
  for (const stay of stays) {
    const left = Math.round(xOf(view, width, stay.firstMs))
    const right = Math.max(left + 4, Math.round(xOf(view, width, stay.lastMs)))
    if (right < 0 || left > width) continue
    const y = middle(stay) - 1.5
    g.fillStyle = colors[stay.kind]
    if (stay.kind === 'key') {
      // A long-lived key: a thin line with ends, as it is no stay that somebody began and left.
      g.fillRect(left, y + 1, right - left, 1)
      g.fillRect(left, y, 1, 3)
      g.fillRect(right - 1, y, 1, 3)
    } else g.fillRect(left, y, right - left, 3)
    const parent = stay.parent === null ? undefined : byCredential.get(stay.parent)
    if (parent && parent.lane !== stay.lane) {
      g.strokeStyle = colors[stay.kind]
      g.globalAlpha = 0.55
      g.beginPath()
      g.moveTo(left + 0.5, middle(parent))
      g.lineTo(left + 0.5, middle(stay))
      g.stroke()
      g.globalAlpha = 1
    }
  }
}

function drawGap(g: CanvasRenderingContext2D, { view, width, height, colors }: LaneScene, gap: NamedGap): void {
  const left = Math.max(0, Math.round(xOf(view, width, gap.from)))
  const right = Math.min(width, Math.max(left + 2, Math.round(xOf(view, width, gap.to))))
  if (right <= 0 || left >= width) return
  g.save()
  g.beginPath()
  g.rect(left, 0, right - left, height)
  g.clip()
  g.fillStyle = g.strokeStyle = colors.missing
  g.globalAlpha = 0.08
  g.fillRect(left, 0, right - left, height)
  g.globalAlpha = 0.35
  for (let y = 2; y < height; y += 8)
    for (let x = left - (left % 8) + ((y >> 3) % 2) * 4; x < right; x += 8) g.fillRect(x, y, 1.5, 1.5)
  g.restore()
}

function drawPinLines(g: CanvasRenderingContext2D, { pins, view, width, height, colors }: LaneScene): void {
  g.fillStyle = colors.accent
  g.globalAlpha = 0.5
  for (const pin of pins) g.fillRect(Math.round(xOf(view, width, pin)), 0, 1, height)
  g.globalAlpha = 1
}

/** The axis above the lanes; the time from the first to the last exhibit is a band on it that begins and ends with a mark. */
export function drawAxis(
  g: CanvasRenderingContext2D,
  { view, zone, width, colors, pins }: Pick<LaneScene, 'view' | 'zone' | 'width' | 'colors' | 'pins'>,
  height: number,
): void {
  drawTimeTicks(g, { view, zone, width, height, colors })
  const [first, last] = [pins[0], pins.at(-1)]
  if (first === undefined || last === undefined) return
  const left = Math.round(xOf(view, width, first))
  const right = Math.max(left + 2, Math.round(xOf(view, width, last)))
  g.fillStyle = colors.accent
  g.fillRect(left, height - 2, right - left, 2)
  for (const x of [left, right - 2]) g.fillRect(x, height - 7, 2, 7)
}

/** The whole case at the top: density, gaps, pins. The window is an element above it. */
export function drawMiniMap(
  g: CanvasRenderingContext2D,
  scene: Pick<LaneScene, 'gaps' | 'pins' | 'view' | 'width' | 'height' | 'colors'> & {
    readonly startMs: number
    readonly bucketMs: number
    readonly counts: readonly number[]
  },
): void {
  const { view, width, height, colors, startMs, bucketMs, counts } = scene
  g.fillStyle = colors.bars
  eachBar({ startMs, bucketMs, lanes: [] }, view, width, counts, (left, right, part) => {
    g.fillRect(left, height - part * (height - 4), right - left, part * (height - 4))
  })
  g.fillStyle = colors.missing
  g.globalAlpha = 0.25
  for (const gap of scene.gaps) {
    const left = xOf(view, width, gap.from)
    g.fillRect(left, 0, Math.max(2, xOf(view, width, gap.to) - left), height)
  }
  g.globalAlpha = 1
  g.fillStyle = colors.accent
  for (const pin of scene.pins) g.fillRect(Math.round(xOf(view, width, pin)), 0, 1, height)
}
