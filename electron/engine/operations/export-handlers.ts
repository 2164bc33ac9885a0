import type { EventQuery } from '#shared/domain/query/query.ts'
import { savedTarget } from '#shared/domain/saved-view.ts'
import { describeQuery } from '#shared/domain/query/describe.ts'
import { counted } from '#shared/base/count.ts'
import { utcMs } from '#shared/base/time.ts'
import type { CaseHeader } from '#shared/contract/cases.ts'
import type {
  ConfirmedIndicator,
  ExportEvent,
  ExportFormatId,
  NamedIndicator,
  SelectionStatement,
  TlpLevel,
} from '#shared/domain/export.ts'
import { appendCustody } from '../annotations/custody.ts'
import type { EngineAccess, EngineHandlers } from '../engine-access.ts'
import type { HandedSearch } from '../exchange/sql/searches-sql.ts'
import { writeExport, type ExportFailure } from '../exchange/formats/write-export.ts'
import { rebuiltLine, recordLine } from './record-line.ts'
import type { OpenCase } from '../open-case.ts'
import { readExportRows } from '../queries/export-rows.ts'
import { ask, BadQuery, understand } from '../queries/question.ts'
import { seenIndicators } from '../queries/seen-indicators.ts'
import type { Answer, QueryWorld } from '../queries/evaluate.ts'
import { Refusal, stopIfCancelled, type RefusalCode } from '../refusal.ts'

/** Events read at once: some megabytes. */
const CHUNK = 500

/** Listing and exporting many events at once. */
export function exportHandlers(engine: EngineAccess): Pick<EngineHandlers, 'events.records' | 'events.export'> {
  const remembered = new RememberedAnswer()
  return {
    'events.records': async ({ caseId, query, offset, limit }, { signal }) => {
      const open = engine.case(caseId)
      const world = await open.world()
      const { events } = await remembered.ask(open, world, query, signal)
      const positions = events.page(offset, limit, query.sort === '-eventTime')
      const lines: string[] = []
      for (let first = 0; first < positions.length; first += CHUNK) {
        stopIfCancelled(signal)
        lines.push(...(await readLines(open, world, positions.slice(first, first + CHUNK))))
      }
      return { total: events.count(), all: world.index.total, moreComing: open.importing, lines }
    },
    'events.export': async (
      { caseId, query, offset, limit, format, grant, indicators: named },
      { signal, progress },
    ) => {
      const open = engine.case(caseId)
      const path = engine.host.spend(grant)
      const world = await open.world()
      const { events } = await ask(world, query, signal)
      const wanted = events.page(offset, limit ?? events.length, query.sort === '-eventTime')
      const positions = wanted.filter((position) => position >= world.index.firstDated)
      const indicators = await indicatorsOf(open, world, positions, format, named, signal)
      const statement = statementOf(open, await open.header(), query, positions.length, world.index.total)
      const outcome = await writeExport({
        format,
        path,
        events: exportEvents(open, world, positions, (done) => progress({ done, total: positions.length })),
        statement,
        indicators,
        searches: format === 'parquet' ? await handedSearches(open, world, positions, signal) : [],
        undatedLeftOut: wanted.length - positions.length,
        signal,
      })
      if (!outcome.ok) throw new Refusal(refusalOf[outcome.code], outcome.message)
      const { rows, files, sidecar } = outcome.value
      const noted =
        indicators.length === 0 ? {} : { indicators: indicators.map(({ kind, value }) => ({ kind, value })) }
      await open.file.transaction((tx) =>
        appendCustody(tx, open.act('events.export', { format, query, rows, files, ...noted })),
      )
      return {
        rows,
        files: files.map((file) => ({ ...file })),
        sidecar,
        undatedLeftOut: wanted.length - positions.length,
        indicators: indicators.map(({ kind, value, events: seen, firstSeen, lastSeen }) => ({
          kind,
          value,
          events: seen,
          firstMs: firstSeen,
          lastMs: lastSeen,
        })),
      }
    },
  }
}

const refusalOf: Readonly<Record<ExportFailure, RefusalCode>> = {
  EXISTS: 'already-exists',
  CANCELLED: 'cancelled',
  COUNT_DIFFERS: 'locked',
  NO_SPACE: 'disk-full',
  NOT_WRITABLE: 'unreadable',
}

