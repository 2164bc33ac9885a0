import { cutMiddle } from '#shared/base/visible.ts'
import type { PageMarks } from './blocks.ts'
import type { TextMetrics } from './layout/metrics.ts'
import { margins } from './layout/page-writer.ts'
import { faintInk, ink, type FontName } from './layout/type-style.ts'
import { fontRuns } from './layout/wrap.ts'
import type { PageContent } from './pdf-content.ts'

/** TLP 2.0 (FIRST): in header and footer, right-aligned, at least 12 points, the label's colour on black. */
const TLP_SIZE = 12

/**
 * The marks of every page: case, TLP and, if a check failed, the alarm above; report id, status, examiner, print time, page x of y,
 * TLP and the statement of times below. They are artifacts for screen readers, which would otherwise read them on each page.
 */
export function drawMarks(
  content: PageContent,
  page: { readonly width: number; readonly height: number },
  marks: PageMarks,
  number: number,
  total: number,
  metrics: TextMetrics,
): void {
  const left = page.width > page.height ? margins.landscape : margins.portrait
  const right = page.width - left
  content.beginArtifact('Pagination')
  const top = drawTlp(content, marks, right, 22, metrics)
  const status = top - 8 - drawBox(content, marks.status, top - 8, metrics)
  const alarm = marks.alarm === null ? status : status - 8 - drawBox(content, marks.alarm, status - 8, metrics)
  drawHeader(content, marks, left, alarm - 14, metrics)
  content.line(left, 48, right, 48, ink, 0.5)
  const foot = page.height - 52
  content.line(left, foot, right, foot, ink, 0.5)
  const footTlp = drawTlp(content, marks, right, foot + 8, metrics)
  const count = `Page ${number} of ${total}`
  const countWidth = metrics.width(count, 'sansBold', 9)
  const countX = footTlp - 14 - countWidth
  content.text({ x: countX, y: foot + 20, text: count, font: 'sansBold', size: 9, colour: ink })
  const room = countX - left - 12
  const first = `Report ${marks.reportId}  ·  ${marks.status}  ·  Examiner `
  const spare = room - metrics.width(first, 'sans', 8)
  drawRuns(content, first + fitted(marks.examiner, 'sans', 8, spare, metrics), 'sans', left, foot + 13, ink, metrics)
  drawRuns(content, `Printed ${marks.printed}`, 'sans', left, foot + 24, ink, metrics)
  drawRuns(content, fitted(marks.zone, 'sans', 8, room, metrics), 'sans', left, foot + 35, faintInk, metrics)
  content.end()
}

/** Draws the label in its black box and gives the box's left edge. */
function drawTlp(content: PageContent, marks: PageMarks, right: number, y: number, metrics: TextMetrics): number {
  const width = metrics.width(marks.tlp, 'sansBold', TLP_SIZE) + 12
  content.fillRect(right - width, y, width, 19, '#000000')
  content.text({
    x: right - width + 6,
    y: y + 13.8,
    text: marks.tlp,
    font: 'sansBold',
    size: TLP_SIZE,
    colour: marks.tlpColour,
  })
  return right - width
}

/** A word in a frame in the header, which ends at `right`; gives its width. */
function drawBox(content: PageContent, text: string, right: number, metrics: TextMetrics): number {
  const width = metrics.width(text, 'sansBold', 10) + 16
  content.strokeRect(right - width + 0.5, 22.5, width - 1, 18, '#000000', 1)
  content.text({ x: right - width + 8, y: 35, text, font: 'sansBold', size: 10, colour: ink })
  return width
}

function drawHeader(content: PageContent, marks: PageMarks, left: number, right: number, metrics: TextMetrics): void {
  const number = fitted(`Case ${marks.caseNumber}`, 'sansBold', 9, (right - left) * 0.6, metrics)
  const used = drawRuns(content, number, 'sansBold', left, 35, ink, metrics, 9)
  const title = fitted(marks.caseTitle, 'sans', 9, right - left - used - 12, metrics)
  drawRuns(content, title, 'sans', left + used + 12, 35, faintInk, metrics, 9)
}

function drawRuns(
  content: PageContent,
  text: string,
  font: FontName,
  x: number,
  y: number,
  colour: string,
  metrics: TextMetrics,
  size = 8,
): number {
  let used = 0
  for (const run of fontRuns(text, font, metrics)) {
    content.text({ x: x + used, y, text: run.text, font: run.font, size, colour })
    used += metrics.width(run.text, run.font, size)
  }
  return used
}

/** The text, cut in its middle until it fits. */
function fitted(text: string, font: FontName, size: number, width: number, metrics: TextMetrics): string {
  const widthOf = (one: string): number =>
    fontRuns(one, font, metrics).reduce((sum, run) => sum + metrics.width(run.text, run.font, size), 0)
  let length = Math.min(text.length, 400)
  let shown = cutMiddle(text, Math.max(3, length))
  while (length > 3 && widthOf(shown) > width) {
    length = Math.min(length - 1, Math.floor(length * 0.9))
    shown = cutMiddle(text, Math.max(3, length))
  }
  return shown
}
