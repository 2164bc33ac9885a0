import { visible } from '#shared/base/visible.ts'
import { formulaSafe, type ExportEvent } from '#shared/domain/export.ts'
import { encodeChunks } from './chunks.ts'
import { csvBatches } from './csv-text.ts'
import { commentText, recordText } from './event-facts.ts'
import { compactJson } from './json-text.ts'
import { message } from './timesketch.ts'

/** The header that DFIR-IRIS demands for a timeline upload (iris-web, `case_timeline_routes.py`). */
export const irisColumns = [
  'event_date',
  'event_tz',
  'event_title',
  'event_category',
  'event_content',
  'event_raw',
  'event_source',
  'event_assets',
  'event_iocs',
  'event_tags',
] as const

/**
 * DFIR-IRIS timeline CSV. IRIS splits the upload into lines before it reads the CSV, so no cell holds a line break; it
 * refuses the whole file for an asset or indicator that it does not know, so those stay empty; a title must not be empty.
 * Tags are joined with `|`, which IRIS turns into commas. Cells are safe for spreadsheets. Constant memory.
 */
export const writeIrisCsv = (events: AsyncIterable<ExportEvent>): AsyncIterable<Uint8Array> =>
  encodeChunks(csvBatches(rows(events)))

async function* rows(events: AsyncIterable<ExportEvent>): AsyncGenerator<readonly string[]> {
  yield irisColumns
  for await (const event of events) yield irisCells(event)
}

function irisCells(event: ExportEvent): string[] {
  const { bookmark, source } = event
  const title = bookmark?.title ?? ''
  return [
    new Date(event.timeMs).toISOString().slice(0, -1),
    // IRIS reads exactly this; it is ours, so it needs no guard although it starts with a plus.
    '+00:00',
    oneLine(title === '' ? `${event.terms.eventName ?? 'Event'} by ${event.terms.principal ?? 'unknown'}` : title),
    'Unspecified',
    oneLine(content(event)),
    oneLine(compactJson(recordText(event))),
    oneLine(`${source.path} record ${source.ordinal} sha256 ${source.sha256}`),
    '',
    '',
    oneLine(event.tags.map((tag) => tag.replace(/[|,]/g, ' ')).join('|')),
  ]
}

const content = (event: ExportEvent): string =>
  [
    event.bookmark && `Exhibit ${event.bookmark.exhibit}.`,
    commentText(event),
    message(event),
    `Integrity: ${event.integrity}.`,
  ]
    .filter((part) => part !== undefined && part !== '')
    .join(' ')

/** Our own line breaks become blanks; anything hidden from the evidence becomes visible. */
const oneLine = (cell: string): string => formulaSafe(visible(cell.replace(/\r?\n/g, ' ')))
