import { createHash, randomBytes } from 'node:crypto'
import { createWriteStream } from 'node:fs'
import { open as openFile, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Readable, Transform } from 'node:stream'
import { finished, pipeline } from 'node:stream/promises'
import type { InputOf, ProgressOf } from '#shared/contract/contract.ts'
import type { ReportTexts } from '#shared/domain/annotation.ts'
import { integrityFailed, type ReportModel } from '#shared/domain/report.ts'
import { utcMs } from '#shared/base/time.ts'
import { setFields } from '../annotations/annotate.ts'
import { gatherReport, missingForFinal } from '../annotations/report/gather-report.ts'
import type { ReportChecks, ReportWish } from '../annotations/report/report-wish.ts'
import type { EngineAccess, EngineHandlers } from '../engine-access.ts'
import type { OpenCase } from '../open-case.ts'
import { Refusal } from '../refusal.ts'
import { composeReport } from '../reports/compose.ts'
import { htmlParts, reportHtml } from '../reports/html.ts'
import { writeReportPdf } from '../reports/pdf.ts'
import { redact } from '../reports/redact.ts'
import { loadReportFonts } from '../reports/report-fonts.ts'
import { reportHash } from '../reports/report-hash.ts'
import { checkForReport } from './report-checks.ts'

type Names = 'report.texts' | 'report.setTexts' | 'report.preview' | 'report.make'
type Wish = Omit<InputOf<'report.make'>, 'grant' | 'format' | 'paper'>
type Call = { readonly signal: AbortSignal; readonly progress: (p: ProgressOf<'report.make'>) => void }

export function reportHandlers(engine: EngineAccess): Pick<EngineHandlers, Names> {
  /** The checks of the last print or preview per open case, for previews while somebody writes. */
  const lastChecks = new WeakMap<OpenCase, { checks: ReportChecks; atMs: number }>()

  const gather = async (
    open: OpenCase,
    input: Wish,
    checks: ReportChecks,
    call: Call,
  ): Promise<{ model: ReportModel; missing: string[] }> => {
    call.progress({ step: 'gathering', done: 0, total: 1 })
    const wish = toWish(input, checks.integrity.checkedAt)
    const model = await gatherReport(open, wish, checks, call.signal)
    const by = open.examiner?.name ?? 'reader'
    const rules = input.redactions.map((rule) => ({ ...rule, by, at: utcMs(wish.printedMs) }))
    const redacted = redact(model, rules)
    if (!redacted.ok) throw new Refusal('bad-input', redacted.message)
    return { model: redacted.value, missing: input.draft ? [] : missingForFinal(await open.header()) }
  }

  const check = async (open: OpenCase, printedMs: number, call: Call): Promise<ReportChecks> => {
    const checks = await checkForReport(
      open,
      printedMs,
      (step, done, total) => call.progress({ step, done, total }),
      call.signal,
    )
    lastChecks.set(open, { checks, atMs: engine.setting.now() })
    return checks
  }

  return {
    'report.texts': async ({ caseId }) => {
      const open = engine.case(caseId)
      await open.world()
      return shownTexts(open.annotated.state.report)
    },
    'report.setTexts': async ({ caseId, ...texts }) => {
      const open = engine.case(caseId)
      open.requireExaminer()
      await open.world()
      return open.annotated.exclusive(async () => {
        await setFields(open, 'report.set', 'report', texts)
        return shownTexts(open.annotated.state.report)
      })
    },
    'report.preview': async ({ check: again, ...input }, call) => {
      const open = engine.case(input.caseId)
      const printedMs = input.printed ?? engine.setting.now()
      const known = again ? undefined : lastChecks.get(open)
      const checks = known?.checks ?? (await check(open, printedMs, call))
      const { model, missing } = await gather(open, input, checks, call)
      return { ...madeOf(model, missing), html: reportHtml(model), checkedMs: checks.integrity.checkedAt }
    },
    'report.make': async ({ grant, format, paper, ...input }, call) => {
      const open = engine.case(input.caseId)
      open.requireExaminer()
      const path = engine.host.spend(grant)
      await refuseExisting(path)
      const checks = await check(open, input.printed ?? engine.setting.now(), call)
      const { model, missing } = await gather(open, input, checks, call)
      const written = await writeWhole(path, (out) =>
        format === 'pdf' ? drawPdf(engine, model, paper, out, call) : drawHtml(model, out),
      )
      const made = madeOf(model, missing)
      await open.change('report.make', [], {
        file: basename(path),
        format,
        ...written,
        ...made,
        scope: input.scope,
        printedMs: checks.integrity.checkedAt,
        checks: {
          originals: {
            match: checks.integrity.sources.match,
            differ: checks.integrity.sources.differ.length,
            unreadable: checks.integrity.sources.unreadable.length,
          },
          digests: checks.integrity.digests.sentence,
          custodyLog: checks.integrity.custodyLog,
        },
        redactions: model.redactions.map(({ number, reason, occurrences }) => ({ number, reason, occurrences })),
      })
      return { ...made, file: basename(path), ...written }
    },
  }
}

