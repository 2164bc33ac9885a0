import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { counted } from '#shared/base/count.ts'
import { failed, ok, type Failed, type Result } from '#shared/base/result.ts'
import type { ConfirmedIndicator, ExportEvent, ExportFormatId, SelectionStatement } from '#shared/domain/export.ts'
import { exportFormats } from '#shared/domain/export-formats.ts'
import { diskTrouble } from '../disk-trouble.ts'
import { dialects } from '../sql/dialect.ts'
import { searchesSql, type HandedSearch } from '../sql/searches-sql.ts'
import { writeFormat } from './export-format.ts'
import { jsonLine } from './json-lines.ts'
import { LineFile } from './line-file.ts'
import { athenaDdl, duckdbView, trinoDdl } from './parquet-ddl.ts'
import { writeParquet } from './parquet.ts'
import { selectionSidecar, type WrittenFile } from './selection.ts'

export type ExportRequest = {
  readonly format: ExportFormatId
  /** The file to make (for Parquet: the directory). Must not exist. The caller was granted this path. */
  readonly path: string
  readonly events: AsyncIterable<ExportEvent>
  readonly statement: SelectionStatement
  /** For STIX and MISP. */
  readonly indicators?: readonly ConfirmedIndicator[]
  /** For Parquet: the saved searches that go along as SQL. */
  readonly searches?: readonly HandedSearch[]
  /** Events of the selection that have no readable time and are not among `events`. */
  readonly undatedLeftOut?: number
  readonly signal?: AbortSignal
}
export type ExportFailure = 'EXISTS' | 'CANCELLED' | 'COUNT_DIFFERS' | 'NO_SPACE' | 'NOT_WRITABLE'
export type ExportOutcome = { readonly rows: number; readonly files: readonly WrittenFile[]; readonly sidecar: string }

/**
 * Writes an export and, beside it, `PATH.selection.json` with the statement of selection, the number of rows and each
 * file's SHA-256. A table is a reading copy: cells are cut and made safe in it, so the exact records always lie beside it as `PATH.jsonl`. Everything is written under a temporary name, synced, and renamed when it is complete; an export that
 * fails or is cancelled leaves nothing. An export whose rows are not the `shown` events of its statement is refused.
 */
export async function writeExport(request: ExportRequest): Promise<Result<ExportOutcome, ExportFailure>> {
  const sidecar = `${request.path}.selection.json`
  const exact = isTable(request.format) ? `${request.path}.jsonl` : undefined
  for (const path of [request.path, sidecar, ...(exact === undefined ? [] : [exact])]) {
    if (await exists(path))
      return failed('EXISTS', `${basename(path)} exists already. Choose another name, or remove it first.`)
  }
  const temporary = join(dirname(request.path), `.${basename(request.path)}.${randomBytes(6).toString('hex')}.partial`)
  let lines: LineFile | undefined
  try {
    const rows = { count: 0 }
    if (exact !== undefined) lines = await LineFile.create(`${temporary}.exact`, exact)
    const events = counting(request.events, rows, request.signal, lines)
    const files =
      request.format === 'parquet'
        ? await writeDirectory(temporary, request, events)
        : [await writeFile(temporary, request.path, oneFile(request.format, request, events))]
    if (lines !== undefined) files.push(await lines.finish())
    // MISP carries indicators only and does not read the events.
    if (request.format !== 'misp' && rows.count !== request.statement.shown)
      return countDiffers(rows.count, request.statement.shown)
    const text = selectionSidecar(
      request.statement,
      exportFormats[request.format],
      rows.count,
      files,
      request.indicators,
    )
    await writeFile(`${temporary}.selection`, sidecar, once(new TextEncoder().encode(text)))
    if (exact !== undefined) await rename(`${temporary}.exact`, exact)
    await rename(`${temporary}.selection`, sidecar)
    await rename(temporary, request.path)
    return ok({ rows: rows.count, files, sidecar })
  } catch (problem) {
    return expectedFailure(problem)
  } finally {
    await lines?.close()
    await rm(temporary, { recursive: true, force: true })
    for (const end of ['selection', 'exact']) await rm(`${temporary}.${end}`, { force: true })
  }
}

/** Shapes whose cells are made safe for a spreadsheet (H-04 of the reliability rules). */
const isTable = (format: ExportFormatId): boolean => ['csv', 'xlsx', 'timesketch-csv', 'iris'].includes(format)

const oneFile = (
  format: Exclude<ExportFormatId, 'parquet'>,
  request: ExportRequest,
  events: AsyncIterable<ExportEvent>,
): AsyncIterable<Uint8Array> => writeFormat(format, events, request.statement, request.indicators ?? [])

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

class Cancelled extends Error {}

async function* counting(
  events: AsyncIterable<ExportEvent>,
  rows: { count: number },
  signal: AbortSignal | undefined,
  lines: LineFile | undefined,
): AsyncGenerator<ExportEvent> {
  for await (const event of events) {
    if (signal?.aborted === true) throw new Cancelled()
    rows.count++
    await lines?.add(jsonLine(event))
    yield event
  }
}

async function* once(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  await Promise.resolve()
  yield bytes
}

/** Writes to `temporary` and syncs it; `finalPath` gives the name for the record. */
async function writeFile(
  temporary: string,
  finalPath: string,
  chunks: AsyncIterable<Uint8Array>,
): Promise<WrittenFile> {
  const file = await open(temporary, 'wx')
  try {
    const hash = createHash('sha256')
    let size = 0
    for await (const chunk of chunks) {
      hash.update(chunk)
      size += chunk.length
      await file.writeFile(chunk)
    }
    await file.sync()
    return { name: basename(finalPath), bytes: size, sha256: hash.digest('hex') }
  } finally {
    await file.close()
  }
}

/** The Parquet directory, with the statements that make a table of it on each engine, and the saved searches in its SQL. */
async function writeDirectory(
  directory: string,
  request: ExportRequest,
  events: AsyncIterable<ExportEvent>,
): Promise<WrittenFile[]> {
  const files: WrittenFile[] = []
  const add = async (path: string, bytes: Uint8Array): Promise<void> => {
    await mkdir(join(directory, dirname(path)), { recursive: true })
    files.push({ ...(await writeFile(join(directory, path), path, once(bytes))), name: path })
  }
  await mkdir(directory)
  for await (const file of writeParquet(events, request.statement)) await add(file.path, file.bytes)
  const texts = {
    'athena.sql': athenaDdl('s3://YOUR-BUCKET/PREFIX/'),
    'trino.sql': trinoDdl('s3://YOUR-BUCKET/PREFIX/'),
    'duckdb.sql': duckdbView('.'),
    ...Object.fromEntries(
      dialects.map((dialect) => [
        `searches-${dialect.name}.sql`,
        searchesSql(request.searches ?? [], dialect, request.statement, request.undatedLeftOut ?? 0),
      ]),
    ),
  }
  for (const [name, text] of Object.entries(texts)) await add(name, new TextEncoder().encode(text))
  return files
}

const countDiffers = (rows: number, shown: number): Failed<'COUNT_DIFFERS'> =>
  failed(
    'COUNT_DIFFERS',
    `The case changed during the export: ${counted(rows, 'event')} came, ${shown} were announced. Nothing was kept; export again.`,
  )

function expectedFailure(problem: unknown): Failed<ExportFailure> {
  if (problem instanceof Cancelled) return failed('CANCELLED', 'The export was cancelled; nothing was kept.')
  const trouble = diskTrouble(problem)
  if (trouble === undefined) throw problem
  return trouble
}
