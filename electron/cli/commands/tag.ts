import type { Command } from 'commander'
import { counted, grouped } from '#shared/base/count.ts'
import { collect, restoreDashes, wholeNumber, wrongUsage } from '../arguments.ts'
import { findEvent } from '../find-event.ts'
import type { Cli } from '../cli.ts'
import { toQuery } from '../query-options.ts'
import { requireExaminer, withCase } from '../session.ts'
import { tableLines } from '../text.ts'

type Options = {
  event?: readonly string[]
  query?: string
  remove?: true
  colour?: number
  tactic?: string
  technique?: readonly string[]
  description?: string
  examiner?: string
  json?: true
}

export function addTag(program: Command, { terminal }: Cli): void {
  program
    .command('tag')
    .description('tag events, or all events of a query')
    .argument('<case>', 'the case file')
    .argument('<tag>', 'the name of the tag')
    .option('--event <id>', 'an eventID, or # and the number in the case; may be repeated', collect)
    .option('--query <query>', 'all events of this query')
    .option('--remove', 'take the tag off')
    .option('--colour <n>', 'its colour, 0 to 7', wholeNumber(0))
    .option('--tactic <id>', 'the ATT&CK tactic it stands for, such as TA0010')
    .option('--technique <id>', 'an ATT&CK technique, such as T1537; may be repeated', collect)
    .option('--description <text>', 'what it means')
    .option('--examiner <name>', 'who works on the case (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action(async (path: string, tag: string, options: Options, command: Command) => {
      const examiner = requireExaminer(terminal, options.examiner)
      const { event, query, remove } = options
      const meaning = meaningOf(options)
      const defines = Object.keys(meaning).length > 0
      if (event && query !== undefined) wrongUsage(command, '--event and --query exclude each other.')
      if (!event && query === undefined && !defines)
        wrongUsage(command, 'say which events: --event ID or --query QUERY.')
      await withCase(terminal, path, examiner, async (session, caseId) => {
        if (defines) await session.ask('tags.define', { caseId, name: tag, ...meaning })
        if (!event && query === undefined)
          return options.json ? terminal.json({ tag, changed: 0, already: 0 }) : terminal.line(`Defined ${tag}.`)
        const text = restoreDashes(query) ?? ''
        const ids: number[] = []
        for (const one of event ?? []) ids.push(await findEvent(session, caseId, one))
        const { changed, already } = await session.ask(
          remove ? 'tags.remove' : 'tags.apply',
          { caseId, tag, events: event ? { kind: 'events', ids } : { kind: 'query', query: toQuery(text, {}) } },
          { query: text, progress: (p) => terminal.progress(`${p.phase}: ${grouped(p.done)} of ${grouped(p.total)}`) },
        )
        if (options.json) return terminal.json({ tag, changed, already })
        return terminal.line(
          `${remove ? 'Took' : 'Put'} ${tag} ${remove ? 'off' : 'on'} ${counted(changed, 'event')}; ${grouped(already)} ${remove ? 'did not carry it' : 'carried it already'}.`,
        )
      })
    })
}

const meaningOf = ({ colour, tactic, technique, description }: Options) => ({
  ...(colour !== undefined && { colour }),
  ...(tactic !== undefined && { tactic }),
  ...(technique !== undefined && { techniques: [...technique] }),
  ...(description !== undefined && { description }),
})

export function addTags(program: Command, { terminal }: Cli): void {
  program
    .command('tags')
    .description('list the tags of a case')
    .argument('<case>', 'the case file')
    .option('--json', 'one JSON value on stdout')
    .action((path: string, options: { json?: true }) =>
      withCase(terminal, path, undefined, async (session, caseId) => {
        const { tags } = await session.ask('annotations.state', { caseId })
        if (options.json) return terminal.json({ tags })
        const rows = tags.map((t) => [
          grouped(t.events),
          t.name,
          [t.tactic, ...t.techniques].join(' ').trim(),
          t.description,
        ])
        for (const line of tableLines([['events', 'tag', 'ATT&CK', 'meaning'], ...rows], terminal.width))
          await terminal.line(line)
      }),
    )
}
