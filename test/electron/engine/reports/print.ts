import { Writable } from 'node:stream'
import type { ReportModel } from '#shared/domain/report.ts'
import type { Paper } from '#engine/reports/layout/page-writer.ts'
import { writeReportPdf } from '#engine/reports/pdf.ts'
import { loadReportFonts } from '#engine/reports/report-fonts.ts'

const loaded = loadReportFonts('/no/such/folder')
if (!loaded.ok) throw new Error(loaded.message)
export const fonts = loaded.value

/** A sink that keeps what was written. */
export function collector(): { readonly out: Writable; readonly bytes: () => Buffer } {
  const chunks: Buffer[] = []
  const out = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  return { out, bytes: () => Buffer.concat(chunks) }
}

export async function print(
  model: ReportModel,
  paper: Paper = 'A4',
): Promise<{ readonly bytes: Buffer; readonly pages: number }> {
  const { out, bytes } = collector()
  const { pages } = await writeReportPdf(model, out, { paper, fonts })
  return { bytes: bytes(), pages }
}
