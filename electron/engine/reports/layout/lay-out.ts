import { plain, strong, type Block, type ComposedReport, type Line, type Listed, type Section } from '../blocks.ts'
import type { TextMetrics } from './metrics.ts'
import { margins, PageWriter, type Page, type Paper, type Tag } from './page-writer.ts'
import { layTable } from './table.ts'
import { faintInk, hair, ink, styles, wash, type TextStyle } from './type-style.ts'
import { wrapLine, type WrappedLine } from './wrap.ts'

/**
 * The report as pages, yielded one by one, in one pass: long ones are laid out once. `told` hears how many rows and other blocks are
 * laid out. The page of contents is yielded in its place and filled at the end, when it is known where the sections begin.
 */
export function* layReport(
  report: ComposedReport,
  paper: Paper,
  metrics: TextMetrics,
  told: (laid: number) => void = () => undefined,
): Generator<Page> {
  const writer = new PageWriter(paper, metrics)
  writer.startPage('portrait')
  yield* layCover(report, writer)
  const contents = writer.tag('TOC', writer.document)
  writer.startPage('portrait', contents)
  const contentsPage = writer.current
  const pageOf = new Map<string, number>()
  for (const section of report.sections)
    for (const page of laySection(section, writer, pageOf)) {
      told(writer.laid)
      yield page
    }
  writer.finish()
  yield* writer.done.splice(0)
  const late = new PageWriter(paper, metrics)
  late.startPage('portrait')
  layContents(report.sections, late, contents, pageOf)
  contentsPage.operations.push(...late.current.operations)
}

/** A few blocks under a title, for one-page documents (proof card, validation result). */
export function* laySheet(report: ComposedReport, paper: Paper, metrics: TextMetrics): Generator<Page> {
  const writer = new PageWriter(paper, metrics)
  writer.startPage('portrait')
  const tag = writer.tag('Sect', writer.document)
  writer.current.starts.push({ title: report.title, level: 1 })
  layText([plain(report.title)], styles.section, writer, writer.tag('H1', tag))
  layText([plain(report.subtitle)], styles.small, writer, writer.tag('P', tag), faintInk)
  writer.y += 6
  yield* layBlocks(report.cover, writer, tag)
  writer.close(tag)
  writer.finish()
  yield* writer.done.splice(0)
}

function* layCover(report: ComposedReport, writer: PageWriter): Generator<Page> {
  const tag = writer.tag('Sect', writer.document)
  writer.current.starts.push({ title: report.title, level: 1 })
  writer.y = margins.top + 70
  layText([plain(report.title)], styles.title, writer, writer.tag('H1', tag))
  layText([plain(report.subtitle)], styles.subtitle, writer, writer.tag('P', tag), faintInk)
  writer.y += 14
  writer.rule(writer.y, 1.4)
  writer.y += 20
  yield* layBlocks(report.cover, writer, tag)
  writer.close(tag)
}

function layContents(
  sections: readonly Section[],
  writer: PageWriter,
  tag: Tag,
  pageOf: ReadonlyMap<string, number>,
): void {
  layText([plain('Contents')], styles.section, writer, writer.tag('Caption', tag))
  writer.y += 6
  const style = styles.body
  for (const section of sections) {
    const item = writer.tag('TOCI', tag)
    const [title] = wrapLine([plain(section.title)], style, writer.width - 40, writer.metrics)
    const [number] = wrapLine([plain(String(pageOf.get(section.title) ?? ''))], style, 40, writer.metrics)
    if (title && number) {
      const right = writer.left + writer.width
      writer.line(title, writer.left, writer.y, style, item)
      writer.line(number, right - number.width, writer.y, style, item)
      const y = writer.y + style.lineHeight - 4
      writer.put({
        kind: 'line',
        x1: writer.left + title.width + 6,
        y1: y,
        x2: right - 28,
        y2: y,
        width: 0.4,
        colour: hair,
        dashed: true,
        tag: null,
      })
    }
    writer.close(item)
    writer.y += style.lineHeight + 4
  }
  writer.close(tag)
}

