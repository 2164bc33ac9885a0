import type { OutputOf } from '#shared/contract/contract.ts'
import { listTransfers } from '../exchange/handover/list-transfers.ts'
import type { OpenCase } from '../open-case.ts'
import { Refusal } from '../refusal.ts'
import { writeTransferFormPdf } from '../reports/transfer-form-pdf.ts'
import { printSheet } from './print-sheet.ts'
import { writeNewFile } from './write-new-file.ts'

/**
 * Writes the form of the transfer that entry `seq` of the custody log notes, and notes that.
 * @throws Refusal `no-examiner`, `not-found`, `already-exists`
 */
export async function saveTransferForm(
  open: OpenCase,
  seq: number,
  paper: 'A4' | 'Letter',
  path: string,
  signal: AbortSignal,
): Promise<OutputOf<'packages.transferForm'>> {
  open.requireExaminer()
  const transfer = (await listTransfers(open.file.reader)).find((one) => one.seq === seq)
  if (!transfer)
    throw new Refusal(
      'not-found',
      `Entry ${seq} of the custody log is no transfer of the case. List the transfers first.`,
    )
  const { uuid } = await open.info()
  const { bytes, pages } = await printSheet(open, paper, signal, (sheet, out, options) =>
    writeTransferFormPdf(transfer, uuid, sheet, out, options),
  )
  const saved = { ...(await writeNewFile(path, bytes)), pages }
  await open.change('package.form', [], { of: seq, ...saved })
  return saved
}
