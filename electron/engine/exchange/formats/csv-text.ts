import { stringify } from 'csv-stringify/sync'
import { formulaSafe } from '#shared/domain/export.ts'
import { visible } from '#shared/base/visible.ts'

/** Rows as RFC 4180 text: CRLF at the end of each, quotes where needed. */
export const csvRows = (rows: readonly (readonly string[])[]): string =>
  stringify(rows as string[][], { record_delimiter: 'windows', quote_record_delimiter: true, quoted_match: /[;\t']/ })

/**
 * A cell that no spreadsheet takes for a formula and no reader is deceived by. Line breaks stay where `multiline` (our
 * own comments); everywhere else they are shown as `\u{a}`.
 */
export function safeCell(text: string, multiline = false): string {
  const shown = multiline ? text.split('\n').map(visible).join('\n') : visible(text)
  return formulaSafe(shown)
}

/** Makes cells safe and adds the last column: `1` when one of them had to be changed, else `0`. */
export function safeRow(cells: readonly string[], isMultiline: (index: number) => boolean): string[] {
  const safe = cells.map((cell, index) => safeCell(cell, isMultiline(index)))
  const changed = safe.some((cell, index) => cell !== cells[index])
  return [...safe, changed ? '1' : '0']
}

const BATCH = 200

/** CSV text for a stream of rows, many at a time because the stringifier costs more to start than to run. */
export async function* csvBatches(rows: AsyncIterable<readonly string[]>): AsyncGenerator<string> {
  let batch: (readonly string[])[] = []
  for await (const row of rows) {
    batch.push(row)
    if (batch.length < BATCH) continue
    yield csvRows(batch)
    batch = []
  }
  yield csvRows(batch)
}
