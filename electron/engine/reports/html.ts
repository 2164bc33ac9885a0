import { createHash } from 'node:crypto'
import { visible } from '#shared/base/visible.ts'
import type { ReportModel } from '#shared/domain/report.ts'
import type { Block, ComposedReport, Line, PageMarks, Row, Section, SpanStyle } from './blocks.ts'
import { composeReport } from './compose.ts'
import type { Drawing, Shape } from './visual-timeline.ts'

/**
 * The report as one HTML page: the content and order of the PDF, no script, no link, nothing fetched. The same model gives the same
 * bytes. Every text is escaped and its hidden characters are made visible; each stands in its own bidi isolate.
 */
export function reportHtml(model: ReportModel): string {
  return [...htmlParts(composeReport(model))].join('')
}

/** The same in pieces, for writing a long report to a file. */
export function* htmlParts(report: ComposedReport): Generator<string> {
  const { marks } = report
  yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
  yield `<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${styleHash}'">\n`
  yield `<meta name="viewport" content="width=device-width">\n<title>${text(`${report.title} (case ${marks.caseNumber})`)}</title>\n`
  yield `<style>${style}</style>\n</head>\n<body>\n`
  yield marksHtml(marks)
  yield `<main>\n<h1 class="title">${text(report.title)}</h1>\n<p class="subtitle">${text(report.subtitle)}</p>\n`
  for (const block of report.cover) yield* blockHtml(block)
  yield '<nav>\n<h2>Contents</h2>\n<ol>\n'
  for (const [index, section] of report.sections.entries())
    yield `<li><a href="#s${index + 1}">${text(section.title)}</a></li>\n`
  yield '</ol>\n</nav>\n'
  for (const [index, section] of report.sections.entries()) yield* sectionHtml(section, index + 1)
  yield '</main>\n</body>\n</html>\n'
}

/** Text of anyone, safe between tags and inside quoted attributes. */
function text(raw: string): string {
  return visible(raw).replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
}

/** The marks of every page. The colour of the TLP label is a class: the page allows no inline style. */
function marksHtml(marks: PageMarks): string {
  const tlp = `<strong class="tlp ${text(marks.tlp.replace(/[^A-Z]/g, '-').toLowerCase())}">${text(marks.tlp)}</strong>`
  const alarm = marks.alarm === null ? '' : ` <strong class="frame">${text(marks.alarm)}</strong>`
  return (
    `<header><span><strong>Case ${text(marks.caseNumber)}</strong> ${text(marks.caseTitle)}</span><span>${alarm} <strong class="frame">${text(marks.status)}</strong> ${tlp}</span></header>\n` +
    `<footer><span>Report ${text(marks.reportId)} · ${text(marks.status)} · Examiner ${text(marks.examiner)} · Printed ${text(marks.printed)}<br>${text(marks.zone)}</span><span>${tlp}</span></footer>\n`
  )
}

function* sectionHtml(section: Section, number: number): Generator<string> {
  yield `<section class="${section.orientation}" id="s${number}">\n<h1>${text(section.title)}</h1>\n`
  for (const block of section.blocks) yield* blockHtml(block)
  yield '</section>\n'
}

function* blockHtml(block: Block): Generator<string> {
  switch (block.kind) {
    case 'heading':
      yield `<h2>${text(block.text)}</h2>\n`
      return
    case 'paragraph':
      yield `<p class="${block.role}">${lineHtml(block.line)}</p>\n`
      return
    case 'list':
      yield `<ul>\n${block.items.map((item) => `<li>${lineHtml(item)}</li>\n`).join('')}</ul>\n`
      return
    case 'facts':
      yield `<dl>\n${block.rows.map((row) => `<dt>${text(row.label)}</dt><dd>${linesHtml(row.lines)}</dd>\n`).join('')}</dl>\n`
      return
    case 'banner':
      yield `<div class="banner ${block.tone}"><p class="head">${text(block.title)}</p>${block.lines.map((line) => `<p>${text(line)}</p>`).join('')}</div>\n`
      return
    case 'table':
      yield* tableHtml(block)
      return
    case 'code':
      yield `<pre>${block.lines.map((line, index) => `${block.numbered ? `<span class="n">${String(index + 1).padStart(5)}</span> ` : ''}${text(line)}`).join('\n')}</pre>\n`
      return
    case 'form':
      yield `<div class="form">${block.fields.map((field) => `<p>${text(field)}</p>`).join('')}</div>\n`
      return
    case 'drawing':
      yield drawingHtml(block.drawing, block.alt)
      return
  }
}

const tags: { readonly [style in SpanStyle]: readonly [string, string] } = {
  plain: ['<span>', '</span>'],
  strong: ['<strong>', '</strong>'],
  emphasis: ['<em>', '</em>'],
  mono: ['<code>', '</code>'],
  faint: ['<span class="faint">', '</span>'],
}

const lineHtml = (line: Line): string =>
  line.map((span) => `${tags[span.style][0]}${text(span.text)}${tags[span.style][1]}`).join('')
const linesHtml = (lines: readonly Line[]): string => lines.map(lineHtml).join('<br>')

function* tableHtml(block: Extract<Block, { kind: 'table' }>): Generator<string> {
  const right = block.columns.map((one) => (one.align === 'right' ? ' class="right"' : ''))
  yield `<table>\n<caption>${text(block.caption)}</caption>\n<thead><tr>`
  for (const [index, one] of block.columns.entries())
    yield `<th scope="col"${right[index] ?? ''}>${text(one.title)}</th>`
  yield '</tr></thead>\n<tbody>\n'
  for (const row of block.rows) yield rowHtml(row, right)
  yield '</tbody>\n</table>\n'
}

