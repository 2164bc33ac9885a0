import type { EventVerdict, IntegrityFinding } from '#shared/domain/integrity.ts'
import { stopIfCancelled } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { bestEventVerdict, eventVerdictOf } from './event-verdict.ts'
import { isClean, worstFirst } from './find-findings.ts'
import { gatherInventory, type Gathered, type Told } from './gather-inventory.ts'
import { judge } from './judge.ts'
import type { Judgement } from './judgement.ts'
import { judgeLake, type LakeJudgement } from './lake-results.ts'

/** A case judged as a whole: trails and saved Lake queries. */
export type JudgedCase = {
  readonly gathered: Gathered
  /** Its findings are those of both. */
  readonly judgement: Judgement
  readonly lake: LakeJudgement
}

/** Judges a case anew from its originals. Reads only; may be repeated at any time, and always gives the same for the same evidence. */
export async function judgeCase(reader: Connection, signal: AbortSignal, told?: Told): Promise<JudgedCase> {
  const gathered = await gatherInventory(reader, signal, told)
  stopIfCancelled(signal)
  const trails = judge(gathered.inventory)
  const lake = judgeLake(gathered.lake.signs, gathered.lake.files, gathered.inventory.keys)
  const findings: readonly IntegrityFinding[] = [...trails.findings, ...lake.findings].sort(worstFirst)
  return { gathered, judgement: { ...trails, findings, clean: isClean(findings) }, lake }
}

/** A line of `entry_verdict`: the file, its verdict, the word its events carry, and how or why. */
export type VerdictRow = readonly [entry: number, verdict: string, event: EventVerdict, detail: string]

/**
 * The verdict of each file that something speaks about. Copies of a file share its verdict. The events of files with the same
 * bytes are the same events, stored once, so those files share the best word for them, whichever of them came first.
 */
export function verdictRows({ gathered, judgement, lake }: JudgedCase): VerdictRow[] {
  const { logCopies, logOriginals } = gathered
  const ofTrails = judgement.logs.flatMap((log): VerdictRow[] => {
    if (log.kind === 'missing') return []
    const detail = log.kind === 'unreferenced' ? log.reason : log.matchedBy
    const files = [log.fileId, ...(logCopies.get(log.fileId) ?? [])]
    return files.map((file) => [file, log.verdict, eventVerdictOf(log), detail])
  })
  const best = new Map<number, EventVerdict>()
  for (const [entry, , word] of ofTrails) {
    const original = logOriginals.get(entry)
    if (original !== undefined) best.set(original, bestEventVerdict([word, best.get(original) ?? word]))
  }
  const judged = new Set(ofTrails.map(([entry]) => entry))
  const ofLake = new Map(lake.verdicts.flatMap((one) => (judged.has(one.entry) ? [] : [[one.entry, one]])))
  return [
    ...ofTrails.map(([entry, verdict, word, detail]): VerdictRow => {
      const original = logOriginals.get(entry)
      return [entry, verdict, (original === undefined ? undefined : best.get(original)) ?? word, detail]
    }),
    ...[...ofLake.values()].map((one): VerdictRow => [one.entry, one.verdict, one.event, one.sign]),
  ]
}
