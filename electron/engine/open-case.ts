import { stat } from 'node:fs/promises'
import { randomBytes, randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import { ensure } from '#shared/base/assert.ts'
import { eventVerdicts } from '#shared/domain/integrity.ts'
import { formatUtc, utcMs } from '#shared/base/time.ts'
import type { CaseHeader, CaseInfo } from '#shared/contract/cases.ts'
import type { CaseId } from '#shared/contract/common.ts'
import { CaseAnnotations } from './annotations/case-annotations.ts'
import { appendCustody, type CustodyAct } from './annotations/custody.ts'
import { foldCase, headerChange, headerOf } from './annotations/case-header.ts'
import type { FoldedObject } from './annotations/fold-fields.ts'
import {
  appendOperations,
  listOperations,
  newOperation,
  operationsHash,
  type Operation,
} from './annotations/operations-log.ts'
import { clearSession, markSession, sessionFacts } from './annotations/session.ts'
import type { EngineSetting } from './engine-setting.ts'
import { identifierSeed } from './intake/run/import-state.ts'
import type { QueryWorld } from './queries/evaluate.ts'
import { InflatedFiles } from './queries/read-original.ts'
import { Refusal } from './refusal.ts'
import { CaseFile, type Transaction } from './storage/case-file.ts'
import { SCHEMA_VERSION } from './storage/schema.ts'
import { sqliteVersion } from './storage/sqlite.ts'
import { EventIndex } from './vectors/event-index.ts'

export type Examiner = {
  readonly name: string
  readonly organisation: string
  readonly identifier: string
  /** Of the key that this person signs with. */
  readonly keyFingerprint?: string | undefined
}

/** One case that is open in this engine: its file, who works on it, and what has been read of it so far. */
export class OpenCase {
  readonly id: CaseId
  readonly file: CaseFile
  readonly inflated: InflatedFiles
  readonly setting: EngineSetting
  /** What examiners have said about events. */
  readonly annotated: CaseAnnotations
  examiner: Examiner | null
  /** Set while evidence is being imported: answers then say that more is coming. */
  importing = false
  #index: { loaded: EventIndex; takenMs: number; tookMs: number } | undefined
  #loading: Promise<EventIndex> | undefined
  #verdicts: { index: EventIndex; values: Promise<Uint8Array> } | undefined
  #seed: number | undefined
  #marked = false

  private constructor(id: CaseId, file: CaseFile, examiner: Examiner | null, setting: EngineSetting) {
    this.id = id
    this.file = file
    this.examiner = examiner
    this.setting = setting
    this.inflated = new InflatedFiles(file.reader)
    this.annotated = new CaseAnnotations(file.reader)
  }

  static async create(
    path: string,
    header: Partial<CaseHeader>,
    examiner: Examiner,
    setting: EngineSetting,
  ): Promise<OpenCase> {
    const file = await CaseFile.create(path, { examiner: examiner.name, sinceUtc: formatUtc(utcMs(setting.now())) })
    const open = new OpenCase(randomUUID() as CaseId, file, examiner, setting)
    const change = headerChange(undefined, header)
    await file.transaction(async (tx) => {
      await tx.run(`insert into fact values ('identifierSeed', ?), ('uuid', ?), ('createdMs', ?)`, [
        String(randomBytes(4).readUInt32LE()),
        randomUUID(),
        String(setting.now()),
      ])
      await open.#write(
        tx,
        'case.create',
        Object.keys(change.after).length === 0 ? [] : [open.operation('case.set', 'case', change)],
        {
          path: basename(path),
          examiner,
          ...sessionFacts(setting),
          before: change.before,
          after: change.after,
        },
      )
    })
    return open
  }

  static async open(path: string, examiner: Examiner | null, setting: EngineSetting): Promise<OpenCase> {
    const file = await CaseFile.open(path, {
      examiner: examiner?.name ?? '',
      sinceUtc: formatUtc(utcMs(setting.now())),
    })
    const open = new OpenCase(randomUUID() as CaseId, file, examiner, setting)
    try {
      if (examiner) await open.begin(examiner)
    } catch (error) {
      await file.close()
      throw error
    }
    return open
  }

  /** The first entry of each session: who opened the case, with what, and whether the session before ended in order. */
  begin(examiner: Examiner): Promise<void> {
    this.examiner = examiner
    return this.file.transaction(async (tx) => {
      const unclean = await markSession(tx, examiner.name, this.setting.now())
      this.#marked = true
      await appendCustody(
        tx,
        this.act('session.open', {
          examiner,
          ...sessionFacts(this.setting),
          ...(unclean ? { uncleanShutdown: unclean } : {}),
        }),
      )
    })
  }

  /** The name under which changes are written. @throws Refusal `no-examiner` when nobody has said who works here. */
  get actor(): string {
    if (!this.examiner)
      throw new Refusal(
        'no-examiner',
        'Say who works on this case first (in the window: case data; on the command line: --examiner NAME). Until then it can only be read.',
      )
    return this.examiner.name
  }

  /** @throws Refusal `no-examiner` when nobody has said who works here. */
  requireExaminer(): void {
    ensure(this.actor, 'an examiner has a name')
  }

  operation(type: string, target: string, body: unknown): Operation {
    return newOperation({ timeMs: this.setting.now(), examiner: this.actor, type, target, body })
  }

  act(action: string, body: Readonly<Record<string, unknown>>): CustodyAct {
    return { timeMs: this.setting.now(), examiner: this.examiner?.name ?? 'reader', action, body }
  }

  /**
   * Writes operations and their custody entry in one transaction, then takes them into what is held in memory.
   * @param events the events that tag operations mean, by operation, where the caller knows them
   */
  async change(
    action: string,
    operations: readonly Operation[],
    body: Readonly<Record<string, unknown>>,
    events?: ReadonlyMap<string, Uint32Array>,
  ): Promise<void> {
    await this.file.transaction((tx) => this.#write(tx, action, operations, body))
    this.annotated.append(operations, events)
  }

  async #write(
    tx: Transaction,
    action: string,
    operations: readonly Operation[],
    body: Readonly<Record<string, unknown>>,
  ): Promise<void> {
    if (!this.#marked) await markSession(tx, this.actor, this.setting.now())
    this.#marked = true
    await appendOperations(tx, operations)
    const named =
      operations.length === 0
        ? {}
        : { operations: operations.map((o) => o.id), operationsSha256: operationsHash(operations) }
    await appendCustody(tx, this.act(action, { ...named, ...body }))
  }

  async header(): Promise<CaseHeader> {
    return headerOf(await this.caseObject())
  }

  /** What marks the exhibit numbers that are given here: 0, or a number of this copy where the case was made from a package. */
  async copyMark(): Promise<number> {
    const row = await this.file.reader.get<{ value: string }>(`select value from fact where name = 'copyMark'`)
    return Number(row?.value ?? 0)
  }

  /** The case data with all values that stand; undefined while nobody has said anything. */
  async caseObject(): Promise<FoldedObject | undefined> {
    return foldCase(await listOperations(this.file.reader, ['case.set']))
  }

  /**
   * The events as vectors. Loaded again when events have come since; while an import runs, at most as often as loading
   * takes a tenth of the time, so that looking does not slow the import down.
   */
  async index(): Promise<EventIndex> {
    const known = this.#index
    if (known) {
      const row = await this.file.reader.get<{ n: number; hidden: number }>(
        'select coalesce(max(id), 0) as n, (select count(*) from hidden_event) as hidden from event',
      )
      const current = row?.n === known.loaded.length && row.hidden === known.loaded.length - known.loaded.total
      if (current) return known.loaded
      if (this.importing && this.setting.now() - known.takenMs < Math.max(1500, known.tookMs * 10)) return known.loaded
    }
    this.#loading ??= this.#load().finally(() => (this.#loading = undefined))
    return this.#loading
  }

  async #load(): Promise<EventIndex> {
    const started = this.setting.now()
    const loaded = await EventIndex.load(this.file.reader)
    this.#index = { loaded, takenMs: this.setting.now(), tookMs: this.setting.now() - started }
    return loaded
  }

  /** What was derived from verdicts is read again when next asked for. */
  forgetVerdicts(): void {
    this.#verdicts = undefined
  }

  async world(): Promise<QueryWorld> {
    const index = await this.index()
    this.#seed ??= await identifierSeed(this.file.reader)
    await this.annotated.load(index)
    return {
      index,
      reader: this.file.reader,
      identifierSeed: this.#seed,
      verdicts: () => this.#verdictVector(index),
      tags: () => Promise.resolve(this.annotated.byPosition(index).tags),
      bookmarks: () => Promise.resolve(this.annotated.byPosition(index).bookmarks),
    }
  }

  #verdictVector(index: EventIndex): Promise<Uint8Array> {
    if (this.#verdicts?.index !== index) this.#verdicts = { index, values: readVerdicts(this.file, index) }
    return this.#verdicts.values
  }

  async info(): Promise<CaseInfo> {
    const { reader } = this.file
    const index = await this.index()
    const facts = new Map(
      (await reader.all<{ name: string; value: string }>('select name, value from fact')).map((f) => [f.name, f.value]),
    )
    const counts = await reader.get<Record<string, number>>(
      `select count(*) as seen, coalesce(sum(outcome = 'stored'), 0) as stored, coalesce(sum(outcome = 'duplicate'), 0) as duplicate,
              coalesce(sum(outcome = 'quarantined'), 0) as quarantined, coalesce(sum(outcome = 'ignored'), 0) as ignored,
              coalesce(sum(records_read), 0) as read, coalesce(sum(records_stored), 0) as recordsStored, coalesce(sum(records_duplicate), 0) as recordsDuplicate,
              coalesce(sum(records_conflict), 0) as conflict, coalesce(sum(records_rejected), 0) as rejected,
              coalesce(sum(size), 0) as evidence, coalesce(sum(inflated_size), 0) as inflated, (select count(*) from source) as sources from entry`,
    )
    const c = (name: string): number => counts?.[name] ?? 0
    const firstDated = index.firstDated
    const size = await stat(this.file.path)
    return {
      caseId: this.id,
      uuid: facts.get('uuid') ?? '',
      fileName: basename(this.file.path),
      header: await this.header(),
      createdMs: Number(facts.get('createdMs') ?? 0),
      examiner: this.examiner,
      readOnly: this.examiner ? null : 'Nobody has said who works on this case, so nothing can be changed.',
      events: index.total,
      firstEventMs: firstDated < index.length ? (index.timeAt(firstDated) ?? null) : null,
      lastEventMs: firstDated < index.length ? (index.timeAt(index.length - 1) ?? null) : null,
      undated: firstDated,
      entries: {
        seen: c('seen'),
        stored: c('stored'),
        duplicate: c('duplicate'),
        quarantined: c('quarantined'),
        ignored: c('ignored'),
      },
      records: {
        read: c('read'),
        stored: c('recordsStored'),
        duplicate: c('recordsDuplicate'),
        conflict: c('conflict'),
        rejected: c('rejected'),
      },
      sources: c('sources'),
      size: { caseFile: size.size, evidence: c('evidence'), inflated: c('inflated') },
      importing: this.importing,
      versions: {
        trailcase: this.setting.version,
        commit: this.setting.commit,
        sqlite: sqliteVersion,
        node: process.versions.node,
        schema: SCHEMA_VERSION,
      },
    }
  }

  async close(): Promise<void> {
    if (this.#marked) await this.file.transaction(clearSession).catch(() => undefined)
    await this.file.close()
  }
}

/** The verdict each event carries, by position: of its occurrences the first in the order of `eventVerdicts`. */
async function readVerdicts(file: CaseFile, index: EventIndex): Promise<Uint8Array> {
  const rows = await file.reader.all<{ entry: number; verdict: string }>(
    'select entry, event_verdict as verdict from entry_verdict',
  )
  const none = eventVerdicts.indexOf('none')
  const most = rows.reduce((n, row) => Math.max(n, row.entry), 0)
  const byEntry = new Uint8Array(most + 1).fill(none)
  for (const row of rows) byEntry[row.entry] = (eventVerdicts as readonly string[]).indexOf(row.verdict)
  const entries = await index.entry()
  const out = new Uint8Array(index.length)
  for (let p = 0; p < out.length; p++) out[p] = byEntry[entries[p]!] ?? none
  const others = await file.reader.all<{ event: number; entry: number }>(
    'select event, entry from occurrence where event <= ?',
    [index.length],
  )
  for (const { event, entry } of others) {
    const p = index.positionOf(event)
    out[p] = Math.min(out[p]!, byEntry[entry] ?? none)
  }
  return out
}
