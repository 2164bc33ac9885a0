import { grouped } from '#shared/base/count.ts'
import { utcMs, type UtcMs } from '#shared/base/time.ts'
import type { CoverageState, VisualTimeline } from '#shared/domain/report.ts'

/** A vector drawing in points, origin top left. Black, greys and patterns only: it must survive a black-and-white print. */
export type Drawing = { readonly width: number; readonly height: number; readonly shapes: readonly Shape[] }
export type Shape =
  | {
      readonly kind: 'rect'
      readonly x: number
      readonly y: number
      readonly w: number
      readonly h: number
      readonly fill: string | null
      readonly stroke: string | null
    }
  | {
      readonly kind: 'line'
      readonly x1: number
      readonly y1: number
      readonly x2: number
      readonly y2: number
      readonly width: number
      readonly colour: string
    }
  | {
      readonly kind: 'text'
      readonly x: number
      readonly y: number
      readonly size: number
      readonly style: 'plain' | 'strong' | 'mono'
      readonly anchor: 'start' | 'middle' | 'end'
      readonly text: string
    }

const INK = '#111111'
const GREY = '#777777'
const HAIR = '#BBBBBB'
const LANES = 14
const LANE_HEIGHT = 13
const LABEL_SIZE = 8
/** JetBrains Mono: every character is 0.6 em wide, so the length of a label is known without a font. */
const LABEL_ADVANCE = LABEL_SIZE * 0.6

/** A label above the bars: where its stem stands, and the lane (0 is nearest to the bars). */
export type PlacedPin = { readonly x: number; readonly lane: number; readonly label: string; readonly pins: number }

/**
 * Gives each pin a lane so that no label covers another or is crossed by a stem:
 *
 *     AR-0001 ---+
 *     |  AR-0002 |      a label runs to the right of its stem; so it must stand
 *     |  |  AR-0003     above every stem that rises within its length
 *
 * Pins closer than 4 points share one label. What does not fit into the lanes is left without a label and counted.
 */
export function placePins(
  pins: readonly { readonly x: number; readonly exhibit: string }[],
  width: number,
): { readonly placed: readonly PlacedPin[]; readonly unlabelled: number } {
  const groups: { x: number; exhibits: string[] }[] = []
  for (const pin of [...pins].sort((a, b) => a.x - b.x || (a.exhibit < b.exhibit ? -1 : 1))) {
    const last = groups.at(-1)
    if (last && pin.x - last.x < 4) last.exhibits.push(pin.exhibit)
    else groups.push({ x: pin.x, exhibits: [pin.exhibit] })
  }
  const placed: PlacedPin[] = []
  let unlabelled = 0
  for (const group of groups.reverse()) {
    const [first = ''] = group.exhibits
    const label = group.exhibits.length === 1 ? first : `${first} +${group.exhibits.length - 1}`
    const end = group.x + 5 + label.length * LABEL_ADVANCE + 6
    const below = placed.filter((one) => one.x <= end).map((one) => one.lane)
    const lane = below.length === 0 ? 0 : Math.max(...below) + 1
    if (lane >= LANES || end > width) unlabelled += group.exhibits.length
    else placed.push({ x: group.x, lane, label, pins: group.exhibits.length })
  }
  return { placed: placed.reverse(), unlabelled }
}

/** The whole page: pins, density, axis, coverage, legend. `width` in points. */
export function drawTimeline(chart: VisualTimeline, width: number): Drawing {
  const shapes: Shape[] = []
  const plot = { left: 44, right: width - 64 }
  const span = Math.max(1, chart.to - chart.from)
  const at = (time: UtcMs) => plot.left + ((time - chart.from) / span) * (plot.right - plot.left)
  const inside = chart.pins.filter((pin) => pin.time >= chart.from && pin.time <= chart.to)
  const { placed, unlabelled } = placePins(
    inside.map((pin) => ({ x: at(pin.time), exhibit: pin.exhibit })),
    width,
  )
  const lanes = Math.max(1, ...placed.map((pin) => pin.lane + 1))
  const barsTop = lanes * LANE_HEIGHT + 18
  const base = barsTop + 170
  drawBars(shapes, chart, plot, barsTop, base)
  for (const pin of inside) shapes.push(line(at(pin.time), base, at(pin.time), base - 8, 1.2, INK))
  drawPins(shapes, placed, barsTop, base)
  drawAxis(shapes, chart, at, base)
  const stripTop = base + 48
  drawCoverage(shapes, chart, at, plot, stripTop)
  const outside = chart.pins.length - inside.length
  const notes = [
    `${grouped(chart.pins.length)} exhibits: ${grouped(inside.length - unlabelled)} labelled`,
    ...(unlabelled > 0 ? [`${grouped(unlabelled)} marked without a label`] : []),
    ...(outside > 0 ? [`${grouped(outside)} outside this period`] : []),
  ]
  shapes.push(
    text(
      plot.left,
      stripTop + 62,
      `${notes.join(', ')}. "+n" means n further exhibits at the same place.`,
      'plain',
      'start',
    ),
  )
  return { width, height: stripTop + 70, shapes }
}

type Plot = { readonly left: number; readonly right: number }

