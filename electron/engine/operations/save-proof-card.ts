import { createHash, randomBytes } from 'node:crypto'
import { open as openFile, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { utcMs } from '#shared/base/time.ts'
import type { Tlp } from '#shared/domain/report.ts'
import type { MadeCard } from '../integrity/make-proof-card.ts'
import type { OpenCase } from '../open-case.ts'
import { Refusal } from '../refusal.ts'
import { writeProofCardPdf } from '../reports/proof-card-pdf.ts'
import { loadReportFonts } from '../reports/report-fonts.ts'

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
  made: MadeCard & { readonly kind: 'card' },
  format: 'json' | 'pdf',
  path: string,
  signal: AbortSignal,
): Promise<SavedCard> {
  const { bytes, pages } =
    format === 'pdf'
      ? await printed(open, made, signal)
      : { bytes: Buffer.from(`${JSON.stringify(made.card, undefined, 1)}\n`), pages: null }
  await writeNew(path, bytes)
  return {
    name: basename(path),
    bytes: bytes.length,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    pages,
  }
}

async function printed(
  open: OpenCase,
  { card, exhibit }: MadeCard & { readonly kind: 'card' },
  signal: AbortSignal,
): Promise<{ bytes: Buffer; pages: number }> {
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
  const { pages } = await writeProofCardPdf(card, exhibit, sheet, out, { paper: 'A4', fonts: fonts.value, signal })
  return { bytes: await whole, pages }
}

/** The name is taken first, then the complete file is moved onto it: no file is replaced, and none is left half-written. */
async function writeNew(path: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.part`
  await takeName(path)
  try {
    const file = await openFile(temporary, 'wx')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    await rm(path, { force: true })
    throw error
  }
}

async function takeName(path: string): Promise<void> {
  const file = await openFile(path, 'wx').catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new Refusal('already-exists', `${basename(path)} exists already. Choose another name, or move it away.`)
    throw error
  })
  await file.close()
}
