import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { availableParallelism } from 'node:os'
import { appendCustody } from '../../annotations/custody.ts'
import type { HeldDigests } from '../../integrity/held-digests.ts'
import { Refusal, stopIfCancelled } from '../../refusal.ts'
import type { CaseFile, Transaction } from '../../storage/case-file.ts'
import { countFiles, listEntries } from '../list-entries.ts'
import type { EntryProblem, Limits } from '../types.ts'
import { batches, type WorkItem } from './batches.ts'
import { blankFacts, isDigest, type FileFacts, type FileJob, type ParsedBatch } from './batch.ts'
import { loadImportState, type ImportState } from './import-state.ts'
import { ParseWorker } from './parse-pool.ts'
import {
  emptySpan,
  SAME_BYTES,
  writeLedger,
  zeroCounts,
  type EntryOutcome,
  type RecordCounts,
  type StoredEntry,
} from './ledger.ts'
import { storeBatch } from './store-batch.ts'
import { emptySoFar, findOriginal, finishLarge, storePart } from './store-large.ts'
import type { Keeping } from './store-originals.ts'

export type ImportOptions = {
  /** Absolute paths of what was handed to us. */
  readonly paths: readonly string[]
  /** Keep the original bytes in the case, or only where they lie and their hash. */
  readonly mode: 'copy' | 'reference'
  readonly examiner: string
  readonly limits: Limits
  /** The bundled parsing thread. */
  readonly workerPath: string
  readonly workers?: number
  /** A reason to leave an entry out by its path (not in the selection), or nothing. */
  readonly leaveOut: (path: string) => string | undefined
  /** The clock: UTC milliseconds. */
  readonly now: () => number
  /** Takes the digests that were inflated, for whoever judges them at the end. */
  readonly held?: HeldDigests
}

export type ImportProgress = {
  readonly phase: 'reading' | 'finishing'
  readonly files: number
  /** Files to come in all, when the count is known. */
  readonly filesTotal: number | undefined
  readonly events: number
  readonly bytes: number
  readonly elapsedMs: number
}

export type ImportTotals = {
  sources: number
  entries: { seen: number; stored: number; duplicate: number; quarantined: number; ignored: number }
  records: { read: number; stored: number; duplicate: number; conflict: number; rejected: number }
  digests: number
  keys: number
  signatures: number
  bytes: { read: number; inflated: number }
  seconds: number
  quarantine: { path: string; reason: string }[]
}

/**
 * Imports sources into a case. Every entry gets an outcome in the ledger; each group of files is one transaction with its
 * ledger lines and a custody entry, so a crash or a stop leaves whole files only, and a rerun skips what is stored.
 * @throws Refusal `cancelled`, `disk-full`, `not-found` when a path is not there; what was stored before stays.
 */
export async function importSources(
  caseFile: CaseFile,
  options: ImportOptions,
  progress: (p: ImportProgress) => void,
  signal: AbortSignal,
): Promise<ImportTotals> {
  const run = new ImportRun(caseFile, options, await loadImportState(caseFile.reader), progress, signal)
  return run.all()
}

/** Files from this size on are parsed as a stream: what is held whole inflates to a dozen times its size, on each thread. */
const LARGE = 4_000_000
/** Parsed batches that may wait to be stored; bounds memory when parsing is faster than storing. */
const WAITING = 2

