import type { EventVerdict, IntegrityFinding } from '#shared/domain/integrity.ts'
import { stopIfCancelled } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { eventVerdictOf } from './event-verdict.ts'
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

/** The verdict of each file that something speaks about; copies of a file share its verdict. */
export function verdictRows({ gathered, judgement, lake }: JudgedCase): VerdictRow[] {
  const ofTrails = judgement.logs.flatMap((log): VerdictRow[] => {
    if (log.kind === 'missing') return []
    const detail = log.kind === 'unreferenced' ? log.reason : log.matchedBy
    return [log.fileId, ...(gathered.logCopies.get(log.fileId) ?? [])].map((file) => [
      file,
      log.verdict,
      eventVerdictOf(log),
      detail,
    ])
  })
  const judged = new Set(ofTrails.map(([entry]) => entry))
  const ofLake = new Map(lake.verdicts.map((one) => [one.entry, one]))
  return [
    ...ofTrails,
    ...[...ofLake.values()].flatMap((one): VerdictRow[] =>
      judged.has(one.entry) ? [] : [[one.entry, one.verdict, one.event, one.sign]],
    ),
  ]
}
