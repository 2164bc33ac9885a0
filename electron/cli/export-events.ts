import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { InvalidArgumentError } from 'commander'
import { counted, grouped } from '#shared/base/count.ts'
import type { CaseId } from '#shared/contract/common.ts'
import type { AskOf } from '#shared/contract/contract.ts'
import { exportFormatIds, type IndicatorKind, type NamedIndicator } from '#shared/domain/export.ts'
import { CliFailure } from './failure.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

/** The formats that the engine writes as files. `jsonl` on the command line is the list itself, one event a line. */
export const fileFormats = exportFormatIds.filter((format) => format !== 'jsonl')
export type FileFormat = (typeof fileFormats)[number]

type Export = {
  readonly caseId: CaseId
  readonly text: string
  readonly query: AskOf<'events.find'>['query']
  readonly offset: number
  readonly limit: number
  readonly format: FileFormat
  readonly out: string | undefined
  readonly indicators: readonly NamedIndicator[]
}

/** How each kind of indicator is written on the command line. */
const kinds: ReadonlyMap<string, IndicatorKind> = new Map([
  ['address', 'address'],
  ['key', 'accessKey'],
  ['principal', 'principal'],
  ['agent', 'userAgent'],
])

/** `address:203.0.113.7`, `principal:arn:aws:iam::…`. @throws InvalidArgumentError */
export function indicator(text: string, before: readonly NamedIndicator[] | undefined): readonly NamedIndicator[] {
  const colon = text.indexOf(':')
  const kind = kinds.get(text.slice(0, Math.max(0, colon)))
  const value = text.slice(colon + 1)
  if (kind === undefined || value === '')
    throw new InvalidArgumentError(
      'Write KIND:VALUE with one of the kinds address, key, principal, agent, such as address:203.0.113.7.',
    )
  return [...(before ?? []), { kind, value }]
}

/** Writes a file with its statement of selection beside it; without a name, the same bytes to stdout. */
export async function exportEvents(session: Session, terminal: Terminal, wanted: Export): Promise<void> {
  const { out, format } = wanted
  if (out !== undefined) {
    const result = await writeFile(session, terminal, wanted, out)
    const left =
      result.undatedLeftOut > 0
        ? ` ${counted(result.undatedLeftOut, 'event')} without a readable time cannot stand in this format and were left out; jsonl has them.`
        : ''
    const indicators = result.indicators.length
    const what =
      format !== 'stix' && format !== 'misp'
        ? counted(result.rows, 'event')
        : `${counted(indicators, 'indicator')}${format === 'stix' ? ' and the bookmarked events' : ''}`
    const [, exact] = format === 'parquet' ? [] : result.files
    const beside = exact === undefined ? '' : `, the exact records to ${exact.name}`
    terminal.say(`Wrote ${what} to ${resolve(out)}${beside}, and what was selected to ${result.sidecar}.${left}`)
    return
  }
  if (format === 'parquet') throw new CliFailure('bad-input', 'Parquet is a folder of files: name it with --out.')
  if (format === 'xlsx' && terminal.width !== undefined)
    throw new CliFailure('bad-input', 'An Excel file is not text for a terminal: name it with --out.')
  const folder = await mkdtemp(join(tmpdir(), 'trailcase-'))
  try {
    const path = join(folder, `events.${format}`)
    await writeFile(session, terminal, wanted, path)
    await copyTo(terminal, path)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const writeFile = (
  session: Session,
  terminal: Terminal,
  { caseId, query, text, offset, limit, format, indicators }: Export,
  path: string,
) =>
  session.ask(
    'events.export',
    {
      caseId,
      query,
      offset,
      ...(Number.isFinite(limit) && { limit }),
      format,
      indicators: [...indicators],
      grant: session.grant(path, 'save'),
    },
    { query: text, progress: (p) => terminal.progress(`${grouped(p.done)} of ${counted(p.total, 'event')} written`) },
  )

async function copyTo(terminal: Terminal, path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    for await (const chunk of file.createReadStream({ autoClose: false })) await terminal.write(chunk as Buffer)
  } finally {
    await file.close()
  }
}