function rowHtml(row: Row, right: readonly string[]): string {
  if (row.kind !== 'cells') return `<tr class="${row.kind}"><td colspan="${right.length}">${text(row.text)}</td></tr>\n`
  const below =
    row.below.length === 0 ? '' : `<tr class="below"><td colspan="${right.length}">${linesHtml(row.below)}</td></tr>\n`
  return `<tr>${row.cells.map((lines, index) => `<td${right[index] ?? ''}>${linesHtml(lines)}</td>`).join('')}</tr>\n${below}`
}

function drawingHtml(drawing: Drawing, alt: string): string {
  const shapes = drawing.shapes.map(shapeHtml).join('\n')
  return `<svg role="img" aria-label="${text(alt)}" viewBox="0 0 ${fixed(drawing.width)} ${fixed(drawing.height)}">\n${shapes}\n</svg>\n`
}

const fixed = (n: number): string => String(Math.round(n * 100) / 100)

function shapeHtml(shape: Shape): string {
  switch (shape.kind) {
    case 'rect':
      return `<rect x="${fixed(shape.x)}" y="${fixed(shape.y)}" width="${fixed(shape.w)}" height="${fixed(shape.h)}" fill="${shape.fill ?? 'none'}" stroke="${shape.stroke ?? 'none'}"/>`
    case 'line':
      return `<line x1="${fixed(shape.x1)}" y1="${fixed(shape.y1)}" x2="${fixed(shape.x2)}" y2="${fixed(shape.y2)}" stroke="${shape.colour}" stroke-width="${fixed(shape.width)}"/>`
    case 'text':
      return `<text x="${fixed(shape.x)}" y="${fixed(shape.y)}" font-size="${fixed(shape.size)}" text-anchor="${shape.anchor}" class="${shape.style}">${text(shape.text)}</text>`
  }
}

const style = `
:root{color:#111;background:#fff;font:14px/1.5 "Noto Sans",Inter,system-ui,sans-serif}
body{margin:0;padding:4.5em 0 5em}
header,footer{position:fixed;left:0;right:0;display:flex;justify-content:space-between;align-items:center;gap:1em;padding:.5em 2em;background:#fff}
header{top:0;border-bottom:1px solid #111}
footer{bottom:0;border-top:1px solid #111;font-size:12px}
.tlp{background:#000;font-size:16px;padding:.15em .5em;white-space:nowrap}
.tlp-red{color:#FF2B2B}.tlp-amber,.tlp-amber-strict{color:#FFC000}.tlp-green{color:#33FF00}.tlp-clear{color:#FFF}
.frame{border:1px solid #111;padding:.15em .5em;white-space:nowrap}
main{max-width:76em;margin:0 auto;padding:0 2em}
section.portrait,nav{max-width:56em}
h1{font-size:1.6em;border-bottom:1px solid #111;margin:2em 0 .6em}
h1.title{font-size:2.4em;border:0;margin-bottom:0}
.subtitle,.faint,dt{color:#555}
h2{font-size:1.1em;margin:1.6em 0 .4em}
.small{font-size:.9em}
dl{display:grid;grid-template-columns:12em 1fr;gap:.2em 1em}
dt,dd{margin:0}
table{border-collapse:collapse;width:100%;font-size:12px;margin:.5em 0 1em}
caption{text-align:left;color:#555;padding:.3em 0}
th{text-align:left;border-bottom:1.5px solid #111}
th,td{padding:.3em .4em;vertical-align:top;overflow-wrap:anywhere}
td{border-bottom:1px solid #ccc}
.right{text-align:right}
tr.day td{background:#f0f0f0;font-weight:600}
tr:has(+ tr.below) td{border-bottom:0}
tr.below td{padding:0 .4em .5em 4em}
tr.gap td,tr.clock-change td{text-align:center;font-style:italic;border-bottom:1px dashed #555}
tr.clock-change td{border-bottom:2px solid #111}
td,th,li,p,dd,span,strong,em,code,pre{unicode-bidi:isolate}
code,pre,text.mono{font-family:"JetBrains Mono",ui-monospace,monospace;font-variant-ligatures:none}
code{font-size:.95em;overflow-wrap:anywhere}
pre{font-size:12px;white-space:pre-wrap;overflow-wrap:anywhere;border-left:1px solid #ccc;padding-left:.8em}
pre .n{color:#555;user-select:none}
.banner{border-left:4px solid #111;background:#f0f0f0;padding:.6em 1em;margin:1em 0}
.banner .head{font-weight:600;margin:0}
.banner.failed{border:3px solid #000}
.banner.failed .head{background:#000;color:#fff;padding:.3em .5em}
.form{display:grid;grid-template-columns:1fr 1fr;gap:3em 2em;margin:3em 0}
.form p{border-top:1px solid #111;color:#555;font-size:.85em;margin:0}
svg{width:100%;height:auto}
text{fill:#111}text.strong{font-weight:600}
a{color:inherit}
@media print{body{padding:0}header,footer{position:static}thead{display:table-header-group}tr{break-inside:avoid}section{break-before:page}@page{margin:20mm 12mm}}
`
const styleHash = createHash('sha256').update(style).digest('base64')
