import type { Command } from 'commander'
import { counted } from '#shared/base/count.ts'
import { restoreDashes, wholeNumber } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { withCase } from '../session.ts'
import { tableLines } from '../text.ts'

type Options = { limit: number; timeout: number; json?: true }

export function addSql(program: Command, { terminal }: Cli): void {
  program
    .command('sql')
    .description('read-only SQL over the views events and files')
    .argument('<case>', 'the case file')
    .argument('<sql>', 'one SELECT')
    .option('--limit <n>', 'rows at most', wholeNumber(1), 1000)
    .option('--timeout <seconds>', 'stop after so many seconds', wholeNumber(1), 30)
    .option('--json', 'one JSON value on stdout')
    .action((path: string, sql: string, options: Options) =>
      withCase(terminal, path, undefined, async (session, caseId) => {
        const answer = await session.ask(
          'sql.run',
          { caseId, sql: restoreDashes(sql), limit: options.limit, timeoutMs: options.timeout * 1000 },
          { progress: (p) => terminal.progress(`${p.seconds.toFixed(0)} s`) },
        )
        if (options.json) return terminal.json(answer)
        const rows = answer.rows.map((row) => row.map((cell) => (cell === null ? 'NULL' : String(cell))))
        for (const line of tableLines([answer.columns, ...rows], terminal.width)) await terminal.line(line)
        terminal.say(
          `${counted(answer.rows.length, 'row')} in ${answer.seconds.toFixed(2)} s${answer.truncated ? '; there are more: raise --limit' : ''}`,
        )
      }),
    )
}
