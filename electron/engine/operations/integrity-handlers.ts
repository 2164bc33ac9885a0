import { formatUtc, utcMs, type UtcMs } from '#shared/base/time.ts'
import type { InputOf, OutputOf } from '#shared/contract/contract.ts'
import type { IntegrityFinding as AnsweredFinding } from '#shared/contract/integrity.ts'
import { gapReasonWords, type IntegrityFinding, type Severity } from '#shared/domain/integrity.ts'
import type { EngineAccess, EngineHandlers } from '../engine-access.ts'
import { runImport } from '../intake/run/run-import.ts'
import { acquisitionCommands } from '../integrity/acquisition-help.ts'
import { briefly, integrityOf, refuseWhileImporting } from '../integrity/case-integrity.ts'
import { coverage, type CoverageLane, type CoverageUnit, type LogFacts } from '../integrity/coverage.ts'
import { SILENCE } from '../integrity/explain.ts'
import { findingWords } from '../integrity/finding-words.ts'
import { parseDigestKey, parseLogKey } from '../integrity/key-path.ts'
import { makeProofCard } from '../integrity/make-proof-card.ts'
import { toCovered, type StoredJudgement } from '../integrity/stored-judgement.ts'
import type { OpenCase } from '../open-case.ts'
import { Refusal } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { saveProofCard } from './save-proof-card.ts'

type Names =
  | 'integrity.summary'
  | 'integrity.judge'
  | 'integrity.addProofs'
  | 'integrity.overview'
  | 'integrity.findings'
  | 'integrity.affected'
  | 'integrity.coverage'
  | 'integrity.help'
  | 'proof.card'
  | 'proof.save'

/** What digests say about a case, and the proof of single files and events. */
export function integrityHandlers(engine: EngineAccess): Pick<EngineHandlers, Names> {
  return {
    'integrity.summary': async ({ caseId }, { signal }) => {
      const integrity = integrityOf(engine.case(caseId))
      const kept = await integrity.stored()
      const { sentence, summary } = kept ?? (await integrity.storedOrJudged(signal))
      return { judgedMs: kept?.judgedMs ?? null, sentence, summary: briefly(summary) }
    },
    'integrity.judge': async ({ caseId }, { signal, progress }) => {
      const open = engine.case(caseId)
      refuseWhileImporting(open)
      const { judgedMs, sentence, summary } = await integrityOf(open).judge(
        signal,
        (done, total) => progress({ phase: done === total ? 'judging' : 'reading', done, total }),
        () => progress({ phase: 'storing', done: 0, total: 0 }),
      )
      return { judgedMs, sentence, summary: briefly(summary) }
    },
    'integrity.addProofs': async ({ caseId, grants }, { signal, progress }) => {
      const open = engine.case(caseId)
      const paths = grants.map((grant) => engine.host.spend(grant))
      const added = await runImport(open, { paths, mode: 'copy', leaveOut: onlyProofs }, progress, signal)
      const { sentence } = await integrityOf(open).storedOrJudged(signal)
      return { added, sentence, summary: added.integrity }
    },
    'integrity.overview': async ({ caseId }) => {
      const integrity = integrityOf(engine.case(caseId))
      const stored = await integrity.stored()
      return stored ? overview(stored, (await integrity.lastEntry()) > stored.lastEntry) : nothingJudged
    },
    'integrity.findings': async ({ caseId, severities, codes, text, offset, limit }) => {
      const open = engine.case(caseId)
      const stored = await integrityOf(open).stored()
      const all = stored?.summary.findings ?? []
      const wanted = [...all.entries()].filter(([, finding]) =>
        isWanted(finding, severities, codes, text.toLowerCase()),
      )
      const page = wanted.slice(offset, offset + limit)
      const entries = page.map(([n]) => stored?.places[n]?.entry ?? null)
      const files = await readFiles(open.file.reader, entries)
      return {
        total: wanted.length,
        all: all.length,
        findings: page.map(([n, finding], i) => toAnswer(n, finding, files(entries[i] ?? null))),
      }
    },
    'integrity.affected': async ({ caseId, n, offset, limit }) => {
      const open = engine.case(caseId)
      const stored = await integrityOf(open).stored()
      const finding = stored?.summary.findings[n]
      if (!finding)
        throw new Refusal(
          'not-found',
          'There is no such finding: the case was judged anew. Ask for the findings again.',
        )
      const paths = (finding.affects ?? []).slice(offset, offset + limit)
      const entries = paths.map((_, i) => stored.places[n]?.affects?.[offset + i] ?? null)
      const files = await readFiles(open.file.reader, entries)
      return {
        total: finding.affects?.length ?? 0,
        paths: paths.map((path, i) => ({ path, ...files(entries[i] ?? null) })),
      }
    },
    'integrity.coverage': ({ caseId, ...wish }) => coverageOf(engine.case(caseId), wish),
    'integrity.help': async ({ caseId, ...wish }) => helpFor(engine.case(caseId), wish),
    'proof.card': async ({ caseId, of }, { signal, progress }) => {
      const made = await makeProofCard(engine.case(caseId), of, signal, (done, total) =>
        progress({ phase: 'reading', done, total }),
      )
      return made
    },
    'proof.save': async ({ caseId, of, format, grant }, { signal, progress }) => {
      const open = engine.case(caseId)
      open.requireExaminer()
      const path = engine.host.spend(grant)
      const made = await makeProofCard(open, of, signal, (done, total) => progress({ phase: 'reading', done, total }))
      if (made.kind === 'unproven') throw new Refusal('bad-input', made.why)
      const saved = await saveProofCard(open, made, format, path, signal)
      await open.change('proof.save', [], { of, format, ...saved })
      return saved
    },
  }
}

