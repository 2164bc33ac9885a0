import { extname, resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { counted, grouped } from '#shared/base/count.ts'
import { displayUtc, utcMs } from '#shared/base/time.ts'
import { wrongUsage } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { examinerOf, withSession } from '../session.ts'

type Options = { out?: string; paper: 'A4' | 'Letter'; examiner?: string; json?: true }

export function addValidate(program: Command, { terminal, outcome }: Cli): void {
  program
    .command('validate')
    .description('check this installation against known answers, on made-up evidence; no case is touched')
    .option('--out <file>', 'print the dated result to FILE.pdf')
    .addOption(new Option('--paper <size>', 'size of the page').choices(['A4', 'Letter']).default('A4'))
    .option('--examiner <name>', 'who ran it, for the page (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action((options: Options, command: Command) => {
      if (options.out !== undefined && extname(options.out).toLowerCase() !== '.pdf')
        wrongUsage(command, '--out needs a name that ends in .pdf.')
      return withSession(terminal, async (session) => {
        const result = await session.ask(
          'validation.run',
          {},
          { progress: (p) => terminal.progress(`${grouped(p.done)} of ${grouped(p.total)}: ${p.check}`) },
        )
        const failed = result.checks.filter((check) => !check.passed).length
        if (failed > 0 || result.checks.length === 0) outcome.code = 1
        const saved =
          options.out === undefined
            ? undefined
            : await session.ask('validation.save', {
                grant: session.grant(options.out, 'save'),
                paper: options.paper,
                examiner: examinerOf(terminal, options.examiner)?.name ?? '',
              })
        if (options.json) {
          const out = options.out === undefined || !saved ? {} : { out: resolve(options.out), ...saved }
          return terminal.json({ clean: outcome.code === 0, ...result, ...out })
        }
        for (const { id, passed, requirement, expected, found } of result.checks) {
          await terminal.line(`${id}  ${passed ? 'passed' : 'FAILED'}  ${requirement}`)
          if (!passed) await terminal.line(`      expected ${expected}; found ${found}`)
        }
        await terminal.line(
          `${displayUtc(utcMs(result.ranAt))}: ${counted(result.checks.length, 'check')}, ${failed === 0 ? 'none' : grouped(failed)} failed, ${result.seconds.toFixed(1)} s`,
        )
        if (saved) await terminal.line(`Wrote ${resolve(options.out ?? '')}, SHA-256 ${saved.sha256}`)
      })
    })
}