function drawBars(shapes: Shape[], chart: VisualTimeline, plot: Plot, top: number, base: number): void {
  const most = chart.density.reduce((a, b) => Math.max(a, b), 0)
  const step = (plot.right - plot.left) / Math.max(1, chart.density.length)
  for (const share of [0, 0.5, 1]) {
    const y = base - share * (base - top)
    shapes.push(line(plot.left, y, plot.right, y, 0.4, HAIR))
    if (most > 0 && (share !== 0.5 || most >= 2))
      shapes.push(text(plot.left - 6, y + 3, grouped(most * share), 'plain', 'end'))
  }
  chart.density.forEach((count, index) => {
    if (count === 0) return
    // A slice with a single event among millions still shows.
    const h = Math.max(1, (count / most) * (base - top))
    const w = Math.max(0.4, step - Math.min(1, step * 0.2))
    shapes.push({ kind: 'rect', x: plot.left + index * step, y: base - h, w, h, fill: '#8A8A8A', stroke: null })
  })
}

function drawPins(shapes: Shape[], placed: readonly PlacedPin[], barsTop: number, base: number): void {
  for (const pin of placed) {
    const y = barsTop - 22 - pin.lane * LANE_HEIGHT
    shapes.push(line(pin.x, base, pin.x, y - 6, 0.6, INK))
    shapes.push({ kind: 'rect', x: pin.x - 1.8, y: y - 7, w: 3.6, h: 3.6, fill: INK, stroke: null })
    shapes.push(text(pin.x + 5, y, pin.label, 'mono', 'start'))
  }
}

const STEPS = [
  1, 5, 10, 30, 60, 300, 900, 1800, 3600, 10_800, 21_600, 43_200, 86_400, 172_800, 604_800, 1_209_600, 2_592_000,
  7_776_000, 31_536_000,
]

function drawAxis(shapes: Shape[], chart: VisualTimeline, at: (time: UtcMs) => number, base: number): void {
  const span = (chart.to - chart.from) / 1000
  const step = (STEPS.find((one) => span / one <= 9) ?? Math.ceil(span / 9)) * 1000
  for (let time = Math.ceil(chart.from / step) * step; time <= chart.to; time += step) {
    const x = at(utcMs(time))
    const iso = new Date(time).toISOString()
    shapes.push(line(x, base, x, base + 4, 0.6, GREY))
    shapes.push(text(x, base + 13, iso.slice(0, 10), 'plain', 'middle'))
    if (step < 86_400_000)
      shapes.push(text(x, base + 22, `${iso.slice(11, step < 60_000 ? 19 : 16)}Z`, 'plain', 'middle'))
  }
  shapes.push(line(at(chart.from), base, at(chart.to), base, 0.8, INK))
}

/** One band for all accounts and regions, so it must say whose state it shows. */
const COVERAGE =
  'Digest coverage, all accounts and regions together: the worst state of any of them. Gaps stand under Limitations, altered log files in the integrity statement.'
const STATES: readonly { readonly state: CoverageState; readonly word: string }[] = [
  { state: 'proven', word: 'proven by signed digests' },
  { state: 'listed', word: 'listed, digest not authenticated' },
  { state: 'broken', word: 'broken: digest altered or missing' },
  { state: 'none', word: 'no digest: a gap' },
]

function drawCoverage(
  shapes: Shape[],
  chart: VisualTimeline,
  at: (time: UtcMs) => number,
  plot: Plot,
  top: number,
): void {
  shapes.push(text(plot.left, top - 3, COVERAGE, 'plain', 'start'))
  shapes.push({ kind: 'rect', x: plot.left, y: top, w: plot.right - plot.left, h: 14, fill: null, stroke: GREY })
  for (const { from, to, state } of chart.coverage) {
    const left = Math.max(plot.left, at(from))
    const right = Math.min(plot.right, at(to))
    if (right > left) shapes.push(...pattern(left, top, right - left, 14, state))
  }
  let x = plot.left
  for (const { state, word } of STATES) {
    shapes.push(...pattern(x, top + 28, 22, 10, state))
    shapes.push(text(x + 27, top + 36, word, 'plain', 'start'))
    x += 27 + word.length * 4.5 + 22
  }
}

/** Solid, hatched, crossed, empty. */
function pattern(x: number, y: number, w: number, h: number, state: CoverageState): Shape[] {
  const frame: Shape = { kind: 'rect', x, y, w, h, fill: null, stroke: GREY }
  switch (state) {
    case 'proven':
      return [{ kind: 'rect', x, y, w, h, fill: '#444444', stroke: null }]
    case 'listed':
      return [frame, ...hatch(x, y, w, h, 1)]
    case 'broken':
      return [frame, ...hatch(x, y, w, h, 1), ...hatch(x, y, w, h, -1)]
    case 'none':
      return [frame]
  }
}

/** Lines at 45 degrees inside a rectangle, 4 points apart. `slope` 1 rises to the right, -1 falls. */
function hatch(x: number, y: number, w: number, h: number, slope: 1 | -1): Shape[] {
  const lines: Shape[] = []
  for (let offset = -h + 2; offset < w; offset += 4) {
    const from = Math.max(0, offset)
    const to = Math.min(w, offset + h)
    if (to <= from) continue
    const yAt = (t: number) => (slope === 1 ? y + h - (t - offset) : y + (t - offset))
    lines.push(line(x + from, yAt(from), x + to, yAt(to), 0.5, INK))
  }
  return lines
}

const line = (x1: number, y1: number, x2: number, y2: number, width: number, colour: string): Shape => ({
  kind: 'line',
  x1,
  y1,
  x2,
  y2,
  width,
  colour,
})
const text = (
  x: number,
  y: number,
  words: string,
  style: 'plain' | 'strong' | 'mono',
  anchor: 'start' | 'middle' | 'end',
): Shape => ({
  kind: 'text',
  x,
  y,
  size: style === 'mono' ? LABEL_SIZE : 8,
  style,
  anchor,
  text: words,
})