/** Log files and digests beside keys or signatures are evidence: they come in by an import, not by the way. */
const onlyProofs = (path: string): string | undefined =>
  (parseLogKey(path) ?? (parseDigestKey(path) && !path.endsWith('.head.json')))
    ? 'only keys and signatures were asked for'
    : undefined

const severityOrder: readonly Severity[] = ['high', 'medium', 'low', 'info']

function overview(stored: StoredJudgement, stale: boolean): OutputOf<'integrity.overview'> {
  const { summary } = stored
  const severities = { high: 0, medium: 0, low: 0, info: 0 }
  const codes = new Map<string, { code: string; severity: Severity; count: number }>()
  for (const { code, severity } of summary.findings) {
    severities[severity]++
    const key = `${severity} ${code}`
    codes.set(key, { code, severity, count: (codes.get(key)?.count ?? 0) + 1 })
  }
  return {
    judgedMs: stored.judgedMs,
    stale,
    sentence: stored.sentence,
    clean: summary.clean,
    digests: summary.digests,
    logs: summary.logs,
    severities,
    codes: [...codes.values()]
      .sort((a, b) => severityOrder.indexOf(a.severity) - severityOrder.indexOf(b.severity))
      .map((one) => ({ ...one, ...findingWords(one.code) })),
    chains: [...stored.chains],
    keys: [...stored.keys],
    signatures: stored.signatures,
    trust: [...stored.trust],
    silence: SILENCE,
    lake: [...stored.lake],
  }
}

const nothingJudged: OutputOf<'integrity.overview'> = {
  judgedMs: null,
  stale: false,
  sentence: 'The digests of this case have not been checked yet.',
  clean: false,
  digests: { total: 0, authentic: 0, authenticByLink: 0, consistent: 0, invalid: 0, unverified: 0 },
  logs: {
    total: 0,
    proven: 0,
    listedUnproven: 0,
    modified: 0,
    trailingData: 0,
    unreadable: 0,
    missing: 0,
    unreferenced: 0,
  },
  severities: { high: 0, medium: 0, low: 0, info: 0 },
  codes: [],
  chains: [],
  keys: [],
  signatures: 0,
  trust: [],
  silence: SILENCE,
  lake: [],
}

function isWanted(
  finding: IntegrityFinding,
  severities: readonly Severity[],
  codes: readonly string[],
  text: string,
): boolean {
  if (severities.length > 0 && !severities.includes(finding.severity)) return false
  if (codes.length > 0 && !codes.includes(finding.code)) return false
  if (text === '') return true
  return [finding.path, finding.detail, ...(finding.affects ?? [])].some((one) => one.toLowerCase().includes(text))
}

type FileFacts = Pick<AnsweredFinding, 'entry' | 'events' | 'filter'>
/** How many paths a finding shows of those it affects. */
const SHOWN_AFFECTED = 20

const toAnswer = (n: number, finding: IntegrityFinding, file: FileFacts): AnsweredFinding => ({
  n,
  code: finding.code,
  severity: finding.severity,
  ...findingWords(finding.code),
  path: finding.path,
  detail: finding.detail,
  expected: finding.expected ?? null,
  found: finding.found ?? null,
  ...file,
  affected: finding.affects?.length ?? 0,
  affects: (finding.affects ?? []).slice(0, SHOWN_AFFECTED),
})

/** What the ledger knows of some entries: how many events each brought, and how to ask for them. */
async function readFiles(
  reader: Connection,
  entries: readonly (number | null)[],
): Promise<(entry: number | null) => FileFacts> {
  const known = new Map<number, { path: string; events: number }>()
  const ids = entries.flatMap((entry) => entry ?? [])
  for (let first = 0; first < ids.length; first += 5000) {
    const rows = await reader.all<{ id: number; path: string; events: number | null }>(
      `select id, path, event_count as events from entry where id in (${ids.slice(first, first + 5000).join(',')})`,
    )
    for (const { id, path, events } of rows) known.set(id, { path, events: events ?? 0 })
  }
  return (entry) => {
    const file = entry === null ? undefined : known.get(entry)
    const events = file?.events ?? 0
    return {
      entry,
      events,
      filter: file && events > 0 ? { field: '_source', values: [file.path], exclude: false } : null,
    }
  }
}

