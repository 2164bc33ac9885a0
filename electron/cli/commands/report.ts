import { readFileSync } from 'node:fs'
import { extname, resolve } from 'node:path'
import { InvalidArgumentError, Option, type Command } from 'commander'
import { counted, grouped } from '#shared/base/count.ts'
import type { UtcMs } from '#shared/base/time.ts'
import type { AskOf, ProgressOf } from '#shared/contract/contract.ts'
import { sortOrder, time, wrongUsage } from '../arguments.ts'
import { CliFailure } from '../failure.ts'
import type { Cli } from '../cli.ts'
import { toQuery } from '../query-options.ts'
import { requireExaminer, withCase } from '../session.ts'

type Scope = NonNullable<AskOf<'report.make'>['scope']>
type Options = {
  out: string
  scope: Scope
  sort: 'eventTime' | '-eventTime'
  paper: 'A4' | 'Letter'
  date?: UtcMs
  redact?: string
  certificate: boolean
  draft?: true
  examiner?: string
  json?: true
}

export function addReport(program: Command, { terminal, outcome }: Cli): void {
  program
    .command('report')
    .description('the printed timeline')
    .argument('<case>', 'the case file')
    .requiredOption('--out <file>', 'the file to make: FILE.pdf or FILE.html')
    .option('--scope <scope>', 'bookmarks, tag:T or query:Q', scope, { kind: 'bookmarks' })
    .option('--draft', 'mark it as a draft')
    .option('--sort <order>', 'eventTime (oldest first) or -eventTime (newest first)', sortOrder, 'eventTime')
    .addOption(new Option('--paper <size>', 'size of the pages').choices(['A4', 'Letter']).default('A4'))
    .option('--date <time>', 'time of printing; the same case and time give the same bytes (default: now)', time)
    .option('--redact <file>', 'values to remove: JSON, [{"value":"…","reason":"…"}]')
    .option('--no-certificate', 'without the draft certificate for FRE 902(13)/(14)')
    .option('--examiner <name>', 'who prints, for the custody log (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action(async (path: string, options: Options, command: Command) => {
      const format = formatOf(options.out, command)
      const examiner = requireExaminer(terminal, options.examiner)
      const redactions = options.redact === undefined ? [] : readRedactions(options.redact)
      await withCase(terminal, path, examiner, async (session, caseId) => {
        const made = await session.ask(
          'report.make',
          {
            caseId,
            grant: session.grant(options.out, 'save'),
            format,
            paper: options.paper,
            scope: options.scope,
            draft: options.draft === true,
            sort: options.sort,
            certificate: options.certificate,
            redactions,
            ...(options.date !== undefined && { printed: options.date }),
          },
          {
            progress: (p) => terminal.progress(progressText(p)),
            ...(options.scope.kind === 'query' && { query: options.scope.query.text }),
          },
        )
        if (made.integrityFailed) outcome.code = 1
        if (made.missing.length > 0)
          terminal.say(
            `Printed as a draft: the case does not name ${made.missing.join(' and ')}. Add it in the case data.`,
          )
        const { file: _, ...rest } = made
        if (options.json) return terminal.json({ out: resolve(options.out), ...rest })
        await terminal.line(`Wrote ${resolve(options.out)} (${made.status}, report ${made.reportId}).`)
        await terminal.line(
          `  ${counted(made.events, 'event')}${made.pages === null ? '' : ` on ${counted(made.pages, 'page')}`}; bookmarks in case ${grouped(made.bookmarks.inCase)}, excluded ${grouped(made.bookmarks.excluded)}`,
        )
        await terminal.line(`  SHA-256 ${made.sha256}, also in the custody log`)
        if (made.integrityFailed)
          await terminal.line('  An integrity check FAILED: the report says which, in words and on every page.')
      })
    })
}

function formatOf(out: string, command: Command): 'pdf' | 'html' {
  const ending = extname(out).toLowerCase()
  if (ending === '.pdf') return 'pdf'
  if (ending === '.html' || ending === '.htm') return 'html'
  return wrongUsage(command, '--out needs a name that ends in .pdf or .html.')
}

function scope(text: string): Scope {
  if (text === 'bookmarks') return { kind: 'bookmarks' }
  if (text.startsWith('tag:') && text.length > 4) return { kind: 'tag', tag: text.slice(4) }
  if (text.startsWith('query:')) return { kind: 'query', query: toQuery(text.slice(6), {}) }
  throw new InvalidArgumentError('Write bookmarks, tag:NAME or query:QUERY.')
}

function readRedactions(path: string): { value: string; reason: string }[] {
  const wrong = (why: string) =>
    new CliFailure(
      'bad-input',
      `${path} ${why}. Write a JSON list such as [{"value":"203.0.113.7","reason":"personal data"}].`,
    )
  let parsed: unknown
  try {
    parsed = JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    throw wrong('cannot be read as JSON')
  }
  if (!Array.isArray(parsed)) throw wrong('is no list')
  return parsed.map((one: unknown) => {
    if (typeof one !== 'object' || one === null || !('value' in one) || !('reason' in one))
      throw wrong('has a member without value and reason')
    const { value, reason } = one
    if (typeof value !== 'string' || typeof reason !== 'string') throw wrong('has a value or a reason that is no text')
    return { value, reason }
  })
}

function progressText(p: ProgressOf<'report.make'>): string {
  const words = {
    originals: 'hashing originals again',
    digests: 'judging digests',
    custody: 'checking the custody log',
    gathering: 'gathering events',
    drawing: 'drawing pages',
  } as const
  return `${words[p.step]}: ${grouped(p.done)} of ${grouped(p.total)}`
}
