import { createHash } from 'node:crypto'
import { ensure } from '#shared/base/assert.ts'
import { appendCustody } from '../../annotations/custody.ts'
import { Refusal, stopIfCancelled } from '../../refusal.ts'
import type { CaseStore, Transaction } from '../../storage/case-file.ts'
import type { ContainerKind, Limits } from '../types.ts'
import { blankFacts, type FileFacts, type FileJob } from './batch.ts'
import { loadImportState, type ImportState } from './import-state.ts'
import { emptySpan, SAME_BYTES, writeLedger, zeroCounts, type LedgerLine, type StoredEntry } from './ledger.ts'
import { ParseWorker } from './parse-pool.ts'
import { storeBatch } from './store-batch.ts'
import { emptySoFar, findOriginal, finishLarge, storePart } from './store-large.ts'

/** A source as another case had it. */
export type GivenSource = {
  readonly path: string
  readonly addedMs: number
  readonly addedBy: string
  /** The source of this case that the entries are added to; without it a new one is made. */
  readonly into?: number | undefined
  readonly entries: AsyncIterable<GivenEntry>
}
export type GivenEntry =
  /** Its bytes are at hand and must have this hash. Larger ones are asked for as a file, others as bytes. */
  | {
      readonly kind: 'file'
      readonly path: string
      readonly size: number
      readonly sha256: string
      readonly read: () => Promise<Uint8Array>
      readonly stage: () => Promise<string>
      readonly unstage: () => Promise<void>
    }
  /** This case holds the same bytes already. */
  | { readonly kind: 'held'; readonly path: string; readonly size: number; readonly sha256: string }
  /** Only what another case said of it is known. */
  | {
      readonly kind: 'absent'
      readonly path: string
      readonly outcome: 'quarantined' | 'ignored'
      readonly reason: string
      readonly is: ContainerKind
      readonly size: number
      readonly sha256: string
      /** Empty and 0 where it was never inflated. */
      readonly inflatedSha256: string
      readonly inflatedSize: number
    }

export type GivenOptions = {
  readonly examiner: string
  readonly limits: Limits
  readonly workerPath: string
  readonly now: () => number
}

/** As in a run over files: see `batches.ts` and `import-run.ts`. */
const GROUP_FILES = 500
const GROUP_BYTES = 3_000_000
const LARGE = 4_000_000

/**
 * Imports entries that are handed over one by one, in their order and under the paths they had: each becomes one line of the ledger,
 * parsed and judged anew. Each group is one transaction with its custody entry.
 * @returns the numbers of the sources, in their order
 * @throws Refusal `damaged` when bytes do not have their hash, `cancelled`, `disk-full`
 */
export async function importGiven(
  caseFile: CaseStore,
  sources: readonly GivenSource[],
  options: GivenOptions,
  told: (entries: number) => void,
  signal: AbortSignal,
): Promise<number[]> {
  const run = new GivenRun(caseFile, options, await loadImportState(caseFile.reader), told, signal)
  try {
    const ids: number[] = []
    for (const source of sources) ids.push(await run.source(source))
    return ids
  } finally {
    await run.close()
  }
}

type Group = { readonly job: FileJob; readonly sha256: string }[]
type AbsentEntry = Extract<GivenEntry, { kind: 'absent' }>
type HeldEntry = Extract<GivenEntry, { kind: 'held' }>
/** An entry of which only a line is written. */
type LineEntry = AbsentEntry | HeldEntry
type HeldRow = Pick<FileFacts, 'kind' | 'inflatedSha256' | 'inflatedSize' | 'compression' | 'trailingBytes'> & {
  readonly original: number
}
type FileEntry = Extract<GivenEntry, { kind: 'file' }>

class GivenRun {
  readonly #case: CaseStore
  readonly #options: GivenOptions
  readonly #state: ImportState
  readonly #told: (entries: number) => void
  readonly #signal: AbortSignal
  readonly #worker: ParseWorker
  #entries = 0

