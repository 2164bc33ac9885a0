import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { counted, grouped } from '#shared/base/count.ts'
import type { CaseId } from '#shared/contract/common.ts'
import type { AskOf } from '#shared/contract/contract.ts'
import { exportFormatsOfEvents } from '#shared/contract/events.ts'
import { CliFailure } from './failure.ts'
import type { Session } from './session.ts'
import type { Terminal } from './terminal.ts'

/** The formats that the engine writes as files. `jsonl` on the command line is the list itself, one event a line. */
export const fileFormats = exportFormatsOfEvents.filter((format) => format !== 'jsonl')
export type FileFormat = (typeof fileFormats)[number]

type Export = {
  readonly caseId: CaseId
  readonly text: string
  readonly query: AskOf<'events.find'>['query']
  readonly offset: number
  readonly limit: number
  readonly format: FileFormat
  readonly out: string | undefined
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
    terminal.say(
      `Wrote ${counted(result.rows, 'event')} to ${resolve(out)}, and what was selected to ${result.sidecar}.${left}`,
    )
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
  { caseId, query, text, offset, limit, format }: Export,
  path: string,
) =>
  session.ask(
    'events.export',
    { caseId, query, offset, ...(Number.isFinite(limit) && { limit }), format, grant: session.grant(path, 'save') },
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