function* laySection(section: Section, writer: PageWriter, pageOf: Map<string, number>): Generator<Page> {
  const kept = writer.current.keptFor !== null
  const turn = kept || section.startsPage || section.orientation !== writer.orientation || writer.room < 180
  if (turn) writer.startPage(section.orientation)
  else writer.gap(26)
  pageOf.set(section.title, writer.pageNumber)
  const tag = writer.tag('Sect', writer.document)
  writer.current.starts.push({ title: section.title, level: 1 })
  layText([plain(section.title)], styles.section, writer, writer.tag('H1', tag))
  writer.y += 2
  writer.rule(writer.y, 1)
  writer.y += 10
  yield* layBlocks(section.blocks, writer, tag)
  writer.close(tag)
}

function* layBlocks(blocks: Listed<Block>, writer: PageWriter, parent: Tag): Generator<Page> {
  for (const block of blocks) {
    yield* layBlock(block, writer, parent)
    if (block.kind !== 'table') writer.laid++
    yield* writer.done.splice(0)
  }
}

function* layBlock(block: Block, writer: PageWriter, parent: Tag): Generator<Page> {
  switch (block.kind) {
    case 'heading':
      layHeading(block.text, block.outline, writer, parent)
      return
    case 'paragraph': {
      const style = block.role === 'small' ? styles.small : styles.body
      layText(block.line, style, writer, writer.tag('P', parent))
      writer.y += 6
      return
    }
    case 'list':
      layList(block.items, writer, parent)
      return
    case 'facts':
      layFacts(block.rows, writer, parent)
      return
    case 'banner':
      layBanner(block, writer, parent)
      return
    case 'table':
      yield* layTable(block, writer, parent)
      return
    case 'code':
      yield* layCode(block.lines, block.numbered, writer, parent)
      return
    case 'form':
      layForm(block.fields, writer, parent)
      return
    case 'drawing':
      layDrawing(block, writer, parent)
      return
  }
}

/** Lines from the left margin, turning pages between lines. Closes the tag. */
function layText(line: Line, style: TextStyle, writer: PageWriter, tag: Tag, colour?: string, indent = 0): void {
  for (const wrapped of wrapLine(line, style, writer.width - indent, writer.metrics)) {
    writer.ensure(style.lineHeight)
    writer.line(wrapped, writer.left + indent, writer.y, style, tag, colour)
    writer.y += style.lineHeight
  }
  writer.close(tag)
}

function layHeading(text: string, outline: boolean, writer: PageWriter, parent: Tag): void {
  writer.gap(10)
  // A heading does not stand alone at the foot of a page; that of an exhibit or a finding has its facts and a few lines under it.
  writer.ensure(styles.heading.lineHeight + (outline ? 150 : 44))
  if (outline) writer.current.starts.push({ title: text, level: 2 })
  layText([plain(text)], styles.heading, writer, writer.tag('H2', parent))
  writer.y += 4
}

function layList(items: readonly Line[], writer: PageWriter, parent: Tag): void {
  const list = writer.tag('L', parent)
  const style = styles.body
  for (const item of items) {
    const li = writer.tag('LI', list)
    writer.ensure(style.lineHeight)
    writer.put({
      kind: 'rect',
      x: writer.left + 2,
      y: writer.y + style.lineHeight / 2 - 1,
      w: 3,
      h: 3,
      fill: ink,
      stroke: null,
      tag: null,
    })
    layText(item, style, writer, writer.tag('LBody', li), undefined, 14)
    writer.close(li)
    writer.y += 3
  }
  writer.close(list)
  writer.y += 4
}

const LABEL_WIDTH = 112

