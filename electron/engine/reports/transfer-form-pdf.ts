import type { Writable } from 'node:stream'
import { bytes as size, grouped } from '#shared/base/count.ts'
import { displayUtc, utcMs } from '#shared/base/time.ts'
import { groupHex } from '#shared/domain/report.ts'
import type { TransferShown } from '#shared/contract/exchange.ts'
import { cell, cells, column, mono, plain, small, strong, type Block, type Line } from './blocks.ts'
import type { PdfOptions } from './pdf.ts'
import { writeSheetPdf, type Sheet } from './sheet-pdf.ts'

/** Parts of a split package that are printed with their hashes; the list beside the parts has all of them. */
const MOST_PARTS = 6
const BLANK = '______________________________'

/**
 * A custody transfer on one page: who, to whom, why, on what, the hashes before and after, and lines to sign. What was not
 * said is left as a line to write on.
 */
export function writeTransferFormPdf(
  transfer: TransferShown,
  caseId: string,
  sheet: Omit<Sheet, 'title' | 'subtitle' | 'failed'>,
  out: Writable,
  options: PdfOptions,
): Promise<{ readonly pages: number }> {
  const did = { packed: 'Handed over', unpacked: 'Received and unpacked', merged: 'Received and merged' }
  return writeSheetPdf(
    {
      ...sheet,
      title: 'Custody transfer',
      subtitle: `${did[transfer.kind]} ${displayUtc(utcMs(transfer.atMs))}, entry ${grouped(transfer.seq)} of the custody log`,
      failed: false,
    },
    transferBlocks(transfer, caseId),
    out,
    options,
  )
}

function transferBlocks(transfer: TransferShown, caseId: string): Block[] {
  const or = (text: string): Line => [plain(text === '' ? BLANK : text)]
  const hash = (hex: string): Line => [mono(hex === '' ? BLANK : groupHex(hex))]
  const fact = (label: string, ...lines: Line[]) => ({ label, lines })
  const head = (what: string, { entries, hash: of }: { entries: number; hash: string }) =>
    cells(cell(strong(what)), [[plain(`entry ${grouped(entries)}`)], hash(of)])
  const encrypted = transfer.encrypted === null ? '' : transfer.encrypted ? ', encrypted' : ', not encrypted'
  const received = transfer.kind === 'packed' ? '' : transfer.examiner
  return [
    {
      kind: 'facts',
      rows: [
        fact('Case', [mono(caseId)]),
        fact('From', or(transfer.from)),
        fact('To', or(transfer.to === '' ? received : transfer.to)),
        fact('Reason', or(transfer.why)),
        fact('Medium', or(transfer.medium)),
        fact('Package', or(transfer.file), [plain(`${size(transfer.bytes)}${encrypted}`)]),
        fact('Signed with', [plain(transfer.signedBy)]),
      ],
    },
    {
      kind: 'table',
      caption: 'Hashes (SHA-256)',
      columns: [column('Of', 30), column('Value', 70)],
      rows: [
        cells(cell(strong('The package')), [hash(transfer.sha256)]),
        ...transfer.parts
          .slice(0, MOST_PARTS)
          .map((part) => cells(cell(plain(part.name)), [[plain(size(part.bytes))], hash(part.sha256)])),
        ...(transfer.before ? [head("The sender's custody log, before", transfer.before)] : []),
        head('The custody log of this case, after', transfer.after),
      ],
    },
    ...(transfer.parts.length > MOST_PARTS
      ? [small(plain(`${transfer.parts.length - MOST_PARTS} more parts stand in the list of parts beside them.`))]
      : []),
    small(
      plain(
        'The receiver computes the SHA-256 of the package (sha256sum, or certutil -hashfile FILE SHA256) and compares it with the value above before anything is opened.',
      ),
    ),
    small(strong('Handed over by')),
    { kind: 'form', fields: ['Name', 'Signature', 'Date and time (UTC)'] },
    small(strong('Received by')),
    { kind: 'form', fields: ['Name', 'Signature', 'Date and time (UTC)', 'SHA-256 compared: yes / no'] },
  ]
}
