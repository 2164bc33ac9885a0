import { resolve } from 'node:path'
import { Option, type Command } from 'commander'
import { counted, grouped } from '#shared/base/count.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import type { CaseId } from '#shared/contract/common.ts'
import type { EventRow } from '#shared/contract/events.ts'
import type { NamedIndicator } from '#shared/domain/export.ts'
import { csvRows, safeRow } from '#engine/exchange/formats/csv-text.ts'
import { collectFields, restoreDashes, sortOrder, wholeNumber, wrongUsage } from '../arguments.ts'
import { exportEvents, type FileFormat, fileFormats, indicator } from '../export-events.ts'
import { openSink, type Sink } from '../sink.ts'
import type { Cli } from '../cli.ts'
import { addRange, toQuery, type RangeOptions } from '../query-options.ts'
import { examinerOf, withCase, type Session } from '../session.ts'
import type { Terminal } from '../terminal.ts'
import { tableLines } from '../text.ts'

type Format = 'table' | 'json' | 'jsonl' | FileFormat
type Options = RangeOptions & {
  sort: 'eventTime' | '-eventTime'
  limit?: number
  offset: number
  fields?: readonly string[]
  format?: Exclude<Format, 'json'>
  out?: string
  indicator?: readonly NamedIndicator[]
  examiner?: string
  json?: true
}

/** What a list is asked for, in one value. */
type Wanted = {
  readonly caseId: CaseId
  readonly text: string
  readonly query: ReturnType<typeof toQuery>
  readonly offset: number
  readonly limit: number
  readonly fields: readonly string[] | undefined
}

const tableFields = [
  'eventTime',
  'eventSource',
  'eventName',
  'principal',
  'sourceIPAddress',
  'awsRegion',
  'errorCode',
  'eventID',
]
/** A person reads a screen or two; a program gets everything unless it says otherwise. */
const TABLE_LIMIT = 100
const PAGE = 1000

export function addEvents(program: Command, { terminal }: Cli): void {
  addRange(
    program
      .command('events')
      .description('list events')
      .argument('<case>', 'the case file')
      .argument('[query]', 'the query; in quotes'),
  )
    .option('--sort <order>', 'eventTime (oldest first) or -eventTime (newest first)', sortOrder, 'eventTime')
    .option(
      '--limit <n>',
      'events at most (a table shows 100 unless told otherwise, everything else shows all)',
      wholeNumber(0),
    )
    .option('--offset <n>', 'leave out the first n', wholeNumber(0), 0)
    .option('--fields <names>', "only these fields, parted by commas; CloudTrail's names", collectFields)
    .addOption(new Option('--format <format>', 'how to list them').choices(['table', 'jsonl', ...fileFormats]))
    .option(
      '--indicator <kind:value>',
      'for stix and misp: a value of these events that you confirm as an indicator (address:, key:, principal:, agent:); may be repeated',
      indicator,
    )
    .option('--out <file>', 'write to a new file instead of stdout')
    .option('--examiner <name>', 'who exports, for the custody log (or TRAILCASE_EXAMINER)')
    .option('--json', 'one JSON value on stdout')
    .action(async (path: string, typed: string | undefined, options: Options, command: Command) => {
      const text = restoreDashes(typed) ?? ''
      const format = formatOf(options, command)
      await withCase(
        terminal,
        path,
        isFileFormat(format) ? examinerOf(terminal, options.examiner) : undefined,
        async (session, caseId) => {
          const limit = options.limit ?? (format === 'table' ? TABLE_LIMIT : Infinity)
          const wanted: Wanted = {
            caseId,
            text,
            query: toQuery(text, options, options.sort),
            offset: options.offset,
            limit,
            fields: options.fields,
          }
          if (format === 'table') return listTable(session, terminal, wanted)
          if (isFileFormat(format) && !(format === 'csv' && options.fields))
            return exportEvents(session, terminal, {
              ...wanted,
              format,
              out: options.out,
              indicators: options.indicator ?? [],
            })
          const sink = await openSink(terminal, options.out)
          try {
            const shown = await listAs(format, session, sink, wanted)
            await sink.done()
            if (options.out !== undefined) terminal.say(`Wrote ${shownOf(shown)} to ${resolve(options.out)}.`)
          } finally {
            await sink.abandon()
          }
        },
      )
    })
}

const isFileFormat = (format: Format): format is FileFormat => (fileFormats as readonly string[]).includes(format)

function formatOf(options: Options, command: Command): Format {
  if (options.json) {
    if (options.format !== undefined && options.format !== 'jsonl')
      wrongUsage(command, '--json and --format exclude each other.')
    return 'json'
  }
  if (options.indicator && options.format !== 'stix' && options.format !== 'misp')
    wrongUsage(command, '--indicator goes with --format stix or misp.')
  if (options.fields && options.format !== undefined && isFileFormat(options.format) && options.format !== 'csv')
    wrongUsage(command, `--fields goes with table, jsonl and csv; ${options.format} has columns of its own.`)
  if (options.format !== undefined) {
    if (options.format === 'table' && options.out !== undefined)
      wrongUsage(command, '--out needs another --format than table.')
    return options.format
  }
  if (options.out === undefined) return 'table'
  const ending = /\.(jsonl|csv|xlsx)$/i.exec(options.out)?.[1]?.toLowerCase()
  if (ending === undefined) wrongUsage(command, '--out needs --format.')
  return ending as Format
}

