import { dirname, join } from 'node:path'
import { PassThrough, type Writable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { utcMs } from '#shared/base/time.ts'
import type { Tlp } from '#shared/domain/report.ts'
import type { OpenCase } from '../open-case.ts'
import { Refusal } from '../refusal.ts'
import type { PdfOptions } from '../reports/pdf.ts'
import { loadReportFonts } from '../reports/report-fonts.ts'
import type { Sheet } from '../reports/sheet-pdf.ts'

/** A short PDF of its own with the marks of this case, as bytes. @throws Refusal `unreadable` where the fonts are missing */
export async function printSheet(
  open: OpenCase,
  paper: PdfOptions['paper'],
  signal: AbortSignal,
  write: (
    sheet: Omit<Sheet, 'title' | 'subtitle' | 'failed'>,
    out: Writable,
    options: PdfOptions,
  ) => Promise<{ readonly pages: number }>,
): Promise<{ readonly bytes: Buffer; readonly pages: number }> {
  const { setting } = open
  const fonts = loadReportFonts(join(dirname(setting.workerPath), 'fonts'))
  if (!fonts.ok) throw new Refusal('unreadable', fonts.message)
  const header = await open.header()
  const sheet = {
    caseNumber: header.number,
    caseTitle: header.title,
    tlp: header.tlp.replace('TLP:', '') as Tlp,
    examiner: open.examiner?.name ?? 'not stated',
    printedAt: utcMs(setting.now()),
    tool: { name: 'Trailcase', version: setting.version, commit: setting.commit },
  }
  const out = new PassThrough()
  const whole = buffer(out)
  const { pages } = await write(sheet, out, { paper, fonts: fonts.value, signal })
  return { bytes: await whole, pages }
}
