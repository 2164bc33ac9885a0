import { Option, type Command } from 'commander'
import { counted } from '#shared/base/count.ts'
import type { CaseId } from '#shared/contract/common.ts'
import type { CustodyEntryShown } from '#shared/contract/annotations.ts'
import type { Cli } from '../cli.ts'
import { requireExaminer, withCase, type Session } from '../session.ts'
import { iso, tableLines } from '../text.ts'

type Options = { head?: true; logViews?: 'on' | 'off'; examiner?: string; json?: true }

const PAGE = 10_000

export function addCustody(program: Command, { terminal }: Cli): void {
  program
    .command('custody')
    .description('the custody log, oldest entry first')
    .argument('<case>', 'the case file')
    .option('--head', 'only how many entries there are and the hash of the last one, to be noted elsewhere')
    .addOption(
      new Option('--log-views <switch>', 'whether searches and views are logged from now on').choices(['on', 'off']),
    )
    .option('--examiner <name>', 'who switches --log-views (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action((path: string, options: Options) => {
      const { logViews } = options
      const examiner = logViews === undefined ? undefined : requireExaminer(terminal, options.examiner)
      return withCase(terminal, path, examiner, async (session, caseId) => {
        if (logViews !== undefined) {
          const answer = await session.ask('custody.logViews', { caseId, on: logViews === 'on' })
          return options.json
            ? terminal.json(answer)
            : terminal.line(`Searches and views are ${answer.logViews ? 'logged' : 'not logged'} from now on.`)
        }
        if (options.head) {
          const { entries, hash } = await session.ask('custody.head', { caseId })
          return options.json
            ? terminal.json({ entries, hash })
            : terminal.line(`${counted(entries, 'entry', 'entries')}, the last one ${hash}`)
        }
        return list(session, caseId, terminal, options.json === true)
      })
    })
}

async function list(session: Session, caseId: CaseId, terminal: Cli['terminal'], isJson: boolean): Promise<void> {
  let first = true
  for (let offset = 0; ; offset += PAGE) {
    const { entries, all } = await session.ask('custody.list', { caseId, offset, limit: PAGE })
    if (isJson) {
      if (first) await terminal.write(`{"total":${all},"entries":[`)
      await terminal.write(entries.map((entry, n) => `${first && n === 0 ? '' : ','}${entryJson(entry)}`).join(''))
    } else {
      const rows = entries.map((e) => [String(e.seq), iso(e.timeMs), e.examiner, e.action, e.detail])
      for (const line of tableLines(
        first ? [['entry', 'time', 'examiner', 'action', 'what'], ...rows] : rows,
        terminal.width,
      ))
        await terminal.line(line)
    }
    first = false
    if (entries.length < PAGE) break
  }
  if (isJson) await terminal.write(']}\n')
}

/** The body is JSON text already and goes in as it is stored: its bytes are what was hashed. */
function entryJson({ timeMs, body, ...rest }: CustodyEntryShown): string {
  return `${JSON.stringify({ ...rest, time: iso(timeMs) }).slice(0, -1)},"body":${body}}`
}
