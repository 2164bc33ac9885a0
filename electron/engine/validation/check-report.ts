import { createHash } from 'node:crypto'
import { dirname, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { ensure } from '#shared/base/assert.ts'
import { parseUtc } from '#shared/base/time.ts'
import { bookmarksAccounted, type ReportModel } from '#shared/domain/report.ts'
import { everything } from '#shared/domain/query/query.ts'
import { addBookmark } from '../annotations/annotate.ts'
import { gatherReport } from '../annotations/report/gather-report.ts'
import type { OpenCase } from '../open-case.ts'
import { checkForReport } from '../operations/report-checks.ts'
import { readEvent } from '../queries/event-details.ts'
import { ask } from '../queries/question.ts'
import { composeReport } from '../reports/compose.ts'
import { reportHtml } from '../reports/html.ts'
import { writeReportPdf } from '../reports/pdf.ts'
import { redact } from '../reports/redact.ts'
import { loadReportFonts } from '../reports/report-fonts.ts'
import type { Bench } from './bench.ts'
import type { KnownAnswerCheck } from './check.ts'

const printedAt = ensure(parseUtc('2026-02-11T09:00:00Z'), 'a fixed time')
/** Its events are printed; bookmarks are put on two of them and on one event outside. */
const PRINTED = 'eventName:ConsoleLogin'
const OUTSIDE = 'eventName:StopLogging'
/** An address, a person and an account, as they stand in the printed events. */
const secrets = ['2001:db8:bad:7::5', 'tomas.berg', '111122223333']

/** The printed report: complete, the same again, and without what was redacted. */
export const reportChecks: readonly KnownAnswerCheck[] = [
  {
    id: 'V-22',
    requirement: 'Report: rows printed, selected; bookmarks, of them excluded',
    expected: '27, 27; 3, 1',
    find: async (bench) => {
      const model = await reportOf(bench)
      const { selection, timeline } = model
      const timelineSection = composeReport(model).sections.find((section) => section.title.startsWith('Timeline'))
      const table = [...(timelineSection?.blocks ?? [])].find((block) => block.kind === 'table')
      const rows = [...(table?.rows ?? [])].filter((row) => row.kind === 'cells').length
      const counted = bookmarksAccounted(model) ? '' : ', not all accounted for'
      return `${rows}, ${timeline.rows.length}; ${selection.bookmarksInCase}, ${selection.excluded.length}${counted}`
    },
  },
  {
    id: 'V-23',
    requirement: 'The same report printed twice as PDF',
    expected: 'same bytes',
    find: async (bench) => {
      const model = await reportOf(bench)
      const [one, two] = [await pdfHash(bench, model), await pdfHash(bench, model)]
      return one === two ? 'same bytes' : 'other bytes'
    },
  },
  {
    id: 'V-24',
    requirement: 'Redacted values that a report holds: before, after',
    expected: '3, 0',
    find: async (bench) => {
      const model = await reportOf(bench)
      const rules = secrets.map((value) => ({ value, reason: 'validation', by: 'Validation', at: printedAt }))
      const redacted = redact(model, rules)
      if (!redacted.ok) return redacted.message
      const left = (one: ReportModel): number => {
        const page = `${reportHtml(one)}${JSON.stringify(one)}`
        return secrets.filter((secret) => page.includes(secret)).length
      }
      return `${left(model)}, ${left(redacted.value)}`
    },
  },
]

const reports = new WeakMap<Bench, Promise<ReportModel>>()

function reportOf(bench: Bench): Promise<ReportModel> {
  const known = reports.get(bench) ?? makeReport(bench)
  reports.set(bench, known)
  return known
}

async function makeReport(bench: Bench): Promise<ReportModel> {
  const { open } = await bench.sample()
  await bookmark(open, PRINTED, 2, bench.signal)
  await bookmark(open, OUTSIDE, 1, bench.signal)
  const checks = await checkForReport(open, printedAt, () => undefined, bench.signal)
  const scope = { kind: 'query' as const, query: { ...everything, text: PRINTED } }
  const wish = { scope, draft: true, sort: 'eventTime' as const, printedMs: printedAt, certificate: true }
  return gatherReport(open, wish, checks, bench.signal)
}

/** Bookmarks the first of the events that a question finds. */
async function bookmark(open: OpenCase, text: string, most: number, signal: AbortSignal): Promise<void> {
  const world = await open.world()
  const { events } = await ask(world, { ...everything, text }, signal)
  for (const position of events.page(0, most, false)) {
    const id = world.index.eventAt(position)
    const { eventID, places } = await readEvent(open.file.reader, open.inflated, id)
    const place = ensure(places[0], 'an event stands in a file')
    const event = { id, sha256: place.fileSha256, ordinal: place.ordinal, eventID }
    await addBookmark(open, event, { title: 'Validation', note: '' })
  }
}

async function pdfHash(bench: Bench, model: ReportModel): Promise<string> {
  const fonts = loadReportFonts(join(dirname(bench.setting.workerPath), 'fonts'))
  if (!fonts.ok) return fonts.message
  const out = new PassThrough()
  const whole = buffer(out)
  await writeReportPdf(model, out, { paper: 'A4', fonts: fonts.value, signal: bench.signal })
  return createHash('sha256')
    .update(await whole)
    .digest('hex')
}
