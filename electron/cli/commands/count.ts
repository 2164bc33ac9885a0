import type { Command } from 'commander'
import { counted, grouped } from '#shared/base/count.ts'
import { collectFields, restoreDashes, span, wholeNumber } from '../arguments.ts'
import type { Cli } from '../cli.ts'
import { addRange, toQuery, type RangeOptions } from '../query-options.ts'
import { withCase } from '../session.ts'
import { isoOrNull, tableLines } from '../text.ts'

type Options = RangeOptions & { by?: readonly string[]; every?: number; top?: number; json?: true }

export function addCount(program: Command, { terminal }: Cli): void {
  addRange(
    program
      .command('count')
      .description('counts, facets, histogram')
      .argument('<case>', 'the case file')
      .argument('[query]', 'the query; in quotes'),
  )
    .option('--by <fields>', 'count by the values of up to four fields, parted by commas', collectFields)
    .option('--every <width>', 'count by time: 1m, 5m, 1h, 1d', span)
    .option('--top <n>', 'only the first n groups', wholeNumber(1))
    .option('--json', 'one JSON value on stdout')
    .action((path: string, typed: string | undefined, options: Options) => {
      const text = restoreDashes(typed)
      return withCase(terminal, path, undefined, async (session, caseId) => {
        const answer = await session.ask(
          'events.count',
          {
            caseId,
            query: toQuery(text, options),
            by: [...(options.by ?? [])],
            ...(options.every !== undefined && { everyMs: options.every }),
            ...(options.top !== undefined && { top: options.top }),
          },
          { query: text ?? '' },
        )
        const groups = answer.groups.map((g) => ({
          key: g.key,
          count: g.count,
          first: isoOrNull(g.firstMs),
          last: isoOrNull(g.lastMs),
        }))
        if (options.json) return terminal.json({ total: answer.total, groups })
        const names = [...(options.every === undefined ? [] : ['from']), ...(options.by ?? [])]
        if (names.length > 0) {
          const rows = groups.map((g) => [
            grouped(g.count),
            ...g.key.map((value) => value ?? '(absent)'),
            g.first ?? '-',
            g.last ?? '-',
          ])
          for (const line of tableLines([['events', ...names, 'first', 'last'], ...rows], terminal.width))
            await terminal.line(line)
        }
        return terminal.line(
          `${counted(answer.total, 'event')}${names.length > 0 ? ` in ${counted(groups.length, 'group')} shown` : ''}`,
        )
      })
    })
}
