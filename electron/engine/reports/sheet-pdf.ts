import { createHash } from 'node:crypto'
import type { Writable } from 'node:stream'
import { displayUtc, type UtcMs } from '#shared/base/time.ts'
import { tlpColours, tlpMark, type Tlp } from '#shared/domain/report.ts'
import type { Block } from './blocks.ts'
import { laySheet } from './layout/lay-out.ts'
import { writePdf, type PdfOptions } from './pdf.ts'

/** A short document of its own (proof card, validation result) with the marks of a report page. */
export type Sheet = {
  readonly title: string
  readonly subtitle: string
  readonly caseNumber: string
  readonly caseTitle: string
  readonly tlp: Tlp
  readonly examiner: string
  readonly printedAt: UtcMs
  readonly tool: { readonly name: string; readonly version: string; readonly commit: string }
  readonly failed: boolean
}

/** Writes the blocks under the sheet's title. Its id is the hash of what it says, so the same sheet gives the same bytes. */
export function writeSheetPdf(
  sheet: Sheet,
  blocks: readonly Block[],
  out: Writable,
  options: PdfOptions,
): Promise<{ readonly pages: number }> {
  const id = createHash('sha256')
    .update(JSON.stringify([sheet, blocks]))
    .digest('hex')
    .slice(0, 8)
  const report = {
    title: sheet.title,
    subtitle: sheet.subtitle,
    marks: {
      caseNumber: sheet.caseNumber,
      caseTitle: sheet.caseTitle,
      reportId: id,
      tlp: tlpMark(sheet.tlp),
      tlpColour: tlpColours[sheet.tlp],
      status: 'FINAL',
      printed: displayUtc(sheet.printedAt),
      examiner: sheet.examiner,
      zone: 'All times UTC',
      alarm: sheet.failed ? 'FAILED' : null,
    },
    cover: blocks,
    sections: [],
  }
  const titled = { report, printedAt: sheet.printedAt, producer: `${sheet.tool.name} ${sheet.tool.version}` }
  return writePdf(titled, (metrics) => laySheet(report, options.paper, metrics), out, options)
}
