import { createHash, hash } from 'node:crypto'
import type { CaseHeader } from '#shared/contract/cases.ts'
import type {
  Examiner,
  NarrativePart,
  RawRecord,
  ReportCustody,
  ReportModel,
  Tlp,
  VisualTimeline,
} from '#shared/domain/report.ts'
import { ensure } from '#shared/base/assert.ts'
import { counted } from '#shared/base/count.ts'
import { utcMs } from '#shared/base/time.ts'
import type { Examiner as CaseExaminer, OpenCase } from '../../open-case.ts'
import type { QueryWorld } from '../../queries/evaluate.ts'
import { ask } from '../../queries/question.ts'
import { readRecords } from '../../queries/read-records.ts'
import { stopIfCancelled } from '../../refusal.ts'
import { sqliteVersion } from '../../storage/sqlite.ts'
import { lastChange, listCustody, type CustodyHead } from '../list-custody.ts'
import { listEvidence } from './list-evidence.ts'
import type { ReportChecks, ReportWish } from './report-wish.ts'
import { queryWords, selectRows, type SelectedRow } from './select-rows.ts'

/** Characters of each raw record that are printed; more is said to be cut. */
const RECORD_LIMIT = 20_000
/** A pause of an hour gets a row of its own. */
const GAP_MS = 3_600_000
const SLICES = 120
const CUSTODY_ROWS = 2000

/** Everything a report says, as plain data. The same case, wish and checks give the same model. */
export async function gatherReport(
  open: OpenCase,
  wish: ReportWish,
  checks: ReportChecks,
  signal: AbortSignal,
): Promise<ReportModel> {
  const world = await open.world()
  const header = await open.header()
  const { state } = open.annotated
  const { rows, selection } = await selectRows(open, world, wish, signal)
  stopIfCancelled(signal)
  const { evidence, numberOf } = await listEvidence(open, new Set(rows.map((r) => r.entry)), checks)
  const timeline = rows.map(({ entry, row }) => ({ ...row, file: numberOf.get(entry) ?? 0 }))
  const times = timeline.map((row) => row.time).sort((a, b) => a - b)
  const period = times.length === 0 ? null : { from: times[0]!, to: times.at(-1)! }
  const head = await lastChange(open.file.reader)
  const custody = await listReportCustody(open, head)
  const { report: texts } = state
  const missing = missingForFinal(header)
  return {
    format: 1,
    case: { ...header, tlp: header.tlp.replace('TLP:', '') as Tlp },
    report: {
      uuid: await reportUuid(open, wish),
      title: texts.title !== '' ? texts.title : header.title !== '' ? header.title : 'Timeline',
      status: wish.draft || missing.length > 0 ? 'DRAFT' : 'FINAL',
      revision: texts.revisions.reduce((most, r) => Math.max(most, r.number), 1),
      printedAt: utcMs(wish.printedMs),
      examiners: await listExaminers(open, head),
      tool: { name: 'Trailcase', version: open.setting.version, commit: open.setting.commit },
      period,
    },
    revisions: texts.revisions.map(({ number, atMs, by, change }) => ({ number, at: utcMs(atMs), by, change })),
    distribution: texts.distribution,
    questions: header.questions
      .split(/\r?\n/)
      .flatMap((line) => (line.trim() === '' ? [] : [{ question: line.trim(), answer: '' }])),
    summary: texts.summary,
    findings: state.findings.map((f, n) => ({
      number: n + 1,
      title: f.title,
      assertion: f.kind,
      confidence: f.confidence,
      statement: f.statement,
      alternatives: f.alternatives,
      exhibits: f.exhibits,
      by: f.by,
      at: utcMs(f.atMs),
    })),
    narrative: await narrativeOf(open, world, signal),
    timeline: { rows: timeline, gapMs: GAP_MS },
    selection,
    chart: period && chartOf(world, period, timeline, checks),
    evidence,
    method: methodOf(open, evidence.files[0]?.path),
    limitations: [...(await limitationsOf(world, missing, wish)), ...texts.limitations],
    integrity: checks.integrity,
    custody,
    records: await recordsOf(open, rows, numberOf, signal),
    redactions: [],
    certificate: wish.certificate,
  }
}

