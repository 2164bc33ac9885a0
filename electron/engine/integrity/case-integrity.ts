import type { IntegritySummary } from '#shared/domain/integrity.ts'
import { appendCustody } from '../annotations/custody.ts'
import type { OpenCase } from '../open-case.ts'
import { Refusal } from '../refusal.ts'
import type { CaseStore } from '../storage/case-file.ts'
import type { Connection } from '../storage/sqlite.ts'
import type { LogFacts } from './coverage.ts'
import type { HeldDigests } from './held-digests.ts'
import type { Told } from './read-proofs.ts'
import { fileVerdicts, judgeCase, type JudgedCase } from './judge-case.ts'
import { readLogFacts, readStored, toStored, type StoredJudgement } from './stored-judgement.ts'

/** Verdicts stored by one statement. */
const VERDICTS = 20_000

/** What is known of the integrity of one open case, read or judged once and kept until it is judged anew. */
export class CaseIntegrity {
  readonly #open: OpenCase
  #stored: Promise<StoredJudgement | undefined> | undefined
  #facts: Promise<readonly LogFacts[]> | undefined
  #judged: { readonly lastEntry: number; readonly judged: Promise<JudgedCase> } | undefined

  constructor(open: OpenCase) {
    this.#open = open
  }

  /** The judgement that is kept in the case. */
  stored(): Promise<StoredJudgement | undefined> {
    this.#stored ??= readStored(this.#open.file.reader)
    return this.#stored
  }

  /** The kept judgement, or, where there is none, one made now and not kept. */
  async storedOrJudged(signal: AbortSignal): Promise<StoredJudgement> {
    return (await this.stored()) ?? toStored(await this.whole(signal), await this.lastEntry(), this.#open.setting.now())
  }

  /** Whether the kept judgement is of the evidence as it is now. */
  async isCurrent(): Promise<boolean> {
    return (await this.stored())?.lastEntry === (await this.lastEntry())
  }

  /** The whole judgement with its proofs, made anew when it is first asked for. */
  async whole(signal: AbortSignal, told?: Told): Promise<JudgedCase> {
    const lastEntry = await this.lastEntry()
    if (this.#judged?.lastEntry !== lastEntry) {
      const judged = judgeCase(this.#open.file.reader, signal, told)
      this.#judged = { lastEntry, judged }
      judged.catch(() => (this.#judged = undefined))
    }
    return this.#judged.judged
  }

  /** What is known of each log file, for coverage. */
  async logFacts(): Promise<readonly LogFacts[]> {
    const stored = await this.stored()
    this.#facts ??= readLogFacts(this.#open.file.reader, stored?.missing ?? [])
    return this.#facts
  }

  /** Number of the newest line of the ledger: with it the evidence has changed. */
  lastEntry(): Promise<number> {
    return readLastEntry(this.#open.file.reader)
  }

  /**
   * Judges anew, keeps the verdicts of files and what is shown of the judgement, and says so in the custody log.
   * @throws Refusal `no-examiner`, `cancelled`
   */
  async judge(signal: AbortSignal, told?: Told, storing?: () => void, held?: HeldDigests): Promise<StoredJudgement> {
    const stored = await this.judgeWithin(this.#open.file, signal, told, storing, held)
    this.forget()
    this.#stored = Promise.resolve(stored)
    return stored
  }

  /** As `judge`, but inside a transaction of the caller's (`CaseFile.whole`), who calls `forget` at its end. */
  async judgeWithin(
    store: CaseStore,
    signal: AbortSignal,
    told?: Told,
    storing?: () => void,
    held?: HeldDigests,
  ): Promise<StoredJudgement> {
    const open = this.#open
    open.requireExaminer()
    const lastEntry = await readLastEntry(store.reader)
    const judged = await judgeCase(store.reader, signal, told, held)
    storing?.()
    const stored = toStored(judged, lastEntry, open.setting.now())
    const { clean, digests, logs, findings } = stored.summary
    await store.transaction(async (tx) => {
      await tx.run('delete from entry_verdict')
      for (const { verdict, event, detail, entries } of fileVerdicts(judged)) {
        // In the order of the table, many at a time: nearly all files have the same verdict.
        entries.sort((a, b) => a - b)
        for (let first = 0; first < entries.length; first += VERDICTS)
          await tx.run('insert into entry_verdict select value, ?, ?, ? from json_each(?)', [
            verdict,
            event,
            detail,
            JSON.stringify(entries.slice(first, first + VERDICTS)),
          ])
      }
      await tx.run('insert into judgement values (1, ?) on conflict (id) do update set json = excluded.json', [
        JSON.stringify(stored),
      ])
      await appendCustody(tx, open.act('integrity.judge', { clean, digests, logs, findings: findings.length }))
    })
    return stored
  }

  /** Everything is read from the case again when it is next asked for. */
  forget(): void {
    this.#stored = undefined
    this.#facts = undefined
    this.#judged = undefined
    this.#open.forgetVerdicts()
  }
}

const readLastEntry = async (reader: Connection): Promise<number> =>
  (await reader.get<{ n: number | null }>('select max(id) as n from entry'))?.n ?? 0

const known = new WeakMap<OpenCase, CaseIntegrity>()

export function integrityOf(open: OpenCase): CaseIntegrity {
  const integrity = known.get(open) ?? new CaseIntegrity(open)
  known.set(open, integrity)
  return integrity
}

/** Judges at the end of an import while the rest of it finishes, and gives the summary that goes with its result. */
export async function judgeAfterImport(
  open: OpenCase,
  signal: AbortSignal,
  rest: Promise<void>,
  held?: HeldDigests,
): Promise<IntegritySummary> {
  try {
    return briefly((await integrityOf(open).judge(signal, undefined, undefined, held)).summary)
  } finally {
    // Whatever comes of the judgement: what was imported is sorted, so that it can be searched.
    await rest
  }
}

/** Paths that a finding names in answers; all of them are in `integrity.affected`. */
const MOST_AFFECTED = 100

/** The summary with the long lists of its findings cut: a case without digests would else name each of its log files. */
export const briefly = (summary: IntegritySummary): IntegritySummary => ({
  ...summary,
  findings: summary.findings.map((finding) =>
    finding.affects === undefined || finding.affects.length <= MOST_AFFECTED
      ? finding
      : { ...finding, affects: finding.affects.slice(0, MOST_AFFECTED), affected: finding.affects.length },
  ),
})

/** @throws Refusal `locked` while evidence is being imported: it is judged at its end. */
export function refuseWhileImporting(open: OpenCase): void {
  if (open.importing)
    throw new Refusal(
      'locked',
      'An import is running in this case; the digests are checked at its end. Wait for it, or cancel it.',
    )
}