/** What the examiner confirms as indicators. No value becomes one by itself, and a file of nothing is not written. */
async function indicatorsOf(
  open: OpenCase,
  world: QueryWorld,
  positions: readonly number[],
  format: ExportFormatId,
  named: readonly NamedIndicator[],
  signal: AbortSignal,
): Promise<ConfirmedIndicator[]> {
  if (format !== 'stix' && format !== 'misp') {
    if (named.length === 0) return []
    throw new Refusal('bad-input', 'Indicators go with the formats stix and misp. Choose one of them, or name none.')
  }
  open.requireExaminer()
  const { bookmarks } = open.annotated.byPosition(world.index)
  const hasSomething = named.length > 0 || (format === 'stix' && positions.some((position) => bookmarks.has(position)))
  if (!hasSomething)
    throw new Refusal(
      'bad-input',
      `No value was named as an indicator${format === 'stix' ? ', and no event of the selection is bookmarked' : ''}. Which values are indicators is for an examiner to say: tick them in the dialog, or name them with --indicator address:203.0.113.7 (or key:, principal:, agent:).`,
    )
  return seenIndicators(open, world, positions, named, signal)
}

/** The saved searches, each with the number of the exported events that it finds. */
async function handedSearches(
  open: OpenCase,
  world: QueryWorld,
  positions: readonly number[],
  signal: AbortSignal,
): Promise<HandedSearch[]> {
  const handed: HandedSearch[] = []
  for (const search of open.annotated.state.searches) {
    const { name, query } = search
    if (savedTarget(search).kind === 'sql') {
      const reason = 'it is a statement of the SQL console, whose tables are not in these files.'
      handed.push({ kind: 'refused', name, reason })
      continue
    }
    try {
      const { events } = await ask(world, query, signal)
      const found = positions.reduce((sum, position) => (events.has(position) ? sum + 1 : sum), 0)
      handed.push({ kind: 'events', name, query, found })
    } catch (problem) {
      if (!(problem instanceof BadQuery) && !(problem instanceof Refusal)) throw problem
      stopIfCancelled(signal)
      handed.push({ kind: 'refused', name, reason: problem.message })
    }
  }
  return handed
}

/** One line per event. Columns are read only for the events whose source is no JSON text. */
async function readLines(open: OpenCase, world: QueryWorld, positions: readonly number[]): Promise<string[]> {
  const rows = await readExportRows(open, world, positions, 1, 'none')
  const lines = rows.map(recordLine)
  const others = rows.filter((_, n) => lines[n] === undefined).map((row) => world.index.positionOf(row.id))
  const rebuilt = others.length === 0 ? [] : (await readExportRows(open, world, others, 1)).map(rebuiltLine)
  return lines.map((line) => line ?? rebuilt.shift() ?? '')
}

async function* exportEvents(
  open: OpenCase,
  world: QueryWorld,
  positions: readonly number[],
  told: (done: number) => void,
): AsyncGenerator<ExportEvent> {
  for (let first = 0; first < positions.length; first += CHUNK) {
    for (const row of await readExportRows(open, world, positions.slice(first, first + CHUNK), first + 1)) {
      if (row.timeMs !== null) yield { ...row, timeMs: row.timeMs }
    }
    told(Math.min(positions.length, first + CHUNK))
  }
}

/** What is selected, in words, as it goes with every export. */
function statementOf(
  open: OpenCase,
  header: CaseHeader,
  query: EventQuery,
  shown: number,
  total: number,
): SelectionStatement {
  const echo = describeQuery(understand(query.text))
  const facets = query.facets.map(
    (f) =>
      `${f.field} ${f.exclude ? 'is none of' : 'is one of'} ${counted(f.values.length, 'value')}: ${f.values.join(', ')}`,
  )
  return {
    shown,
    total,
    queryText: query.text,
    echo: [echo, ...facets].join('; '),
    from: query.from,
    to: query.to,
    sort: query.sort,
    zone: header.zone === '' ? 'UTC' : header.zone,
    case: { title: header.title, number: header.number },
    tlp: header.tlp.replace('TLP:', '') as TlpLevel,
    toolVersion: `Trailcase ${open.setting.version} (${open.setting.commit})`,
    madeAt: utcMs(open.setting.now()),
    examiner: open.examiner?.name ?? 'not stated',
    ...(open.examiner && open.examiner.organisation !== '' && { organisation: open.examiner.organisation }),
  }
}

/** The last answer, so that the chunks of one list ask their question once. */
class RememberedAnswer {
  #last:
    | {
        readonly open: OpenCase
        readonly index: QueryWorld['index']
        readonly question: string
        readonly answer: Answer
      }
    | undefined

  async ask(open: OpenCase, world: QueryWorld, query: EventQuery, signal: AbortSignal): Promise<Answer> {
    const question = JSON.stringify(query)
    const last = this.#last
    if (last?.open === open && last.index === world.index && last.question === question) return last.answer
    const answer = await ask(world, query, signal)
    this.#last = { open, index: world.index, question, answer }
    return answer
  }
}
