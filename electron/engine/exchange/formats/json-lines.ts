import { formatUtc } from '#shared/base/time.ts'
import type { ExportEvent } from '#shared/domain/export.ts'
import { encodeChunks } from './chunks.ts'
import { exactText, recordBytes } from './event-facts.ts'
import { isJson, RawJson, writeJson, type JsonObject } from './json-text.ts'

/**
 * JSON lines with exact records: one object per event, the record's own bytes last, under `record`.
 *
 *   {"row":1,…,"recordSha256":"…","record":{the record, byte for byte}}
 *
 * A record that spans lines, is not valid JSON or not valid UTF-8 cannot stand in a line of JSON as it is; its exact bytes
 * are then under `recordBase64`. Streams in constant memory.
 */
export const writeJsonLines = (events: AsyncIterable<ExportEvent>): AsyncIterable<Uint8Array> =>
  encodeChunks(lines(events))

async function* lines(events: AsyncIterable<ExportEvent>): AsyncGenerator<string> {
  for await (const event of events) yield jsonLine(event)
}

/** One event as a line, with its line break. */
export const jsonLine = (event: ExportEvent): string => `${writeJson(toLine(event))}\n`

function toLine(event: ExportEvent): JsonObject {
  return {
    row: event.row,
    eventTime: formatUtc(event.timeMs),
    eventID: event.identifiers.eventID,
    source: event.source.path,
    sourceSha256: event.source.sha256,
    recordNumber: event.source.ordinal,
    recordSha256: event.recordSha256,
    integrity: event.integrity,
    occurrences: event.occurrences,
    tags: event.tags,
    bookmark: event.bookmark,
    ...exactRecord(event),
  }
}

function exactRecord(event: ExportEvent): JsonObject {
  const text = exactText(event)
  if (text !== undefined && !text.startsWith('\ufeff') && !/[\r\n]/.test(text) && isJson(text)) {
    return { record: new RawJson(text) }
  }
  return { recordBase64: Buffer.from(recordBytes(event)).toString('base64') }
}
