import { utcMs } from '#shared/base/time.ts'
import { counted } from '#shared/base/count.ts'
import type { IntegrityFacts } from '#shared/domain/report.ts'
import { lastChange } from '../annotations/list-custody.ts'
import type { ReportChecks } from '../annotations/report/report-wish.ts'
import type { CoveredChain } from '../integrity/coverage.ts'
import { verdictSentence } from '../integrity/explain.ts'
import { judgeCase } from '../integrity/judge-case.ts'
import { summarise } from '../integrity/summarise.ts'
import type { OpenCase } from '../open-case.ts'
import type { Connection } from '../storage/sqlite.ts'
import { checkCustody } from '../verify/check-custody.ts'
import { checkOperations } from '../verify/check-operations.ts'
import { rehashOriginals } from '../verify/rehash-originals.ts'
import { coverageSpans } from './report-coverage.ts'

const AS_OF =
  'The head is that of the last act that changed the case; openings, checks, exports and prints after it are on the log in the case.'

export type CheckStep = 'originals' | 'digests' | 'custody'
type Progress = (step: CheckStep, done: number, total: number) => void

/**
 * Checks what a report vouches for, now: every original is hashed again, the digests are judged again from their bytes, the custody
 * log and the annotations are verified. What fails is printed in words (FS-03). @throws Refusal `cancelled`.
 */
export async function checkForReport(
  open: OpenCase,
  printedMs: number,
  progress: Progress,
  signal: AbortSignal,
): Promise<ReportChecks> {
  const { reader } = open.file
  const originals = await rehash(open, progress, signal)
  const { summary, chains } = await judgeAgain(reader, progress, signal)
  progress('custody', 0, 1)
  const custody = await checkCustody(reader, signal)
  const annotations = await checkOperations(reader, signal)
  const head = await lastChange(reader)
  const integrity: IntegrityFacts = {
    checkedAt: utcMs(printedMs),
    sources: originals.facts,
    custodyLog: {
      entries: head.entries,
      head: head.hash,
      valid: custody.failed === 0,
      detail:
        custody.failed === 0
          ? AS_OF
          : `${counted(custody.failed, 'entry', 'entries')} failed: ${custody.failures.slice(0, 10).join(' ')}`,
    },
    digests: { sentence: verdictSentence(summary), clean: summary.clean, findings: summary.findings },
    otherChecks: [
      { name: 'annotations against the custody log', checked: annotations.checked, failures: annotations.failures },
    ],
    package: null,
  }
  return {
    integrity,
    byOriginal: originals.byOriginal,
    gaps: summary.chains.flatMap(({ account, region, gaps }) =>
      gaps.map((gap) => ({
        account,
        region,
        fromMs: Date.parse(gap.from),
        toMs: Date.parse(gap.to),
        reason: gap.reason,
      })),
    ),
    coverage: (fromMs, toMs) => coverageSpans(chains, utcMs(fromMs), utcMs(toMs)),
  }
}

/**
 * The digests judged again. Only what the report says of them is kept: the judgement of a large bucket holds every digest and file,
 * hundreds of megabytes that would lie beside the pages while they are drawn.
 */
async function judgeAgain(reader: Connection, progress: Progress, signal: AbortSignal) {
  const { judgement } = await judgeCase(reader, signal, (done, total) => progress('digests', done, total))
  const chains = judgement.chains.map(({ account, region, trail, backfill, windows, gaps }): CoveredChain => ({
    ...{ account, region, trail, backfill },
    windows: windows.map((window) => ({ ...window })),
    gaps: gaps.map(({ from, to, reason, key }) => ({ from, to, reason, key })),
  }))
  return { summary: summarise(judgement), chains }
}

async function rehash(open: OpenCase, progress: Progress, signal: AbortSignal) {
  const byOriginal = new Map<number, 'match' | 'differs' | 'unreadable'>()
  const differ: { path: string; expected: string; found: string }[] = []
  const unreadable: string[] = []
  let match = 0
  for await (const one of rehashOriginals(
    open.file.reader,
    (done, total) => progress('originals', done, total),
    signal,
  )) {
    byOriginal.set(one.id, one.kind)
    if (one.kind === 'match') match++
    else if (one.kind === 'differs') differ.push({ path: one.path, expected: one.expected, found: one.found })
    else unreadable.push(`${one.path} (${one.problem})`)
  }
  return { facts: { match, differ, unreadable }, byOriginal }
}
