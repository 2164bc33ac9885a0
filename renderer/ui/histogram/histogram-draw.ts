import { drawMarkPattern, markColors } from '../mark-pattern.ts'
import type { MarkKind } from '../mark.tsx'
import { timeTicks, type TimeRange } from '../time-axis.ts'
import { timeOf, xOf } from '../time-view.ts'
import type { ColorOf } from '../use-canvas.ts'
import type { Zone } from '#shared/base/zone.ts'
import {
  barHeight,
  bucketAt,
  bucketStart,
  bucketTotal,
  highest,
  yTicks,
  type CoverageSpan,
  type HistogramData,
  type YScale,
} from './histogram-model.ts'

/** Colours as the canvas wants them, read from the tokens. */
export type HistogramColors = {
  readonly series: readonly string[]
  readonly text: string
  readonly line: string
  readonly accent: string
  readonly marks: Readonly<Record<MarkKind, string>>
}

/** The colours of a histogram whose series are drawn in these tokens. */
export const histogramColors = (color: ColorOf, tokens: readonly string[]): HistogramColors => ({
  series: tokens.map(color),
  text: color('--text-3'),
  line: color('--line'),
  accent: color('--accent'),
  marks: markColors(color),
})

/** Where things stand, in CSS px:  y labels | bars / coverage strip / time labels */
export type HistogramFrame = {
  readonly left: number
  readonly width: number
  readonly bars: number
  readonly strip: number
  readonly height: number
}

const AXIS = 20
const STRIP = 8

/** The frame inside an element of this size. */
export function histogramFrame(width: number, height: number, coverage: boolean): HistogramFrame {
  const left = 40
  const strip = coverage ? STRIP + 4 : 0
  return { left, width: Math.max(1, width - left - 8), bars: Math.max(1, height - AXIS - strip), strip, height }
}

/** Where a moment stands in the frame, in px from its element's left. */
export const frameX = (frame: HistogramFrame, view: TimeRange, time: number): number =>
  frame.left + xOf(view, frame.width, time)

/** The moment under a point of the frame's element. */
export const frameTime = (frame: HistogramFrame, view: TimeRange, x: number): number =>
  timeOf(view, frame.width, x - frame.left)

export type HistogramScene = {
  readonly data: HistogramData
  readonly view: TimeRange
  readonly coverage: readonly CoverageSpan[]
  readonly scale: YScale
  readonly zone: Zone
  readonly frame: HistogramFrame
  readonly colors: HistogramColors
}

/** Draws bars, axes and coverage; the crosshair and the brush are elements above the canvas, so that moving the pointer draws nothing anew. */
export function drawHistogram(g: CanvasRenderingContext2D, scene: HistogramScene): void {
  drawGridLines(g, scene)
  g.save()
  g.beginPath()
  g.rect(scene.frame.left, 0, scene.frame.width, scene.frame.height)
  g.clip()
  drawBars(g, scene)
  for (const span of scene.coverage) drawCoverage(g, scene, span)
  g.restore()
  drawTimeAxis(g, scene)
}

function drawGridLines(g: CanvasRenderingContext2D, { data, view, scale, frame, colors }: HistogramScene): void {
  const most = highest(data, view)
  g.font = '11px Inter, sans-serif'
  g.textBaseline = 'middle'
  g.textAlign = 'right'
  g.lineWidth = 1
  for (const tick of yTicks(most, scale)) {
    const y = Math.round(barTop(frame, barHeight(tick, most, scale))) + 0.5
    g.strokeStyle = colors.line
    g.beginPath()
    g.moveTo(frame.left, y)
    g.lineTo(frame.left + frame.width, y)
    g.stroke()
    g.fillStyle = colors.text
    g.fillText(shortCount(tick), frame.left - 6, Math.max(6, y))
  }
}

const barTop = (frame: HistogramFrame, part: number): number => frame.bars - part * (frame.bars - 6)

/** `1,200` as `1.2k`. */
export const shortCount = (n: number): string =>
  n >= 1_000_000 ? `${+(n / 1_000_000).toFixed(1)}M` : n >= 1000 ? `${+(n / 1000).toFixed(1)}k` : String(n)

function drawBars(g: CanvasRenderingContext2D, { data, view, scale, frame, colors }: HistogramScene): void {
  const most = highest(data, view)
  const first = Math.max(0, bucketAt(data, view.from))
  for (let i = first; i < data.buckets && bucketStart(data, i) < view.to; i++) {
    const total = bucketTotal(data, i)
    if (total === 0) continue
    const left = Math.round(frameX(frame, view, bucketStart(data, i)))
    const right = Math.round(frameX(frame, view, bucketStart(data, i + 1)))
    const gap = right - left >= 4 ? 1 : 0
    const height = Math.max(1, barHeight(total, most, scale) * (frame.bars - 6))
    // The whole bar follows the scale; inside it the parts share by plain proportion, on the log scale too.
    let base = frame.bars
    data.series.forEach((series, s) => {
      const part = ((series.counts[i] ?? 0) / total) * height
      if (part <= 0) return
      g.fillStyle = colors.series[s % colors.series.length]!
      g.fillRect(left, base - part, Math.max(1, right - left - gap), part)
      base -= part
    })
  }
  g.fillStyle = colors.line
  g.fillRect(frame.left, frame.bars, frame.width, 1)
}

function drawCoverage(g: CanvasRenderingContext2D, { view, frame, colors }: HistogramScene, span: CoverageSpan): void {
  const left = Math.max(frame.left, Math.round(frameX(frame, view, span.from)))
  const right = Math.min(frame.left + frame.width, Math.round(frameX(frame, view, span.to)))
  if (right <= left) return
  const top = frame.bars + 4
  g.save()
  g.beginPath()
  g.rect(left, top, right - left, STRIP)
  g.clip()
  g.fillStyle = g.strokeStyle = colors.marks[span.state]
  drawMarkPattern(g, span.state, { left, top, right, height: STRIP })
  g.restore()
}

function drawTimeAxis(g: CanvasRenderingContext2D, { view, zone, frame, colors }: HistogramScene): void {
  const y = frame.bars + frame.strip
  g.textBaseline = 'middle'
  g.textAlign = 'left'
  for (const tick of timeTicks(view, frame.width, zone)) {
    const x = Math.round(frameX(frame, view, tick.at)) + 0.5
    g.strokeStyle = colors.line
    g.beginPath()
    g.moveTo(x, y + 1)
    g.lineTo(x, y + 7)
    g.stroke()
    g.font = `${tick.major ? '600 ' : ''}11px Inter, sans-serif`
    g.fillStyle = colors.text
    if (x + g.measureText(tick.label).width + 4 < frame.left + frame.width) g.fillText(tick.label, x + 4, y + 11)
  }
}
