import type { Command } from 'commander'
import { counted, grouped } from '#shared/base/count.ts'
import type { Cli } from '../cli.ts'
import { examinerOf, withCase } from '../session.ts'

export function addVerify(program: Command, { terminal, outcome }: Cli): void {
  program
    .command('verify')
    .description('check the case itself: originals against hashes, columns against originals, custody chain, database')
    .argument('<case>', 'the case file')
    .option('--examiner <name>', 'who checks, for the custody log (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action((path: string, options: { examiner?: string; json?: true }) =>
      withCase(terminal, path, examinerOf(terminal, options.examiner), async (session, caseId) => {
        const result = await session.ask(
          'cases.verify',
          { caseId },
          { progress: (p) => terminal.progress(`checking ${p.check}: ${grouped(p.done)} of ${grouped(p.total)}`) },
        )
        if (!result.clean) outcome.code = 1
        if (options.json) return terminal.json(result)
        for (const check of result.checks) {
          await terminal.line(
            `${check.failed === 0 ? 'ok    ' : 'FAILED'} ${check.name}: ${grouped(check.checked)} checked, ${grouped(check.failed)} failed`,
          )
          for (const failure of check.failures) await terminal.line(`         ${failure}`)
        }
        const failed = result.checks.filter((check) => check.failed > 0).length
        await terminal.line(
          result.clean ? 'The case is whole.' : `The case is not whole: ${counted(failed, 'check')} failed.`,
        )
      }),
    )
}