  constructor(
    caseFile: CaseStore,
    options: GivenOptions,
    state: ImportState,
    told: (entries: number) => void,
    signal: AbortSignal,
  ) {
    this.#case = caseFile
    this.#options = options
    this.#state = state
    this.#told = told
    this.#signal = signal
    this.#worker = new ParseWorker(0, options.workerPath, options.limits)
  }

  close(): Promise<void> {
    return this.#worker.close()
  }

  async source({ path, addedMs, addedBy, into, entries }: GivenSource): Promise<number> {
    const id = into ?? (await this.#openSource(path, addedMs, addedBy))
    let files: Group = []
    let bytes = 0
    let lines: LineEntry[] = []
    const flush = async () => {
      stopIfCancelled(this.#signal)
      if (files.length > 0) await this.#storeFiles(id, files)
      if (lines.length > 0) await this.#storeLines(id, lines)
      files = []
      lines = []
      bytes = 0
    }
    for await (const entry of entries) {
      if (entry.kind !== 'file') {
        if (files.length > 0 || lines.length >= GROUP_FILES) await flush()
        lines.push(entry)
        continue
      }
      if (lines.length > 0) await flush()
      if (entry.size >= LARGE) {
        await flush()
        await this.#storeLarge(id, entry)
        continue
      }
      files.push({ job: { path: entry.path, size: entry.size, bytes: await entry.read() }, sha256: entry.sha256 })
      bytes += entry.size
      if (files.length >= GROUP_FILES || bytes >= GROUP_BYTES) await flush()
    }
    await flush()
    if (into === undefined) await this.#closeSource(id, path)
    return id
  }

  async #openSource(path: string, addedMs: number, addedBy: string): Promise<number> {
    return this.#case.transaction(async (tx) => {
      await tx.run(`insert into source (path, kind, mode, added_ms, added_by) values (?, 'files', 'copy', ?, ?)`, [
        path,
        addedMs,
        addedBy,
      ])
      const id = (await tx.get<{ id: number }>('select last_insert_rowid() as id'))!.id
      await this.#custody(tx, 'import.start', { source: id, path, mode: 'copy', from: 'package' })
      return id
    })
  }

  async #closeSource(id: number, path: string): Promise<void> {
    await this.#case.transaction(async (tx) => {
      await tx.run('update source set finished_ms = ? where id = ?', [this.#options.now(), id])
      await this.#custody(tx, 'import.finish', { source: id, path, ending: 'done' })
    })
  }

  async #storeFiles(source: number, files: Group): Promise<void> {
    const batch = await this.#worker.parse(files.map((file) => file.job))
    batch.files.forEach((facts, n) => requireHash(facts, files[n]!.sha256))
    const stored = await this.#case.transaction(
      async (tx) => {
        const result = await storeBatch(tx, this.#state, 0, source, batch, { kind: 'copy' })
        await this.#filesCustody(tx, source, result.entries)
        return result
      },
      { durable: false },
    )
    stored.commit()
    this.#tell(files.length)
  }

  async #storeLarge(source: number, entry: FileEntry): Promise<void> {
    const job: FileJob = { path: entry.path, size: entry.size }
    if ((await findOriginal(this.#case.reader, entry.sha256)) !== undefined) {
      const same: HeldEntry = { kind: 'held', path: entry.path, size: entry.size, sha256: entry.sha256 }
      await this.#storeLines(source, [same])
      return
    }
    try {
      await this.#parseLarge(source, { ...job, localPath: await entry.stage() }, entry.sha256)
    } finally {
      await entry.unstage()
    }
    this.#state.lastOriginal++
    this.#state.lastEntry++
    this.#tell(1)
  }

  #parseLarge(source: number, job: FileJob, sha256: string): Promise<void> {
    return this.#case.transaction(
      async (tx) => {
        const at = {
          source,
          entryId: this.#state.lastEntry + 1,
          original: this.#state.lastOriginal + 1,
          keeping: { kind: 'copy' } as const,
        }
        const soFar = emptySoFar()
        let piece = 0
        const file = await this.#worker.stream(
          job,
          async (message) => {
            if (message.kind === 'part') await storePart(tx, this.#state, 0, message, at.entryId, soFar)
            else
              await tx.run('insert into original_piece values (?, ?)', [at.original * 65536 + piece++, message.bytes])
          },
          this.#signal,
        )
        stopIfCancelled(this.#signal)
        requireHash(file, sha256)
        await this.#filesCustody(tx, source, [await finishLarge(tx, file, at, soFar)])
      },
      { durable: false },
    )
  }

  async #storeLines(source: number, entries: readonly LineEntry[]): Promise<void> {
    const first = this.#state.lastEntry + 1
    const lines: LedgerLine[] = []
    for (const [n, entry] of entries.entries()) {
      const at = { id: first + n, source, span: emptySpan(), records: zeroCounts() }
      if (entry.kind === 'held') lines.push({ ...at, ...(await this.#sameAs(entry)) })
      else {
        const { path, size, outcome, reason, is, sha256, inflatedSha256, inflatedSize } = entry
        const known = { outcome, kind: is, sha256, inflatedSha256, inflatedSize }
        const file: FileFacts = { ...blankFacts({ path, size }), ...known }
        lines.push({ ...at, file, outcome, reason, original: null })
      }
    }
    await this.#case.transaction((tx) => writeLedger(tx, lines), { durable: false })
    this.#state.lastEntry += lines.length
    this.#tell(lines.length)
  }

  /** A second line for an original that is stored: it says of the file what the first one says. */
  async #sameAs({
    path,
    size,
    sha256,
  }: HeldEntry): Promise<Pick<LedgerLine, 'file' | 'outcome' | 'reason' | 'original'>> {
    const known = await this.#case.reader.get<HeldRow>(
      `select o.id as original, n.kind, coalesce(lower(hex(n.inflated_sha256)), '') as inflatedSha256, coalesce(n.inflated_size, 0) as inflatedSize,
              coalesce(n.compression, 'none') as compression, coalesce(n.trailing_bytes, 0) as trailingBytes
       from original o join entry n on n.original = o.id where o.sha256 = ? order by n.outcome = 'duplicate', n.id limit 1`,
      [Buffer.from(sha256, 'hex')],
    )
    const { original, ...facts } = ensure(known, 'the original was found before')
    const file: FileFacts = { ...blankFacts({ path, size }), ...facts, outcome: 'stored', sha256 }
    return { file, outcome: 'duplicate', reason: SAME_BYTES, original }
  }

  /** A group of files is one act in the custody log, sealed by a hash over the hashes of its files. */
  async #filesCustody(tx: Transaction, source: number, entries: readonly StoredEntry[]): Promise<void> {
    const seal = createHash('sha256')
    for (const { file } of entries) seal.update(`${file.sha256}  ${file.path}\n`)
    const records = entries.reduce((n, entry) => n + entry.records.stored, 0)
    await this.#custody(tx, 'import.files', {
      source,
      files: entries.length,
      records,
      sha256OfHashes: seal.digest('hex'),
    })
  }

  #custody(tx: Transaction, action: string, body: Readonly<Record<string, unknown>>): Promise<void> {
    return appendCustody(tx, { timeMs: this.#options.now(), examiner: this.#options.examiner, action, body })
  }

  #tell(entries: number): void {
    this.#entries += entries
    this.#told(this.#entries)
  }
}

function requireHash(facts: FileFacts, sha256: string): void {
  if (facts.sha256 !== sha256)
    throw new Refusal(
      'damaged',
      'The package changed while it was read; nothing was imported. Copy it to this computer, then unpack it again.',
    )
}