function layFacts(rows: Extract<Block, { kind: 'facts' }>['rows'], writer: PageWriter, parent: Tag): void {
  const style = styles.body
  const table = writer.tag('Table', parent)
  for (const row of rows) {
    const tr = writer.tag('TR', table)
    const th = writer.tag('TH', tr, { scope: 'Row' })
    const td = writer.tag('TD', tr)
    const labels = wrapLine([{ text: row.label, style: 'faint' }], styles.small, LABEL_WIDTH - 8, writer.metrics)
    const values = row.lines.flatMap((line) => wrapLine(line, style, writer.width - LABEL_WIDTH, writer.metrics))
    const count = Math.max(labels.length, values.length)
    if (count * style.lineHeight < 120) writer.ensure(count * style.lineHeight)
    for (let n = 0; n < count; n++) {
      writer.ensure(style.lineHeight)
      const [label, value] = [labels[n], values[n]]
      if (label) writer.line(label, writer.left, writer.y + 1, styles.small, th)
      if (value) writer.line(value, writer.left + LABEL_WIDTH, writer.y, style, td)
      writer.y += style.lineHeight
    }
    writer.close(th)
    writer.close(td)
    writer.close(tr)
    writer.y += 3
  }
  writer.close(table)
  writer.y += 6
}

/** A box that cannot be overlooked: white on black when something failed, a bar otherwise. */
function layBanner(block: Extract<Block, { kind: 'banner' }>, writer: PageWriter, parent: Tag): void {
  const style = styles.heading
  const failed = block.tone === 'failed'
  const title = wrapLine(
    [failed || block.tone === 'passed' ? strong(block.title) : plain(block.title)],
    style,
    writer.width - 24,
    writer.metrics,
  )
  const height = title.length * style.lineHeight + 14
  writer.ensure(Math.min(height + styles.body.lineHeight, writer.fullHeight))
  const tag = writer.tag('Div', parent)
  const p = writer.tag('P', tag)
  const fits = height <= writer.room
  if (fits) {
    writer.put({
      kind: 'rect',
      x: writer.left,
      y: writer.y,
      w: writer.width,
      h: height,
      fill: failed ? '#000000' : wash,
      stroke: null,
      tag: null,
    })
    if (!failed)
      writer.put({ kind: 'rect', x: writer.left, y: writer.y, w: 4, h: height, fill: ink, stroke: null, tag: null })
  }
  writer.y += 7
  for (const line of title) {
    writer.ensure(style.lineHeight)
    writer.line(line, writer.left + 14, writer.y, style, p, failed && fits ? '#FFFFFF' : ink)
    writer.y += style.lineHeight
  }
  writer.y += 11
  writer.close(p)
  for (const text of block.lines) {
    layText([plain(text)], styles.body, writer, writer.tag('P', tag), undefined, 14)
    writer.y += 3
  }
  writer.close(tag)
  writer.y += 6
}

/** Lines of code beside a bar, with their numbers. What continues a line stands further in, so that it is not taken for a line of its own. */
function* layCode(lines: readonly string[], numbered: boolean, writer: PageWriter, parent: Tag): Generator<Page> {
  const style = styles.code
  const tag = writer.tag('Code', parent)
  const indent = numbered ? 34 : 10
  const width = writer.width - indent - 12
  let part: CodePart = { top: writer.y, numbers: [], lines: [] }
  for (const [index, text] of lines.entries()) {
    const code = text.trimStart()
    const lead = Math.min(writer.metrics.width(' ', 'mono', style.size) * (text.length - code.length), width / 2)
    for (const [n, line] of wrapLine([{ text: code, style: 'mono' }], style, width - lead, writer.metrics).entries()) {
      if (writer.room < style.lineHeight && !writer.atTop) {
        drawCode(part, indent, tag, writer)
        writer.startPage(writer.orientation)
        yield* writer.done.splice(0)
        part = { top: writer.y, numbers: [], lines: [] }
      }
      if (numbered && n === 0) part.numbers.push({ y: writer.y, number: index + 1 })
      part.lines.push({ y: writer.y, line, indent: lead + (n === 0 ? 0 : 12) })
      writer.y += style.lineHeight
    }
  }
  drawCode(part, indent, tag, writer)
  writer.close(tag)
  writer.y += 8
}

