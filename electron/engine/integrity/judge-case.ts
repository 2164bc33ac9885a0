import type { EventVerdict, IntegrityFinding, LogVerdict } from '#shared/domain/integrity.ts'
import { stopIfCancelled } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { eventVerdictOf, verdictOfOccurrences } from './event-verdict.ts'
import { isClean, worstFirst } from './find-findings.ts'
import { gatherInventory, type Gathered } from './gather-inventory.ts'
import type { HeldDigests } from './held-digests.ts'
import { judge } from './judge.ts'
import type { Judgement, LogJudgement } from './judgement.ts'
import { judgeLake, type LakeJudgement } from './lake-results.ts'
import type { Told } from './read-proofs.ts'

/** A case judged as a whole: trails and saved Lake queries. */
export type JudgedCase = {
  readonly gathered: Gathered
  /** Its findings are those of both. */
  readonly judgement: Judgement
  readonly lake: LakeJudgement
}

/** Judges a case anew from its originals. Reads only; may be repeated at any time, and always gives the same for the same evidence. */
export async function judgeCase(
  reader: Connection,
  signal: AbortSignal,
  told?: Told,
  held?: HeldDigests,
): Promise<JudgedCase> {
  const gathered = await gatherInventory(reader, signal, told, held)
  stopIfCancelled(signal)
  const trails = judge(gathered.inventory)
  const lake = judgeLake(gathered.lake.signs, gathered.lake.files, gathered.inventory.keys)
  const findings: readonly IntegrityFinding[] = [...trails.findings, ...lake.findings].sort(worstFirst)
  return { gathered, judgement: { ...trails, findings, clean: isClean(findings) }, lake }
}

/** Files with the same verdict, the word their events carry, and how or why: lines of `entry_verdict` that differ in the file only. */
export type FileVerdicts = {
  readonly verdict: LogVerdict
  readonly event: EventVerdict
  readonly detail: string
  /** Numbers of the ledger. */
  readonly entries: number[]
}

/**
 * The verdict of each file that something speaks about. Copies of a file share its verdict. The events of files with the same
 * bytes are the same events, stored once, so those files share one word for them, whichever of them came first.
 */
export function fileVerdicts({ gathered, judgement, lake }: JudgedCase): FileVerdicts[] {
  const { logCopies, logOriginals } = gathered
  const groups = new Map<string, FileVerdicts>()
  let last: FileVerdicts | undefined
  const note = (entry: number, verdict: LogVerdict, event: EventVerdict, detail: string): void => {
    if (last?.verdict !== verdict || last.event !== event || last.detail !== detail) {
      const key = `${verdict} ${event} ${detail}`
      last = groups.get(key) ?? { verdict, event, detail, entries: [] }
      groups.set(key, last)
    }
    last.entries.push(entry)
  }
  const sharedWords = wordsOfSameBytes(judgement, gathered)
  const noteLog = (log: FoundLog, entry: number): void => {
    const word = sharedWords.get(logOriginals.get(entry) ?? NOT_KEPT) ?? eventVerdictOf(log)
    note(entry, log.verdict, word, log.kind === 'unreferenced' ? log.reason : log.matchedBy)
  }
  for (const log of judgement.logs) {
    if (log.kind === 'missing') continue
    noteLog(log, log.fileId)
    for (const copy of logCopies.get(log.fileId) ?? []) noteLog(log, copy)
  }
  // Where two sign files name a file, the later one speaks; where a digest does, that one.
  for (const { entry, verdict, event, sign } of new Map(lake.verdicts.map((one) => [one.entry, one])).values())
    if (!logOriginals.has(entry)) note(entry, verdict, event, sign)
  return [...groups.values()]
}

const NOT_KEPT = -1

/** The one word for files with the same bytes, by their original; for originals of several files only, which are few. */
function wordsOfSameBytes(
  judgement: Judgement,
  { logCopies, logOriginals }: Gathered,
): ReadonlyMap<number, EventVerdict> {
  const files = new Map<number, number>()
  for (const original of logOriginals.values())
    if (original !== null) files.set(original, (files.get(original) ?? 0) + 1)
  const best = new Map<number, EventVerdict>()
  if (files.size === logOriginals.size) return best
  for (const log of judgement.logs) {
    if (log.kind === 'missing') continue
    const word = eventVerdictOf(log)
    for (const entry of [log.fileId, ...(logCopies.get(log.fileId) ?? [])]) {
      const original = logOriginals.get(entry) ?? NOT_KEPT
      if ((files.get(original) ?? 0) < 2) continue
      const known = best.get(original)
      best.set(original, known === undefined ? word : verdictOfOccurrences([word, known]))
    }
  }
  return best
}

type FoundLog = Exclude<LogJudgement, { kind: 'missing' }>
