import { createHash } from 'node:crypto'
import type { Writable } from 'node:stream'
import { counted, grouped } from '#shared/base/count.ts'
import { groupHex } from '#shared/domain/report.ts'
import type { ProofCard } from '#engine/integrity/proof-card.ts'
import { cell, cells, column, faint, heading, mono, plain, small, strong, type Block, type Line } from './blocks.ts'
import type { PdfOptions } from './pdf.ts'
import { writeSheetPdf, type Sheet } from './sheet-pdf.ts'

/** How many links of a chain are printed in full; the card's file holds all of them. */
const MOST_LINKS = 2

/**
 * A proof card on paper: from the record over the log file and the digests to the signature and the key, each with its hash,
 * and the commands that check it (what each must print stands in the table and in the card's file). `exhibit` null for a card about a whole file. The pieces themselves are in the card's JSON file.
 */
export function writeProofCardPdf(
  card: ProofCard,
  exhibit: string | null,
  sheet: Omit<Sheet, 'title' | 'subtitle' | 'failed'>,
  out: Writable,
  options: PdfOptions,
): Promise<{ readonly pages: number }> {
  const title = exhibit === null ? 'Proof card' : `Proof card for exhibit ${exhibit}`
  return writeSheetPdf(
    { ...sheet, title, subtitle: `Made ${card.made} from the evidence of the case`, failed: false },
    proofCardBlocks(card),
    out,
    options,
  )
}

function proofCardBlocks(card: ProofCard): Block[] {
  const hash = (hex: string): Line => [mono(groupHex(hex))]
  const row = (what: string, ...lines: Line[]) => cells(cell(strong(what)), lines)
  const same = card.log.sha256 === card.log.listedSha256
  const table: Block = {
    kind: 'table',
    caption: 'From the record to the key',
    columns: [column('What', 16), column('Where, and SHA-256', 84)],
    rows: [
      ...(card.record
        ? [
            row(
              'Record',
              [mono(card.record.eventID)],
              [
                plain(
                  `${grouped(card.record.length)} bytes from byte ${grouped(card.record.offset)} of the inflated log file`,
                ),
              ],
              hash(card.record.sha256),
            ),
          ]
        : []),
      row(
        'Log file',
        [faint('in the evidence: '), plain(card.log.path)],
        [faint('as listed: '), plain(`${card.log.bucket}/${card.log.key}`)],
        [faint(same ? 'found, and the same listed:' : 'found, then listed:')],
        hash(card.log.sha256),
        ...(same ? [] : [hash(card.log.listedSha256)]),
      ),
      ...card.digests
        .slice(0, MOST_LINKS)
        .map((one, index) =>
          row(
            index === 0 ? 'Digest that lists it' : 'Next digest, lists the one before',
            [plain(`${one.bucket}/${one.key}`)],
            hash(one.sha256),
          ),
        ),
      ...(card.digests.length > MOST_LINKS
        ? [
            row('Further digests', [
              plain(`${counted(card.digests.length - MOST_LINKS, 'digest')} more in the card's file`),
            ]),
          ]
        : []),
      row(
        'Signature',
        [
          plain(
            `${card.signed.algorithm} over the text below, ${grouped(card.signed.signature.length / 2)} bytes, from ${card.signed.signatureFrom}`,
          ),
        ],
        hash(createHash('sha256').update(Buffer.from(card.signed.signature, 'hex')).digest('hex')),
      ),
      row(
        'Public key',
        [plain(`fingerprint ${card.publicKey.fingerprint}, from ${card.publicKey.source}`)],
        hash(card.publicKey.sha256),
      ),
    ],
  }
  return [
    { kind: 'banner', tone: 'note', title: card.verdict.words, lines: [] },
    table,
    heading('Text that was signed'),
    { kind: 'code', lines: card.signed.text.split('\n'), numbered: false },
    heading("Commands that check it, beside the log file and the card's file card.json"),
    { kind: 'code', lines: card.commands.filter((one) => !one.startsWith('#')), numbered: false },
    small(
      strong('Trust: '),
      plain(
        'the proof is as good as the origin of the public key. Compare its fingerprint with one obtained from AWS by another way.',
      ),
    ),
  ]
}