/** What stands of a piece of code on one page. */
type CodePart = {
  readonly top: number
  readonly numbers: { readonly y: number; readonly number: number }[]
  readonly lines: { readonly y: number; readonly line: WrappedLine; readonly indent: number }[]
}

/** The bar and the numbers together, then the lines: what belongs together is one stretch of the page. */
function drawCode({ top, numbers, lines }: CodePart, indent: number, tag: Tag, writer: PageWriter): void {
  const style = styles.code
  if (lines.length === 0) return
  const x = writer.left + indent - 5
  const bar = { x1: x, y1: top, x2: x, y2: writer.y, width: 0.5, colour: hair, dashed: false }
  writer.put({ kind: 'line', ...bar, tag: null })
  for (const { y, number } of numbers) {
    const [line] = wrapLine([{ text: String(number), style: 'mono' }], style, indent, writer.metrics)
    if (line) writer.line(line, writer.left + 24 - line.width, y, style, null, faintInk)
  }
  for (const { y, line, indent: further } of lines) writer.line(line, writer.left + indent + further, y, style, tag)
}

/** Lines to write on, two beside each other, the label below. */
function layForm(fields: readonly string[], writer: PageWriter, parent: Tag): void {
  const half = (writer.width - 28) / 2
  const style = styles.small
  for (let index = 0; index < fields.length; index += 2) {
    writer.ensure(52)
    writer.y += 32
    fields.slice(index, index + 2).forEach((field, side) => {
      const x = writer.left + side * (half + 28)
      writer.put({
        kind: 'line',
        x1: x,
        y1: writer.y,
        x2: x + half,
        y2: writer.y,
        width: 0.6,
        colour: ink,
        dashed: false,
        tag: null,
      })
      const [label] = wrapLine([{ text: field, style: 'faint' }], style, half, writer.metrics)
      const tag = writer.tag('P', parent)
      if (label) writer.line(label, x, writer.y + 2, style, tag)
      writer.close(tag)
    })
    writer.y += 18
  }
  writer.y += 8
}

function layDrawing(block: Extract<Block, { kind: 'drawing' }>, writer: PageWriter, parent: Tag): void {
  const { drawing } = block
  const scale = Math.min(1, writer.width / drawing.width, writer.fullHeight / drawing.height)
  writer.ensure(drawing.height * scale)
  const tag = writer.tag('Figure', parent, { alt: block.alt })
  const [dx, dy] = [writer.left, writer.y]
  for (const shape of drawing.shapes) {
    switch (shape.kind) {
      case 'rect':
        writer.put({
          kind: 'rect',
          x: dx + shape.x * scale,
          y: dy + shape.y * scale,
          w: shape.w * scale,
          h: shape.h * scale,
          fill: shape.fill,
          stroke: shape.stroke,
          tag,
        })
        break
      case 'line':
        writer.put({
          kind: 'line',
          x1: dx + shape.x1 * scale,
          y1: dy + shape.y1 * scale,
          x2: dx + shape.x2 * scale,
          y2: dy + shape.y2 * scale,
          width: shape.width,
          colour: shape.colour,
          dashed: false,
          tag,
        })
        break
      case 'text': {
        const style = { size: shape.size * scale, lineHeight: shape.size * scale, bold: shape.style === 'strong' }
        const [line] = wrapLine([{ text: shape.text, style: shape.style }], style, Infinity, writer.metrics)
        if (!line) break
        const shift = shape.anchor === 'start' ? 0 : shape.anchor === 'middle' ? line.width / 2 : line.width
        // `line` wants the top of the line; a shape gives its baseline.
        writer.line(line, dx + shape.x * scale - shift, dy + shape.y * scale - style.size * 0.85, style, tag)
        break
      }
    }
  }
  writer.close(tag)
  writer.y += drawing.height * scale + 8
}
