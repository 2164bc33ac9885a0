import { counted, grouped } from '#shared/base/count.ts'
import type { ImportResult } from '#shared/contract/sources.ts'
import { verdictSentence } from '#engine/integrity/explain.ts'

type Summary = ImportResult['integrity']

const MOST_FINDINGS = 20

/** The digest check in words: one sentence first, then what is wrong. */
export function integrityLines(summary: Summary): string[] {
  const { digests, logs, findings } = summary
  const serious = findings.filter((f) => f.severity !== 'info')
  return [
    `Integrity: ${verdictSentence(summary)}`,
    ...(digests.total === 0
      ? []
      : [
          `  digests: ${grouped(digests.authentic)} authentic, ${grouped(digests.authenticByLink)} authentic by link, ${grouped(digests.consistent)} consistent but unauthenticated, ${grouped(digests.invalid)} invalid, ${grouped(digests.unverified)} unverified, of ${grouped(digests.total)}`,
        ]),
    ...(logs.total === 0
      ? []
      : [
          `  log files: ${grouped(logs.proven)} proven, ${grouped(logs.listedUnproven)} listed but unproven, ${grouped(logs.modified)} modified, ${grouped(logs.trailingData)} with trailing data, ${grouped(logs.unreadable)} unreadable, ${grouped(logs.missing)} missing, ${grouped(logs.unreferenced)} unreferenced, of ${grouped(logs.total)}`,
        ]),
    ...serious
      .slice(0, MOST_FINDINGS)
      .map((f) => `  ${f.severity} ${f.code}: ${f.path === '' ? '' : `${f.path}: `}${f.detail}`),
    ...(serious.length > MOST_FINDINGS
      ? [`  and ${counted(serious.length - MOST_FINDINGS, 'more finding')}: --json lists all`]
      : []),
  ]
}
