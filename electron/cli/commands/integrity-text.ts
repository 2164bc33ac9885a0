import { counted, grouped } from '#shared/base/count.ts'
import type { ImportResult } from '#shared/contract/sources.ts'

type Summary = ImportResult['integrity']

const MOST_FINDINGS = 20

/** The digest check in words: one sentence first, then what is wrong. */
export function integrityLines(summary: Summary): string[] {
  const { digests, logs, findings } = summary
  const serious = findings.filter((f) => f.severity !== 'info')
  return [
    `Integrity: ${sentence(summary)}`,
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

function sentence({ digests, logs, clean }: Summary): string {
  if (logs.total === 0 && digests.total === 0) return 'there is nothing that digests could speak about.'
  if (digests.total === 0)
    return `no digest files came with this evidence, so nothing is proven about ${counted(logs.total, 'log file')}.`
  const proven = `${grouped(logs.proven)} of ${counted(logs.total, 'log file')} ${logs.total === 1 ? 'is' : 'are'} proven`
  return clean ? `${proven}; nothing speaks against the rest.` : `${proven}; not clean, see below.`
}
