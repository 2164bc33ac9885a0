import { assertNever } from '#shared/base/assert.ts'
import type { ConfirmedIndicator, ExportEvent, ExportFormatId, SelectionStatement } from '#shared/domain/export.ts'
import { writeAnalystCsv } from './analyst-csv.ts'
import { writeIrisCsv } from './iris.ts'
import { writeJsonLines } from './json-lines.ts'
import { writeMisp } from './misp.ts'
import { writeOcsf } from './ocsf.ts'
import { writeStix } from './stix.ts'
import { writeTimesketchCsv, writeTimesketchJsonLines } from './timesketch.ts'
import { writeXlsx } from './xlsx.ts'

/** The bytes of an export in one file. Streams; stops when the reader stops. */
export function writeFormat(
  format: Exclude<ExportFormatId, 'parquet'>,
  events: AsyncIterable<ExportEvent>,
  statement: SelectionStatement,
  indicators: readonly ConfirmedIndicator[],
): AsyncIterable<Uint8Array> {
  switch (format) {
    case 'csv':
      return writeAnalystCsv(events, statement)
    case 'xlsx':
      return writeXlsx(events, statement)
    case 'jsonl':
      return writeJsonLines(events)
    case 'timesketch':
      return writeTimesketchJsonLines(events)
    case 'timesketch-csv':
      return writeTimesketchCsv(events)
    case 'iris':
      return writeIrisCsv(events)
    case 'ocsf':
      return writeOcsf(events)
    case 'stix':
      return writeStix(events, statement, indicators)
    case 'misp':
      return writeMisp(statement, indicators)
    default:
      return assertNever(format)
  }
}
