import { plain, type Block, type Line, type Row } from '../blocks.ts'
import type { Page, PageWriter, Tag } from './page-writer.ts'
import { faintInk, hair, ink, styles, wash } from './type-style.ts'
import { wrapLine, type WrappedLine } from './wrap.ts'

type TableBlock = Extract<Block, { kind: 'table' }>
type RuleRow = Exclude<Row, { kind: 'cells' }>
type ColumnBox = { readonly x: number; readonly width: number; readonly align: 'left' | 'right' }

const PAD = 3
/** A right-aligned number must not touch the text of the next column. */
const RIGHT_PAD = 9
/** Between the cells of a row and the words below them. */
const BELOW_GAP = 3
const STYLE = styles.table
const RULE_HEIGHT = STYLE.lineHeight + 6

/**
 * Lays out a table and yields finished pages as it goes. The head stands on every page; a row is never split, except one that
 * is taller than a page: it continues under a mark. A day's heading stays with its first row and is repeated after a page break.
 */
export function* layTable(block: TableBlock, writer: PageWriter, parent: Tag): Generator<Page> {
  const table = writer.tag('Table', parent, { alt: block.caption })
  const boxes = columnBoxes(block, writer)
  const head = block.columns.map((one, index) =>
    wrapLine([plain(one.title)], styles.tableHead, inner(boxes[index]), writer.metrics),
  )
  const headHeight = tallest(head) * styles.tableHead.lineHeight + 2 * PAD
  let tagged = false
  const drawHead = (): void => {
    drawHeadRow(head, headHeight, boxes, writer, tagged ? null : table)
    tagged = true
  }
  let day: string | null = null
  let waiting: RuleRow[] = []
  const turn = (): void => {
    writer.startPage(writer.orientation)
    drawHead()
    const repeats = day !== null && waiting.every((one) => one.kind !== 'day')
    if (repeats && day !== null) drawRule({ kind: 'day', text: `${day} (continued)` }, writer, null)
  }
  if (writer.room < headHeight + 3 * RULE_HEIGHT && !writer.atTop) writer.startPage(writer.orientation)
  drawHead()
  for (const row of block.rows) {
    if (row.kind !== 'cells') {
      waiting.push(row)
      continue
    }
    const wrapped = row.cells.map((lines, index) => wrapCell(lines, inner(boxes[index]), writer))
    const below = wrapCell(row.below, belowWidth(boxes, writer), writer)
    const height = (tallest(wrapped) + below.length) * STYLE.lineHeight + 2 * PAD + (below.length > 0 ? BELOW_GAP : 0)
    const most = writer.fullHeight - headHeight - RULE_HEIGHT * (waiting.length + 1)
    const needed = waiting.length * RULE_HEIGHT + Math.min(height, most)
    if (needed > writer.room) turn()
    for (const rule of waiting) {
      drawRule(rule, writer, table)
      if (rule.kind === 'day') day = rule.text
    }
    waiting = []
    drawRow(wrapped, below, boxes, writer, table, turn)
    writer.laid++
    yield* writer.done.splice(0)
  }
  for (const rule of waiting) drawRule(rule, writer, table)
  writer.close(table)
  writer.y += 8
  yield* writer.done.splice(0)
}

function columnBoxes(block: TableBlock, writer: PageWriter): ColumnBox[] {
  const all = block.columns.reduce((sum, one) => sum + one.weight, 0)
  let x = writer.left
  return block.columns.map(({ weight, align }) => {
    const width = (weight / all) * writer.width
    x += width
    return { x: x - width, width, align }
  })
}

const inner = (box: ColumnBox | undefined): number =>
  (box?.width ?? 0) - PAD - (box?.align === 'right' ? RIGHT_PAD : PAD)
const tallest = (all: readonly (readonly unknown[])[]): number =>
  all.reduce((most, one) => Math.max(most, one.length), 1)
const wrapCell = (lines: readonly Line[], width: number, writer: PageWriter): WrappedLine[] =>
  lines.flatMap((line) => wrapLine(line, STYLE, width, writer.metrics))

/** What stands under the cells begins under the second column, so that the numbers of the rows stay easy to find. */
const belowAt = (boxes: readonly ColumnBox[]): number => (boxes[1]?.x ?? 0) + PAD
const belowWidth = (boxes: readonly ColumnBox[], writer: PageWriter): number =>
  writer.left + writer.width - PAD - belowAt(boxes)

