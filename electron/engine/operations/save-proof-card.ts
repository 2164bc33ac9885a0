import type { MadeCard } from '../integrity/make-proof-card.ts'
import type { OpenCase } from '../open-case.ts'
import { writeProofCardPdf } from '../reports/proof-card-pdf.ts'
import { printSheet } from './print-sheet.ts'
import { writeNewFile } from './write-new-file.ts'

export type SavedCard = {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  readonly pages: number | null
}

/**
 * Writes a proof card as JSON or PDF to `path`, whole or not at all.
 * @throws Refusal `already-exists`: a proof that was handed out is not written over.
 */
export async function saveProofCard(
  open: OpenCase,
  { card, exhibit }: MadeCard & { readonly kind: 'card' },
  format: 'json' | 'pdf',
  path: string,
  signal: AbortSignal,
): Promise<SavedCard> {
  const { bytes, pages } =
    format === 'pdf'
      ? await printSheet(open, 'A4', signal, (sheet, out, options) =>
          writeProofCardPdf(card, exhibit, sheet, out, options),
        )
      : { bytes: Buffer.from(`${JSON.stringify(card, undefined, 1)}\n`), pages: null }
  return { ...(await writeNewFile(path, bytes)), pages }
}