/** What a final report needs and the case does not say yet (ACPO principle 4: somebody is responsible). */
export function missingForFinal(header: CaseHeader): string[] {
  return [
    ...(header.owner.trim() === '' ? ['the case owner'] : []),
    ...(header.authority.trim() === '' ? ['the authority for the examination'] : []),
  ]
}

/** An id that follows from the case, the time and the wish, so that printing again gives the same bytes. */
async function reportUuid(open: OpenCase, wish: ReportWish): Promise<string> {
  const row = await open.file.reader.get<{ value: string }>(`select value from fact where name = 'uuid'`)
  const hash = createHash('sha256')
    .update(`${row?.value ?? ''} ${JSON.stringify(wish)}`)
    .digest()
  // RFC 9562, version 8: a UUID made from our own data.
  hash[6] = (hash[6]! & 0x0f) | 0x80
  hash[8] = (hash[8]! & 0x3f) | 0x80
  const hex = hash.toString('hex')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-')
}

/** Everybody who changed the case and who prints it, with organisation and number as they gave them when they began. */
async function listExaminers(open: OpenCase, head: CustodyHead): Promise<Examiner[]> {
  const rows = await open.file.reader.all<{ name: string; examiner: string | null }>(
    `select c.examiner as name,
            (select coalesce(json_extract(body, '$.examiner'), json_extract(body, '$.after')) from custody k
             where k.examiner = c.examiner and k.seq <= ?1 and action in ('case.create', 'session.open', 'case.examiner') order by seq desc limit 1) as examiner
     from custody c where c.seq <= ?1 group by c.examiner order by min(c.seq)`,
    [head.entries],
  )
  const known = rows.map(({ name, examiner }) => {
    return toExaminer(name, JSON.parse(examiner ?? '{}') as Partial<Record<keyof CaseExaminer, unknown>>)
  })
  const { examiner } = open
  const printing =
    examiner && !known.some((one) => one.name === examiner.name) ? [toExaminer(examiner.name, examiner)] : []
  return [...known, ...printing]
}

const toExaminer = (
  name: string,
  { organisation, identifier, keyFingerprint }: Partial<Record<keyof CaseExaminer, unknown>>,
): Examiner => ({
  name,
  organisation: typeof organisation === 'string' ? organisation : '',
  badge: typeof identifier === 'string' && identifier !== '' ? identifier : null,
  keyFingerprint: typeof keyFingerprint === 'string' && keyFingerprint !== '' ? keyFingerprint : null,
})

/** The log up to the last act that changed the case. */
async function listReportCustody(open: OpenCase, head: CustodyHead): Promise<ReportCustody> {
  const first = Math.max(0, head.entries - CUSTODY_ROWS)
  const { entries } = await listCustody(open.file.reader, {
    text: '',
    order: 'oldest',
    offset: first,
    limit: head.entries - first,
  })
  return {
    entries: entries.map((e) => ({
      seq: e.seq,
      at: utcMs(e.timeMs),
      actor: e.examiner,
      action: e.action,
      detail: e.detail,
      hash: e.hash,
    })),
    total: head.entries,
    transfers: [],
  }
}

async function narrativeOf(open: OpenCase, world: QueryWorld, signal: AbortSignal): Promise<NarrativePart[]> {
  const { story, findings, searches } = open.annotated.state
  const parts: NarrativePart[] = []
  for (const block of story) {
    switch (block.kind) {
      case 'prose':
        parts.push({ kind: 'prose', text: block.text })
        break
      case 'finding': {
        const at = findings.findIndex((f) => f.id === block.finding)
        parts.push(
          at < 0
            ? { kind: 'prose', text: '(A finding that stood here was removed.)' }
            : { kind: 'finding', number: at + 1 },
        )
        break
      }
      case 'exhibit':
        parts.push({ kind: 'exhibit', exhibit: block.exhibit, text: block.text })
        break
      case 'view': {
        const search = searches.find((s) => s.id === block.search)
        if (!search) {
          parts.push({ kind: 'prose', text: '(A saved view that stood here was removed.)' })
          break
        }
        const { events } = await ask(world, search.query, signal)
        parts.push({
          kind: 'view',
          title: search.name,
          query: queryWords(search.query),
          shown: events.count(),
          total: world.index.total,
        })
        if (block.text !== '') parts.push({ kind: 'prose', text: block.text })
      }
    }
  }
  return parts
}