type Shown = { readonly shown: number; readonly total: number; readonly truncated: boolean }
const shownOf = ({ shown, total }: Shown): string => `${grouped(shown)} of ${counted(total, 'event')}`

function countShown({ offset, limit }: Wanted, total: number): Shown {
  const shown = Math.max(0, Math.min(limit, total - offset))
  return { shown, total, truncated: shown < total }
}

function listAs(format: 'json' | 'jsonl' | FileFormat, session: Session, sink: Sink, wanted: Wanted): Promise<Shown> {
  if (format === 'json') return listJson(session, sink, wanted)
  return format === 'jsonl' ? listJsonLines(session, sink, wanted) : listCsv(session, sink, wanted)
}

/** Pages of JSON objects: the records themselves, or only the fields asked for. */
async function* pagesOfJson(
  session: Session,
  wanted: Wanted,
): AsyncGenerator<{ total: number; lines: readonly string[] }> {
  const { fields } = wanted
  if (fields) {
    for await (const page of pagesOfRows(session, wanted, fields))
      yield { total: page.total, lines: page.rows.map((row) => flatJson(row, fields)) }
    return
  }
  for (const { offset, limit } of parts(wanted)) {
    const page = await session.ask(
      'events.records',
      { caseId: wanted.caseId, query: wanted.query, offset, limit },
      { query: wanted.text },
    )
    yield { total: page.total, lines: page.lines }
    if (page.lines.length < limit) return
  }
}

async function* pagesOfRows(
  session: Session,
  wanted: Wanted,
  fields: readonly string[],
): AsyncGenerator<OutputOf<'events.find'>> {
  for (const { offset, limit } of parts(wanted)) {
    const page = await session.ask(
      'events.find',
      { caseId: wanted.caseId, query: wanted.query, offset, limit, fields: [...fields] },
      { query: wanted.text },
    )
    yield page
    if (page.rows.length < limit) return
  }
}

/** The places of the pages. At least one, which brings the total. */
function* parts({ offset, limit }: Wanted): Generator<{ offset: number; limit: number }> {
  for (let done = 0; done === 0 || done < limit; done += PAGE)
    yield { offset: offset + done, limit: Math.min(PAGE, limit - done) }
}

const flatJson = (row: EventRow, fields: readonly string[]): string =>
  JSON.stringify({ ...Object.fromEntries(fields.map((field, n) => [field, row.values[n] ?? null])), _id: row.id })

async function listJson(session: Session, sink: Sink, wanted: Wanted): Promise<Shown> {
  let shown: Shown | undefined
  for await (const { total, lines } of pagesOfJson(session, wanted)) {
    const isFirst = shown === undefined
    shown ??= countShown(wanted, total)
    if (isFirst) {
      const { truncated } = shown
      await sink.write(
        `{"total":${total},"shown":${shown.shown},"truncated":${truncated},"query":${JSON.stringify(wanted.text)},"events":[`,
      )
    }
    if (lines.length > 0) await sink.write((isFirst ? '' : ',') + lines.join(','))
  }
  await sink.write(']}\n')
  return shown ?? { shown: 0, total: 0, truncated: false }
}

async function listJsonLines(session: Session, sink: Sink, wanted: Wanted): Promise<Shown> {
  let shown: Shown | undefined
  for await (const { total, lines } of pagesOfJson(session, wanted)) {
    shown ??= countShown(wanted, total)
    for (const line of lines) await sink.write(`${line}\n`)
  }
  return shown ?? { shown: 0, total: 0, truncated: false }
}

/** Chosen fields as CSV, safe for a spreadsheet; the last column says whether a cell had to be changed for that. */
async function listCsv(session: Session, sink: Sink, wanted: Wanted): Promise<Shown> {
  const fields = wanted.fields ?? tableFields
  let shown: Shown | undefined
  for await (const { total, rows } of pagesOfRows(session, wanted, fields)) {
    if (shown === undefined) await sink.write(csvRows([[...fields, 'neutralised']]))
    shown ??= countShown(wanted, total)
    if (rows.length > 0)
      await sink.write(
        csvRows(
          rows.map((row) =>
            safeRow(
              row.values.map((value) => value ?? ''),
              () => false,
            ),
          ),
        ),
      )
  }
  return shown ?? { shown: 0, total: 0, truncated: false }
}

async function listTable(session: Session, terminal: Terminal, wanted: Wanted): Promise<void> {
  const fields = wanted.fields ?? tableFields
  let shown: Shown | undefined
  for await (const { total, rows } of pagesOfRows(session, wanted, fields)) {
    const cells = rows.map((row) => row.values.map((value) => value ?? '-'))
    const isFirst = shown === undefined
    shown ??= countShown(wanted, total)
    for (const line of tableLines(isFirst ? [fields, ...cells] : cells, terminal.width)) await terminal.line(line)
  }
  if (shown)
    terminal.say(
      `${shownOf(shown)}${wanted.text === '' ? '' : ` · ${wanted.text}`}${shown.truncated ? ' · more with --limit and --offset' : ''}`,
    )
}