function drawHeadRow(
  head: readonly WrappedLine[][],
  height: number,
  boxes: readonly ColumnBox[],
  writer: PageWriter,
  table: Tag | null,
): void {
  const row = table ? writer.tag('TR', table) : null
  head.forEach((lines, index) => {
    const tag = row ? writer.tag('TH', row, { scope: 'Column' }) : null
    const first = writer.y + height - PAD - lines.length * styles.tableHead.lineHeight
    lines.forEach((line, n) => drawLine(line, boxes[index], first + n * styles.tableHead.lineHeight, writer, tag))
    if (tag) writer.close(tag)
  })
  if (row) writer.close(row)
  writer.y += height
  writer.rule(writer.y, 0.9)
}

function drawLine(line: WrappedLine, box: ColumnBox | undefined, y: number, writer: PageWriter, tag: Tag | null): void {
  if (!box) return
  const x = box.align === 'right' ? box.x + box.width - RIGHT_PAD - line.width : box.x + PAD
  writer.line(line, x, y, STYLE, tag)
}

function drawRow(
  wrapped: readonly WrappedLine[][],
  below: readonly WrappedLine[],
  boxes: readonly ColumnBox[],
  writer: PageWriter,
  table: Tag,
  turn: () => void,
): void {
  const tr = writer.tag('TR', table)
  const tags = wrapped.map(() => writer.tag('TD', tr))
  const belowTag = writer.tag('TD', tr)
  const above = tallest(wrapped)
  const total = above + below.length
  let from = 0
  while (from < total) {
    const fit = Math.max(1, Math.floor((writer.room - 2 * PAD) / STYLE.lineHeight))
    const whole = from + fit >= total
    // The last line of the page is kept for the mark that says that the row goes on.
    const to = whole ? total : from + Math.max(1, fit - 1)
    wrapped.forEach((lines, index) => {
      lines
        .slice(from, to)
        .forEach((line, n) =>
          drawLine(line, boxes[index], writer.y + PAD + n * STYLE.lineHeight, writer, tags[index] ?? null),
        )
    })
    const gap = from < above && to > above ? BELOW_GAP : 0
    below.slice(Math.max(0, from - above), Math.max(0, to - above)).forEach((line, n) => {
      const y = writer.y + PAD + (Math.max(0, above - from) + n) * STYLE.lineHeight + gap
      writer.line(line, belowAt(boxes), y, STYLE, belowTag)
    })
    writer.y += (to - from) * STYLE.lineHeight + 2 * PAD + gap
    if (!whole) {
      drawMark('This row is longer than a page and continues on the next.', writer)
      turn()
    }
    from = to
  }
  for (const tag of [...tags, belowTag]) writer.close(tag)
  writer.close(tr)
  writer.rule(writer.y, 0.4, hair)
}

function drawMark(text: string, writer: PageWriter): void {
  const [line] = wrapLine([{ text, style: 'emphasis' }], STYLE, writer.width, writer.metrics)
  if (line) writer.line(line, writer.left + PAD, writer.y - PAD, STYLE, null, faintInk)
}

function drawRule(rule: RuleRow, writer: PageWriter, table: Tag | null): void {
  const y = writer.y
  const strong = rule.kind === 'day'
  if (strong)
    writer.put({
      kind: 'rect',
      x: writer.left,
      y: y + 0.5,
      w: writer.width,
      h: RULE_HEIGHT - 1,
      fill: wash,
      stroke: null,
      tag: null,
    })
  const tr = table ? writer.tag('TR', table) : null
  const td = tr ? writer.tag('TD', tr) : null
  const [line] = wrapLine(
    [{ text: rule.text, style: strong ? 'strong' : 'emphasis' }],
    STYLE,
    writer.width - 2 * PAD,
    writer.metrics,
  )
  if (line) {
    const x = strong ? writer.left + PAD : writer.left + (writer.width - line.width) / 2
    writer.line(line, x, y + 3, STYLE, td)
    if (!strong) drawSides(rule.kind, x, line.width, y + RULE_HEIGHT / 2, writer)
  }
  if (td) writer.close(td)
  if (tr) writer.close(tr)
  writer.y += RULE_HEIGHT
  if (!strong) writer.rule(writer.y, 0.4, hair)
}

/** Lines left and right of the words: dashed for a pause, solid for a change of the clock. */
function drawSides(kind: 'gap' | 'clock-change', x: number, width: number, y: number, writer: PageWriter): void {
  const dashed = kind === 'gap'
  const right = writer.left + writer.width
  for (const [x1, x2] of [[writer.left, x - 8] as const, [x + width + 8, right] as const]) {
    if (x2 > x1)
      writer.put({
        kind: 'line',
        x1,
        y1: y,
        x2,
        y2: y,
        width: dashed ? 0.5 : 1,
        colour: dashed ? faintInk : ink,
        dashed,
        tag: null,
      })
  }
}
