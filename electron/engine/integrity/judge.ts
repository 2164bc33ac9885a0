import { buildChains } from './build-chains.ts'
import { makeClassifier } from './classify-unreferenced.ts'
import { compareText } from './collections.ts'
import { findFindings, isClean } from './find-findings.ts'
import type { Inventory, Judgement, LogJudgement } from './judgement.ts'
import { matchLogs } from './match-logs.ts'
import { proveDigests } from './prove-digests.ts'

/**
 * Judges the evidence of a case: which digests AWS signed, which log files they prove, what is altered, missing or
 * unexplained. The rules are CloudTrail's log file integrity validation, applied to copies and without a network. Depends
 * only on its argument, not on the order of the lists in it; takes time in proportion to their length.
 */
export function judge(inventory: Inventory): Judgement {
  const proved = proveDigests(inventory)
  const { chains, flags } = buildChains(proved, inventory.controlEvents)
  const digests = proved.map((digest, index) => {
    const more = flags.get(index)
    return more ? { ...digest, flags: [...digest.flags, ...more].sort() } : digest
  })
  const { judged, unlisted } = matchLogs(digests, inventory.logs)
  const logs = [...judged, ...unlisted.map(makeClassifier(chains))].sort(byPath)
  const findings = findFindings({ digests, logs, chains })
  return { digests, logs, chains, findings, clean: isClean(findings) }
}

const pathOf = (log: LogJudgement): string => (log.kind === 'missing' ? log.listing.key : log.path)
const byPath = (a: LogJudgement, b: LogJudgement): number =>
  compareText(pathOf(a), pathOf(b)) ||
  compareText(a.kind, b.kind) ||
  (a.kind !== 'missing' && b.kind !== 'missing' ? a.fileId - b.fileId : 0)