const UNITS: readonly { readonly unit: CoverageUnit; readonly ms: number }[] = [
  { unit: 'minute', ms: 60_000 },
  { unit: 'hour', ms: 3_600_000 },
  { unit: 'day', ms: 86_400_000 },
]
/** Columns that `auto` aims for, and cells that one answer may hold. */
const MOST_COLUMNS = 2000
const MOST_CELLS = 500_000

async function coverageOf(
  open: OpenCase,
  wish: Omit<InputOf<'integrity.coverage'>, 'caseId'>,
): Promise<OutputOf<'integrity.coverage'>> {
  const integrity = integrityOf(open)
  const stored = await integrity.stored()
  const wanted = (at: { account: string; region: string }) =>
    (wish.accounts.length === 0 || wish.accounts.includes(at.account)) &&
    (wish.regions.length === 0 || wish.regions.includes(at.region))
  const chains = (stored?.chains ?? []).filter(wanted)
  const facts = stored ? (await integrity.logFacts()).filter(wanted) : []
  const known = spanOf(chains, facts)
  const from = utcMs(Math.max(wish.from ?? -Infinity, known?.from ?? 0))
  const to = utcMs(Math.min(wish.to ?? Infinity, known?.to ?? 0))
  const { unit, ms } = unitFor(wish.unit, from, to)
  const lanes = new Set([...chains, ...facts].map((one) => `${one.account}\0${one.region}`)).size
  if (known && lanes * ((to - from) / ms) > MOST_CELLS)
    throw new Refusal(
      'bad-input',
      `That would be more than ${MOST_CELLS} cells. Ask for a shorter time, fewer accounts and regions, or a coarser unit.`,
    )
  const map = coverage({ chains: chains.map(toCovered) }, facts, unit, { from, to })
  return {
    unit,
    fromMs: known?.from ?? null,
    toMs: known?.to ?? null,
    silence: SILENCE,
    lanes: known ? map.lanes.map(toLane) : [],
  }
}

function unitFor(wish: CoverageUnit | 'auto', from: UtcMs, to: UtcMs): (typeof UNITS)[number] {
  const day = UNITS.at(-1)!
  if (wish !== 'auto') return UNITS.find((one) => one.unit === wish) ?? day
  return UNITS.find((one) => (to - from) / one.ms <= MOST_COLUMNS) ?? day
}

function spanOf(chains: StoredJudgement['chains'], facts: readonly LogFacts[]): { from: UtcMs; to: UtcMs } | undefined {
  let [from, to] = [Infinity, -Infinity]
  const note = (time: number | null): void => {
    if (time === null) return
    from = Math.min(from, time)
    to = Math.max(to, time)
  }
  for (const chain of chains) {
    note(chain.fromMs)
    note(chain.toMs)
  }
  for (const log of facts) note(log.delivered)
  return from > to ? undefined : { from: utcMs(from), to: utcMs(to + 1) }
}

const toLane = (lane: CoverageLane): OutputOf<'integrity.coverage'>['lanes'][number] => ({
  account: lane.account,
  region: lane.region,
  firstEventMs: lane.firstEvent,
  lastEventMs: lane.lastEvent,
  firstDeliveryMs: lane.firstDelivery,
  lastDeliveryMs: lane.lastDelivery,
  gaps: lane.gaps.map(({ from, to, reason, trail, key }) => ({
    fromMs: from,
    toMs: to,
    reason,
    ...gapReasonWords[reason],
    trail,
    key,
  })),
  cells: lane.cells.map((cell) => ({
    atMs: cell.at,
    state: cell.state,
    seconds: cell.seconds,
    files: cell.files,
    damaged: cell.damaged,
    missing: cell.missing,
    firstEventMs: cell.firstEvent,
    lastEventMs: cell.lastEvent,
    firstDeliveryMs: cell.firstDelivery,
    lastDeliveryMs: cell.lastDelivery,
  })),
})

async function helpFor(
  open: OpenCase,
  wish: Omit<InputOf<'integrity.help'>, 'caseId'>,
): Promise<OutputOf<'integrity.help'>> {
  const stored = await integrityOf(open).stored()
  const places = (stored?.buckets ?? []).map((one) => ({ ...one }))
  const { index } = await open.world()
  const dated = index.firstDated < index.length
  const first = dated ? index.timeAt(index.firstDated) : undefined
  const last = dated ? index.timeAt(index.length - 1) : undefined
  const place = {
    bucket: wish.bucket ?? places[0]?.bucket ?? 'BUCKET',
    prefix: wish.prefix ?? places[0]?.prefix ?? '',
    from: formatUtc(utcMs(wish.from ?? first ?? open.setting.now() - 90 * 86_400_000)),
    to: formatUtc(utcMs(wish.to ?? last ?? open.setting.now())),
  }
  return { place, places, commands: acquisitionCommands(place) }
}
