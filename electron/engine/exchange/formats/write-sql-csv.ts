import { createHash, randomBytes } from 'node:crypto'
import { open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { Refusal } from '../../refusal.ts'
import { csvRows, safeCell } from './csv-text.ts'
import type { WrittenFile } from './selection.ts'

export type SqlResult = {
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number | null)[])[]
  readonly truncated: boolean
}

/** Rows that become text at once. */
const BATCH = 1000

/**
 * Writes the result of a statement as CSV (RFC 4180, cells that no spreadsheet takes for a formula) and beside it
 * `PATH.selection.json` with the statement, the number of rows and the SHA-256 of the file. Nothing half-written stays.
 * @throws Refusal `already-exists`
 */
export async function writeSqlCsv(
  path: string,
  result: SqlResult,
  said: Readonly<Record<string, unknown>>,
): Promise<{ file: WrittenFile; sidecar: string }> {
  const sidecar = `${path}.selection.json`
  for (const wanted of [path, sidecar])
    if (await exists(wanted))
      throw new Refusal(
        'already-exists',
        `${basename(wanted)} exists already. Choose another name, or remove it first.`,
      )
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.partial`)
  try {
    const file = { name: basename(path), ...(await writeChunks(temporary, csvChunks(result))) }
    const statement = { ...said, rowsWritten: result.rows.length, truncated: result.truncated, files: [file] }
    await writeChunks(`${temporary}.selection`, [`${JSON.stringify(statement, null, 2)}\n`])
    await rename(`${temporary}.selection`, sidecar)
    await rename(temporary, path)
    return { file, sidecar: basename(sidecar) }
  } finally {
    await rm(temporary, { force: true })
    await rm(`${temporary}.selection`, { force: true })
  }
}

function* csvChunks({ columns, rows }: SqlResult): Generator<string> {
  yield csvRows([columns.map((name) => safeCell(name))])
  for (let first = 0; first < rows.length; first += BATCH)
    yield csvRows(rows.slice(first, first + BATCH).map((row) => row.map(cellText)))
}

/** Numbers stay numbers; texts are made safe; NULL is empty. */
const cellText = (value: string | number | null): string =>
  value === null ? '' : typeof value === 'number' ? String(value) : safeCell(value)

async function writeChunks(path: string, chunks: Iterable<string>): Promise<{ bytes: number; sha256: string }> {
  const file = await open(path, 'wx')
  try {
    const hash = createHash('sha256')
    let bytes = 0
    for (const chunk of chunks) {
      const part = Buffer.from(chunk, 'utf8')
      hash.update(part)
      bytes += part.length
      await file.writeFile(part)
    }
    await file.sync()
    return { bytes, sha256: hash.digest('hex') }
  } finally {
    await file.close()
  }
}

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
