import { finished as streamFinished } from 'node:stream/promises'
import type { Writable } from 'node:stream'
import { deflateSync } from 'node:zlib'
import type { ReportModel } from '#shared/domain/report.ts'
import { collectGarbage } from '../collect-garbage.ts'
import { reportLength, type ComposedReport, type PageMarks } from './blocks.ts'
import { composeReport } from './compose.ts'
import { layReport } from './layout/lay-out.ts'
import type { TextMetrics } from './layout/metrics.ts'
import type { Page, Paper } from './layout/page-writer.ts'
import { PageContent } from './pdf-content.ts'
import {
  breathe,
  inside,
  newDocument,
  writeObject,
  type OutlineItem,
  type PdfDocument,
  type PdfPage,
} from './pdf-document.ts'
import { drawPage } from './pdf-draw.ts'
import { openFonts, type PdfFonts } from './pdf-fonts.ts'
import { drawMarks } from './pdf-marks.ts'
import { TagTree } from './pdf-tags.ts'
import type { ReportFonts } from './report-fonts.ts'

/** From so many rows and other blocks on, what led to the report is worth giving back before it is drawn. */
const LONG = 5000

export type PdfOptions = {
  readonly paper: Paper
  readonly fonts: ReportFonts
  readonly signal?: AbortSignal
  /** Called after each page: how many rows and other blocks are drawn, of how many. */
  readonly told?: (done: number, total: number) => void
}

/**
 * Writes the report as PDF and gives the number of pages. The same model, paper and version give the same bytes: dates come from the model,
 * the file id from the content. Pages are laid out and drawn one after the other; the whole is never held. Ends `out`.
 * Rejects with the signal's reason when cancelled; `out` is then destroyed and what it holds is to be thrown away.
 */
export function writeReportPdf(
  model: ReportModel,
  out: Writable,
  options: PdfOptions,
): Promise<{ readonly pages: number }> {
  const report = composeReport(model)
  const total = reportLength(report)
  if (total > LONG) collectGarbage()
  const { told } = options
  const pagesOf = (metrics: TextMetrics): Iterable<Page> =>
    layReport(report, options.paper, metrics, told && ((laid) => told(laid, total)))
  return writePdf(
    { report, printedAt: model.report.printedAt, producer: `${model.report.tool.name} ${model.report.tool.version}` },
    pagesOf,
    out,
    options,
  )
}

type Titled = { readonly report: ComposedReport; readonly printedAt: number; readonly producer: string }

/** Draws pages as they come. Their marks are drawn at the end, when it is known how many there are. */
export async function writePdf(
  { report: { marks, title }, printedAt, producer }: Titled,
  pagesOf: (metrics: TextMetrics) => Iterable<Page>,
  out: Writable,
  { fonts: fontFiles, signal }: PdfOptions,
): Promise<{ readonly pages: number }> {
  const doc = newDocument({
    title: `${title} (case ${marks.caseNumber})`,
    author: marks.examiner,
    subject: `Report ${marks.reportId}, ${marks.status}, ${marks.tlp}`,
    keywords: marks.reportId,
    producer,
    printedAt,
  })
  const finished = Promise.race([
    streamFinished(out),
    new Promise<never>((_, reject) => {
      doc.on('error', reject)
    }),
  ])
  // A failure while drawing is reported by the drawing; this promise must not add a second, unheard one.
  finished.catch(() => undefined)
  doc.pipe(out)
  try {
    const drawing = new Drawing(doc, openFonts(doc, fontFiles))
    for (const page of pagesOf(drawing.fonts)) {
      drawing.add(page)
      if (drawing.pages % 20 === 0) await breathe(doc, out, finished, signal)
    }
    drawing.end(marks)
    await finished
    return { pages: drawing.pages }
  } catch (error) {
    doc.unpipe(out)
    out.destroy()
    throw error
  }
}

/** A document that is being drawn. */
class Drawing {
  readonly fonts: PdfFonts
  pages = 0
  readonly #doc: PdfDocument
  readonly #tree: TagTree
  readonly #outline: OutlineBuilder
  readonly #kept: { readonly page: Page; readonly drawn: PdfPage }[] = []

  constructor(doc: PdfDocument, fonts: PdfFonts) {
    this.#doc = doc
    this.fonts = fonts
    this.#tree = new TagTree(doc)
    this.#outline = new OutlineBuilder(inside(doc).outline)
  }

  add(page: Page): void {
    this.pages++
    this.#doc.addPage({ size: [page.width, page.height], margin: 0 })
    const drawn = inside(this.#doc).page
    this.#outline.add(page)
    if (page.keptFor) {
      this.#tree.keep(page.keptFor)
      this.#kept.push({ page, drawn })
    } else this.#draw(page, drawn)
  }

  /** Fills the pages that were kept, marks all, and writes what is left of the file. */
  end(marks: PageMarks): void {
    for (const { page, drawn } of this.#kept) this.#draw(page, drawn)
    this.#tree.end()
    for (let number = 1; number <= this.pages; number++) {
      this.#doc.switchToPage(number - 1)
      const page = inside(this.#doc).page
      const content = new PageContent(page.height, this.fonts)
      drawMarks(content, page, marks, number, this.pages, this.fonts)
      this.#useFonts(page, content)
      // pdfkit turns the page upside down, so that it counts from the top; turned again, it counts as PDF does.
      page.write(Buffer.from(`1 0 0 -1 0 ${page.height} cm\n`))
      page.write(content.bytes())
    }
    this.#doc.end()
  }

  #draw(page: Page, drawn: PdfPage): void {
    const content = new PageContent(page.height, this.fonts)
    const owners = drawPage(page, drawn.dictionary.id, content, this.#tree)
    this.#useFonts(drawn, content)
    const body = inside(this.#doc).ref({ Filter: 'FlateDecode' })
    body.end(deflateSync(content.bytes()))
    drawn.dictionary.data['Contents'] = [body, drawn.content]
    const list = inside(this.#doc).ref({})
    inside(this.#doc).getStructParentTree().add(drawn.structParentTreeKey, list)
    writeObject(this.#doc, list.id, `[${owners.map((id) => `${id} 0 R`).join(' ')}]`)
  }

  #useFonts(page: PdfPage, content: PageContent): void {
    for (const name of content.used) {
      const font = this.fonts.font(name)
      page.fonts[font.id] ??= font.reference
    }
  }
}

class OutlineBuilder {
  readonly #root: OutlineItem
  #section: OutlineItem | null = null

  constructor(root: OutlineItem) {
    this.#root = root
  }

  /** The sections and headings that begin on the page that was added last. */
  add(page: Page): void {
    for (const { title, level } of page.starts) {
      if (level === 1 || this.#section === null) this.#section = this.#root.addItem(title)
      else this.#section.addItem(title)
    }
  }
}
