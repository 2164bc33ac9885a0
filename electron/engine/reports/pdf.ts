import type { Writable } from 'node:stream'
import PDFDocument from 'pdfkit'
import type { ReportModel } from '#shared/domain/report.ts'
import type { ComposedReport, PageMarks } from './blocks.ts'
import { composeReport } from './compose.ts'
import { layReport } from './layout/lay-out.ts'
import type { TextMetrics } from './layout/metrics.ts'
import type { Page, Paper } from './layout/page-writer.ts'
import { drawPage, TagTree } from './pdf-draw.ts'
import { openFonts } from './pdf-fonts.ts'
import { drawMarks } from './pdf-marks.ts'
import type { ReportFonts } from './report-fonts.ts'

export type PdfOptions = {
  readonly paper: Paper
  readonly fonts: ReportFonts
  readonly signal?: AbortSignal
  /** Called after each page. */
  readonly onPage?: (page: number, pages: number) => void
}

/**
 * Writes the report as PDF and gives the number of pages. The same model, paper and version give the same bytes: dates come from the model,
 * the file id from the content. Pages are drawn one after the other; the whole is never held. Ends `out`.
 * Rejects with the signal's reason when cancelled; `out` is then destroyed and what it holds is to be thrown away.
 */
export function writeReportPdf(
  model: ReportModel,
  out: Writable,
  options: PdfOptions,
): Promise<{ readonly pages: number }> {
  const report = composeReport(model)
  const pagesOf = (metrics: TextMetrics, pageOf: ReadonlyMap<string, number>) =>
    layReport(report, options.paper, metrics, pageOf)
  return writePdf(
    { report, printedAt: model.report.printedAt, producer: `${model.report.tool.name} ${model.report.tool.version}` },
    pagesOf,
    out,
    options,
  )
}

type Titled = { readonly report: ComposedReport; readonly printedAt: number; readonly producer: string }

/** Lays out twice: once to count pages and find where sections begin, once to draw. */
export async function writePdf(
  { report, printedAt, producer }: Titled,
  pagesOf: (metrics: TextMetrics, pageOf: ReadonlyMap<string, number>) => Iterable<Page>,
  out: Writable,
  { fonts, signal, onPage }: PdfOptions,
): Promise<{ readonly pages: number }> {
  const doc = newDocument(report.marks, report.title, printedAt, producer)
  const finished = new Promise<void>((resolve, reject) => {
    out.on('finish', resolve).on('error', reject)
    doc.on('error', reject)
  })
  // A failure while drawing is reported by the drawing; this promise must not add a second, unheard one.
  finished.catch(() => undefined)
  doc.pipe(out)
  const metrics = openFonts(doc, fonts)
  try {
    const pageOf = new Map<string, number>()
    let total = 0
    for (const page of pagesOf(metrics, new Map())) {
      total++
      for (const { title, level } of page.starts) if (level === 1) pageOf.set(title, total)
      if (total % 50 === 0) await breathe(signal)
    }
    const tree = new TagTree(doc)
    const outline = new OutlineBuilder(doc)
    let number = 0
    for (const page of pagesOf(metrics, pageOf)) {
      number++
      doc.addPage({ size: [page.width, page.height], margin: 0 })
      drawPage(doc, page, tree)
      drawMarks(doc, page, report.marks, number, total, metrics)
      outline.add(page)
      onPage?.(number, total)
      if (number % 20 === 0) await breathe(signal)
    }
    tree.end()
    doc.end()
    await finished
    return { pages: total }
  } catch (error) {
    doc.unpipe(out)
    out.destroy()
    throw error
  }
}

/** Lets the stream drain and a cancel be heard. */
async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await new Promise((resolve) => setImmediate(resolve))
  signal?.throwIfAborted()
}

function newDocument(
  marks: PageMarks,
  title: string,
  printedAt: number,
  producer: string,
): InstanceType<typeof PDFDocument> {
  const date = new Date(printedAt)
  return new PDFDocument({
    autoFirstPage: false,
    pdfVersion: '1.7',
    tagged: true,
    lang: 'en',
    displayTitle: true,
    // Words are cached where they repeat (pdf-fonts.ts); a cache of every identifier of the evidence would only grow.
    ...({ fontLayoutCache: false } as object),
    // pdfkit would otherwise open Helvetica, which a bundle does not carry and which is not embedded.
    ...({ font: null } as object),
    info: {
      Title: `${title} (case ${marks.caseNumber})`,
      Author: marks.examiner,
      Subject: `Report ${marks.reportId}, ${marks.status}, ${marks.tlp}`,
      Keywords: marks.reportId,
      Creator: producer,
      Producer: 'pdfkit',
      CreationDate: date,
      ModDate: date,
    },
  })
}

type OutlineItem = { addItem: (title: string) => OutlineItem }

class OutlineBuilder {
  private readonly root: OutlineItem
  private section: OutlineItem | null = null

  constructor(doc: InstanceType<typeof PDFDocument>) {
    this.root = (doc as unknown as { outline: OutlineItem }).outline
  }

  add(page: Page): void {
    for (const { title, level } of page.starts) {
      if (level === 1 || this.section === null) this.section = this.root.addItem(title)
      else this.section.addItem(title)
    }
  }
}
