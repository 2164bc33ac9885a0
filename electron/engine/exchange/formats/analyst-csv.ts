import type { ExportEvent, SelectionStatement } from '#shared/domain/export.ts'
import { analystCells, analystColumns } from './analyst-columns.ts'
import { encodeChunks } from './chunks.ts'
import { csvBatches, safeRow } from './csv-text.ts'

const COMMENT = analystColumns.indexOf('comment')

/**
 * The analyst's table as CSV: UTF-8 with byte order mark, CRLF, RFC 4180 quoting, no cell a spreadsheet would run.
 * Streams in constant memory. The statement of selection goes into the file beside it, never into rows.
 */
export const writeAnalystCsv = (
  events: AsyncIterable<ExportEvent>,
  statement: SelectionStatement,
): AsyncIterable<Uint8Array> => encodeChunks(text(events, statement))

async function* text(events: AsyncIterable<ExportEvent>, statement: SelectionStatement): AsyncGenerator<string> {
  yield '\ufeff'
  yield* csvBatches(rows(events, statement.zone))
}

async function* rows(events: AsyncIterable<ExportEvent>, zone: string): AsyncGenerator<readonly string[]> {
  yield analystColumns
  for await (const event of events) yield safeRow(analystCells(event, zone), (index) => index === COMMENT)
}