class ImportRun {
  readonly #case: CaseFile
  readonly #options: ImportOptions
  readonly #state: ImportState
  readonly #report: (p: ImportProgress) => void
  readonly #signal: AbortSignal
  readonly #workers: ParseWorker[]
  readonly #started: number
  #filesTotal: number | undefined
  #storing: Promise<void> = Promise.resolve()
  #waiting = 0
  #failure: unknown
  readonly #totals: ImportTotals = {
    sources: 0,
    entries: { seen: 0, stored: 0, duplicate: 0, quarantined: 0, ignored: 0 },
    records: { read: 0, stored: 0, duplicate: 0, conflict: 0, rejected: 0 },
    digests: 0,
    keys: 0,
    signatures: 0,
    bytes: { read: 0, inflated: 0 },
    seconds: 0,
    quarantine: [],
  }

  constructor(
    caseFile: CaseFile,
    options: ImportOptions,
    state: ImportState,
    report: (p: ImportProgress) => void,
    signal: AbortSignal,
  ) {
    this.#case = caseFile
    this.#options = options
    this.#state = state
    this.#report = report
    this.#signal = signal
    this.#started = options.now()
    const workers = options.workers ?? Math.max(1, Math.min(4, availableParallelism() - 1))
    this.#workers = Array.from({ length: workers }, (_, n) => new ParseWorker(n, options.workerPath, options.limits))
  }

  async all(): Promise<ImportTotals> {
    try {
      void this.#countAhead()
      for (const path of this.#options.paths) await this.#source(path)
      this.#totals.seconds = (this.#options.now() - this.#started) / 1000
      return this.#totals
    } finally {
      await Promise.all(this.#workers.map((w) => w.close()))
    }
  }

  /** Counts files while the first are read already, so that progress can say how long it will take. */
  async #countAhead(): Promise<void> {
    let total = 0
    for (const path of this.#options.paths) total += await countFiles(path, this.#signal).catch(() => 0)
    this.#filesTotal = total
  }

  async #source(path: string): Promise<void> {
    const source = await this.#openSource(path)
    this.#totals.sources++
    const work = batches(listEntries(path, { signal: this.#signal, limits: this.#options.limits }), {
      largeFrom: LARGE,
      knownSha256: (p) => source.known.get(p),
      leaveOut: this.#options.leaveOut,
    })
    const next = shared(work)
    try {
      await Promise.all(this.#workers.map((worker) => this.#feed(worker, next, source.id, path)))
      await this.#storing
      if (this.#failure !== undefined) throw this.#failure as Error
      stopIfCancelled(this.#signal)
    } catch (error) {
      await this.#storing.catch(() => undefined)
      const ending = this.#signal.aborted ? 'cancelled' : error instanceof Refusal ? error.code : 'failed'
      await this.#closeSource(source.id, path, ending)
      stopIfCancelled(this.#signal)
      throw error
    }
    await this.#closeSource(source.id, path, 'done')
  }

  /** One worker's loop: take work, parse it, queue it to be stored. */
  async #feed(
    worker: ParseWorker,
    next: () => Promise<WorkItem | undefined>,
    source: number,
    root: string,
  ): Promise<void> {
    const keeping: Keeping = this.#options.mode === 'copy' ? { kind: 'copy' } : { kind: 'reference', root }
    for (;;) {
      if (this.#signal.aborted || this.#failure !== undefined) return
      const item = await next()
      if (item === undefined) return
      switch (item.kind) {
        case 'problems':
          this.#queue(() => this.#storeProblems(source, item.problems))
          break
        case 'files':
          await this.#files(worker, source, item.jobs, keeping)
          break
        case 'large':
          await this.#storing
          await this.#storeLarge(worker, source, item.job, keeping)
          break
      }
      while (this.#waiting > WAITING) await this.#storing
    }
  }

  /** Parses files batch by batch, as a worker ends one where it grows too large. */
  async #files(worker: ParseWorker, source: number, jobs: readonly FileJob[], keeping: Keeping): Promise<void> {
    let rest = jobs
    while (rest.length > 0 && !this.#signal.aborted && this.#failure === undefined) {
      const batch = await worker.parse(rest, LARGE)
      if (batch.files.length > 0) this.#queue(() => this.#store(source, worker.number, batch, keeping))
      rest = rest.slice(batch.files.length)
      const next = rest[0]
      if (next && batch.largeNext !== undefined) {
        await this.#storing
        await this.#storeLarge(worker, source, { ...next, size: batch.largeNext }, keeping)
        rest = rest.slice(1)
      }
      while (this.#waiting > WAITING) await this.#storing
    }
  }

  #queue(task: () => Promise<void>): void {
    this.#waiting++
    this.#storing = this.#storing
      .then(async () => {
        if (this.#failure === undefined && !this.#signal.aborted) await task()
      })
      .catch((error: unknown) => {
        this.#failure ??= error
      })
      .finally(() => {
        this.#waiting--
      })
  }

  async #store(source: number, worker: number, batch: ParsedBatch, keeping: Keeping): Promise<void> {
    const stored = await this.#case.transaction(
      async (tx) => {
        const result = await storeBatch(tx, this.#state, worker, source, batch, keeping)
        await this.#custody(tx, source, result.entries)
        return result
      },
      { durable: false },
    )
    stored.commit()
    if (this.#options.held) holdDigests(batch, this.#options.held)
    for (const entry of stored.entries) this.#count(entry.file, entry.outcome, entry.reason, entry.records)
    this.#tell('reading')
  }

  /** A group of files is one act in the custody log, sealed by a hash over the hashes of its files. */
  async #custody(tx: Transaction, source: number, entries: readonly StoredEntry[]): Promise<void> {
    const fresh = entries.filter((e) => !e.file.unchanged)
    if (fresh.length === 0) return
    const seal = createHash('sha256')
    for (const e of fresh) seal.update(`${e.file.sha256}  ${e.file.path}\n`)
    await appendCustody(tx, {
      timeMs: this.#options.now(),
      examiner: this.#options.examiner,
      action: 'import.files',
      body: {
        source,
        files: fresh.length,
        records: fresh.reduce((n, e) => n + e.records.stored, 0),
        sha256OfHashes: seal.digest('hex'),
      },
    })
  }

  async #storeProblems(source: number, problems: readonly EntryProblem[]): Promise<void> {
    const fresh: EntryProblem[] = []
    await this.#case.transaction(
      async (tx) => {
        for (const problem of problems) {
          const known = await tx.get(`select 1 from entry where source = ? and path = ? and reason = ?`, [
            source,
            problem.path,
            problem.reason,
          ])
          if (known) continue
          fresh.push(problem)
          await tx.run(
            `insert into entry (id, source, path, outcome, reason, kind, size, records_read, records_stored, records_duplicate, records_conflict, records_rejected)
             values (?, ?, ?, ?, ?, 'other', 0, 0, 0, 0, 0, 0)`,
            [this.#state.lastEntry + fresh.length, source, problem.path, problem.outcome, problem.reason],
          )
        }
      },
      { durable: false },
    )
    this.#state.lastEntry += fresh.length
    for (const problem of problems) {
      this.#totals.entries.seen++
      this.#totals.entries[problem.outcome]++
      if (problem.outcome === 'quarantined')
        this.#totals.quarantine.push({ path: problem.path, reason: problem.reason })
    }
    this.#tell('reading')
  }

  /** A large file: its pieces and records go into one transaction as they come, so that it is stored whole or not at all. */
  async #storeLarge(worker: ParseWorker, source: number, job: FileJob, keeping: Keeping): Promise<void> {
    const known = await this.#knownLarge(job)
    if (known !== undefined) return this.#largeDuplicate(source, job, known)
    const stored = await this.#case.transaction(
      async (tx) => {
        const at = { source, entryId: this.#state.lastEntry + 1, original: this.#state.lastOriginal + 1, keeping }
        const soFar = emptySoFar()
        let piece = 0
        const file = await worker.stream(
          job,
          async (message) => {
            if (message.kind === 'part') await storePart(tx, this.#state, worker.number, message, at.entryId, soFar)
            else if (keeping.kind === 'copy')
              await tx.run('insert into original_piece values (?, ?)', [at.original * 65536 + piece++, message.bytes])
            this.#tell('reading')
          },
          this.#signal,
        )
        stopIfCancelled(this.#signal)
        const entry = await finishLarge(tx, file, at, soFar)
        await this.#custody(tx, source, [entry])
        return entry
      },
      { durable: false },
    )
    this.#state.lastEntry++
    this.#state.lastOriginal++
    this.#count(stored.file, stored.outcome, stored.reason, stored.records)
    this.#tell('reading')
  }

  /** The hash of a large file, if an original of that very size and hash is in the case already. */
  async #knownLarge(job: FileJob): Promise<string | undefined> {
    const reader = this.#case.reader
    if (job.localPath === undefined || job.size === undefined) return undefined
    if (!(await reader.get('select 1 from original where size = ?', [job.size]))) return undefined
    const sha = createHash('sha256')
    for await (const chunk of createReadStream(job.localPath)) sha.update(chunk as Buffer)
    const hex = sha.digest('hex')
    return (await findOriginal(reader, hex)) === undefined ? undefined : hex
  }

  async #largeDuplicate(source: number, job: FileJob, sha256: string): Promise<void> {
    const file: FileFacts = { ...blankFacts(job), outcome: 'stored', sha256 }
    const entry: StoredEntry = { file, outcome: 'duplicate', reason: SAME_BYTES, records: zeroCounts() }
    if (job.knownSha256 !== sha256) {
      await this.#case.transaction(async (tx) => {
        const original = (await findOriginal(tx, sha256)) ?? null
        await writeLedger(tx, [{ ...entry, id: this.#state.lastEntry + 1, source, original, span: emptySpan() }])
      })
      this.#state.lastEntry++
    }
    this.#count(file, 'duplicate', SAME_BYTES, zeroCounts())
  }

  async #openSource(path: string): Promise<{ id: number; known: Map<string, string> }> {
    return this.#case.transaction(async (tx) => {
      const existing = await tx.get<{ id: number }>('select id from source where path = ? and mode = ?', [
        path,
        this.#options.mode,
      ])
      const known = new Map<string, string>()
      if (existing) {
        const rows = await tx.all<{ path: string; sha: string }>(
          'select path, lower(hex(sha256)) as sha from entry where source = ? and sha256 is not null order by id',
          [existing.id],
        )
        for (const row of rows) known.set(row.path, row.sha)
      }
      let id = existing?.id
      if (id === undefined) {
        await tx.run('insert into source (path, kind, mode, added_ms, added_by) values (?, ?, ?, ?, ?)', [
          path,
          'files',
          this.#options.mode,
          this.#options.now(),
          this.#options.examiner,
        ])
        id = (await tx.get<{ id: number }>('select last_insert_rowid() as id'))!.id
      }
      await appendCustody(tx, {
        timeMs: this.#options.now(),
        examiner: this.#options.examiner,
        action: existing ? 'import.resume' : 'import.start',
        body: { source: id, path, mode: this.#options.mode },
      })
      return { id, known }
    })
  }

  async #closeSource(id: number, path: string, ending: string): Promise<void> {
    await this.#case
      .transaction(async (tx) => {
        if (ending === 'done') await tx.run('update source set finished_ms = ? where id = ?', [this.#options.now(), id])
        await appendCustody(tx, {
          timeMs: this.#options.now(),
          examiner: this.#options.examiner,
          action: ending === 'done' ? 'import.finish' : 'import.stop',
          body: { source: id, path, ending, entries: this.#totals.entries, records: this.#totals.records },
        })
      })
      .catch((error: unknown) => {
        // The disk may still be full. The unfinished source itself says that the run did not end.
        if (ending === 'done') throw error
      })
  }

  #count(file: FileFacts, outcome: EntryOutcome, reason: string | undefined, records: RecordCounts): void {
    const t = this.#totals
    t.entries.seen++
    t.entries[outcome]++
    for (const key of ['read', 'stored', 'duplicate', 'conflict', 'rejected'] as const) t.records[key] += records[key]
    t.bytes.read += file.size
    t.bytes.inflated += file.inflatedSize
    if (outcome === 'quarantined') t.quarantine.push({ path: file.path, reason: reason ?? 'unknown' })
    if (outcome === 'duplicate') return
    if (file.kind === 'digest') t.digests++
    if (file.kind === 'public-keys') t.keys++
    if (file.kind === 'signatures') t.signatures++
  }

  #tell(phase: ImportProgress['phase']): void {
    const t = this.#totals
    this.#report({
      phase,
      files: t.entries.seen,
      filesTotal: this.#filesTotal === undefined ? undefined : Math.max(this.#filesTotal, t.entries.seen),
      events: this.#state.lastEvent,
      bytes: t.bytes.read,
      elapsedMs: this.#options.now() - this.#started,
    })
  }
}

/** A batch brings the inflated digests among its files one after the other. */
function holdDigests({ files, digests }: ParsedBatch, held: HeldDigests): void {
  let at = 0
  for (const file of files) {
    if (!isDigest(file)) continue
    held.keep(file.inflatedSha256, digests.subarray(at, at + file.inflatedSize))
    at += file.inflatedSize
  }
}

/** One generator, several takers: each call gives the next item. */
function shared<T>(items: AsyncGenerator<T>): () => Promise<T | undefined> {
  let turn: Promise<unknown> = Promise.resolve()
  return () => {
    const mine = turn.then(async () => {
      const next = await items.next()
      return next.done === true ? undefined : next.value
    })
    turn = mine.catch(() => undefined)
    return mine
  }
}
