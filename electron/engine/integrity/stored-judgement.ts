import type { IntegritySummary } from '#shared/domain/integrity.ts'
import type { OpenCase } from '../open-case.ts'
import { appendCustody } from '../annotations/custody.ts'
import { judgeCase } from './judge-case.ts'
import { summarise } from './summarise.ts'

/** Judges the case anew, keeps the verdicts and their summary, and says so in the custody log. */
export async function storeJudgement(open: OpenCase, signal: AbortSignal): Promise<IntegritySummary> {
  const judgement = await judgeCase(open.file, signal)
  const summary = summarise(judgement)
  await open.file.transaction(async (tx) => {
    await tx.run('insert into judgement values (1, ?) on conflict (id) do update set json = excluded.json', [
      JSON.stringify(summary),
    ])
    await appendCustody(
      tx,
      open.act('integrity.judge', {
        clean: summary.clean,
        digests: summary.digests,
        logs: summary.logs,
        findings: summary.findings.length,
      }),
    )
  })
  open.forgetVerdicts()
  return summary
}