const toWish = (input: Wish, printedMs: number): ReportWish => ({
  scope: input.scope,
  draft: input.draft,
  sort: input.sort,
  printedMs: input.printed ?? printedMs,
  certificate: input.certificate,
})

const shownTexts = (texts: ReportTexts) => ({
  ...texts,
  limitations: [...texts.limitations],
  distribution: [...texts.distribution],
  revisions: [...texts.revisions],
})

const madeOf = (model: ReportModel, missing: string[]) => ({
  status: model.report.status,
  missing,
  reportId: reportHash(model).slice(0, 8),
  events: model.timeline.rows.length,
  bookmarks: { inCase: model.selection.bookmarksInCase, excluded: model.selection.excluded.length },
  integrityFailed: integrityFailed(model.integrity),
})

async function refuseExisting(path: string): Promise<void> {
  const there = await stat(path).catch(() => undefined)
  if (there)
    throw new Refusal(
      'already-exists',
      `${basename(path)} exists already. Choose another name, or move it away: a report that was handed out is not written over.`,
    )
}

async function drawPdf(
  engine: EngineAccess,
  model: ReportModel,
  paper: 'A4' | 'Letter',
  out: Transform,
  { signal, progress }: Call,
): Promise<number> {
  const fonts = loadReportFonts(join(dirname(engine.setting.workerPath), 'fonts'))
  if (!fonts.ok) throw new Refusal('unreadable', fonts.message)
  const told = (done: number, total: number) => progress({ step: 'drawing', done, total })
  return writeReportPdf(model, out, { paper, fonts: fonts.value, signal, told }).then(
    ({ pages }) => pages,
    (error: unknown) => {
      if (signal.aborted) throw new Refusal('cancelled', 'Stopped as you asked. No report was written.')
      throw error
    },
  )
}

async function drawHtml(model: ReportModel, out: Transform): Promise<null> {
  await pipeline(Readable.from(htmlParts(composeReport(model))), out)
  return null
}

/** Writes beside the wanted name, then renames: a report is there whole or not at all. Gives its size and SHA-256. */
async function writeWhole<Pages>(
  path: string,
  draw: (out: Transform) => Promise<Pages>,
): Promise<{ bytes: number; sha256: string; pages: Pages }> {
  const temporary = `${path}.${randomBytes(4).toString('hex')}.part`
  const hash = createHash('sha256')
  let bytes = 0
  const through = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      bytes += chunk.length
      done(null, chunk)
    },
  })
  const file = createWriteStream(temporary, { flags: 'wx' })
  file.on('error', (error) => through.destroy(error))
  through.pipe(file)
  const written = finished(file)
  written.catch(() => undefined)
  try {
    const pages = await draw(through)
    await written
    await sync(temporary)
    await rename(temporary, path)
    return { bytes, sha256: hash.digest('hex'), pages }
  } catch (error) {
    file.destroy()
    await rm(temporary, { force: true })
    throw error
  }
}

async function sync(path: string): Promise<void> {
  const file = await openFile(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