function chartOf(
  world: QueryWorld,
  period: { from: number; to: number },
  rows: ReportModel['timeline']['rows'],
  checks: ReportChecks,
): VisualTimeline {
  const { index } = world
  // A little before and after, and never less than an hour, so that pins do not stand on the edge.
  const margin = Math.max(1_800_000, Math.round((period.to - period.from) * 0.05))
  const [from, to] = [period.from - margin, period.to + margin]
  const edges = Array.from({ length: SLICES + 1 }, (_, n) => index.positionAt(from + ((to - from) * n) / SLICES))
  return {
    from: utcMs(from),
    to: utcMs(to),
    density: Array.from({ length: SLICES }, (_, n) => index.visible.count(edges[n], edges[n + 1])),
    coverage: checks.coverage(from, to),
    pins: rows.flatMap((row) =>
      row.exhibit === null ? [] : [{ time: row.time, exhibit: row.exhibit, label: row.event }],
    ),
  }
}

function methodOf(open: OpenCase, examplePath: string | undefined): ReportModel['method'] {
  const file = examplePath?.split('/').at(-1) ?? 'FILE.json.gz'
  const quoted = `'${file.replaceAll("'", `'\\''`)}'`
  return {
    steps: [
      'Evidence was read only. Every file was hashed with SHA-256 before it was parsed, and its bytes or its path and hash are kept in the case.',
      'Every file and every record has an outcome: stored, duplicate, quarantined with a reason, or ignored by a rule; the sums are in the evidence list.',
      "Log files were compared with CloudTrail's signed digests offline, by the rules of the CloudTrail user guide on log file integrity validation.",
      'For this report every original was hashed again, the digests were judged again and the custody log was recomputed.',
      'Columns of the timeline are taken from the records; the exact records of all exhibits are in appendix A.',
    ],
    tools: [
      { name: 'Trailcase', version: open.setting.version, detail: `commit ${open.setting.commit}` },
      { name: 'SQLite', version: sqliteVersion, detail: 'storage of the case' },
      {
        name: 'Node.js',
        version: process.versions.node,
        detail: 'runtime; its crypto module computes hashes and checks signatures',
      },
    ],
    secondTool: [
      { purpose: 'SHA-256 of a source file, to compare with the evidence list:', command: `sha256sum ${quoted}` },
      ...(file.endsWith('.gz')
        ? [{ purpose: 'Number of records in a log file:', command: `zcat ${quoted} | jq '.Records | length'` }]
        : []),
      {
        purpose: 'Check of the digests while the original bucket is still reachable:',
        command: 'aws cloudtrail validate-logs --trail-arn TRAIL-ARN --start-time FROM --end-time TO',
      },
    ],
  }
}

async function limitationsOf(world: QueryWorld, missing: readonly string[], wish: ReportWish): Promise<string[]> {
  const { index } = world
  const categories = await index.terms('eventCategory')
  const undated = index.firstDated
  return [
    ...(categories.includes('Data')
      ? []
      : [
          'The evidence holds no data events: reads and writes of S3 objects, Lambda calls and the like would not be visible.',
        ]),
    ...(undated === 0
      ? []
      : [
          `${counted(undated, 'event')} of the case ${undated === 1 ? 'has' : 'have'} no readable time and cannot stand in a timeline.`,
        ]),
    ...(missing.length > 0 && !wish.draft
      ? [`Printed as a draft because the case does not name ${missing.join(' and ')}.`]
      : []),
  ]
}

async function recordsOf(
  open: OpenCase,
  rows: readonly SelectedRow[],
  numberOf: ReadonlyMap<number, number>,
  signal: AbortSignal,
): Promise<RawRecord[]> {
  const exhibits = rows.filter(({ row }) => row.exhibit !== null)
  const records = await readRecords(
    open.file.reader,
    exhibits.map(({ event }) => event),
    signal,
  )
  return exhibits.map(({ event, entry, row }) => {
    const { raw, eventId } = ensure(records.get(event), 'every event stands in a file of the case')
    return {
      exhibit: row.exhibit ?? '',
      eventId,
      file: numberOf.get(entry) ?? 0,
      record: row.record,
      text: raw.toString('utf8'),
      bytes: raw.length,
      sha256: hash('sha256', raw, 'hex'),
      limit: RECORD_LIMIT,
    }
  })
}
