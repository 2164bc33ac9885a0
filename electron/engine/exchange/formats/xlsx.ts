import { visible } from '#shared/base/visible.ts'
import { selectionLines, type ExportEvent, type SelectionStatement } from '#shared/domain/export.ts'
import { writeZip, type ZipInput } from '../zip/zip-writer.ts'
import { analystCells, analystColumns } from './analyst-columns.ts'
import { encodeChunks } from './chunks.ts'

/** Limits of an Excel worksheet (Microsoft, "Excel specifications and limits"): rows per sheet, UTF-16 units per cell. */
export const xlsxRowLimit = 1_048_576
export const xlsxCellLimit = 32_767

export type XlsxOptions = {
  /** Rows per sheet, heading included; more events go on to a further sheet. Smaller only in tests. */
  readonly rowsPerSheet?: number
}

/** A sheet's XML stays below the 4 GiB of a plain ZIP entry even if every character took 3 bytes. */
const SHEET_TEXT_LIMIT = 1_400_000_000

/**
 * The analyst's table as an Excel workbook: sheet `Selection` with the statement, then `Events`, `Events 2`, … Every cell
 * is text (inline string, number format `@`), so nothing in it can be a formula and account ids keep their zeros. A cell
 * longer than Excel allows is cut with a mark; hidden and XML-illegal characters are shown as `\u{…}`; such rows carry
 * `neutralised` 1. Streams in constant memory: no table of shared strings is kept.
 */
export const writeXlsx = (
  events: AsyncIterable<ExportEvent>,
  statement: SelectionStatement,
  options: XlsxOptions = {},
): AsyncIterable<Uint8Array> =>
  writeZip(parts(events, statement, options.rowsPerSheet ?? xlsxRowLimit), statement.madeAt)

async function* parts(
  events: AsyncIterable<ExportEvent>,
  statement: SelectionStatement,
  rowsPerSheet: number,
): AsyncGenerator<ZipInput> {
  const rows = new RowSource(events)
  const sheets = ['Selection']
  yield textPart('xl/worksheets/sheet1.xml', selectionSheet(statement))
  try {
    do {
      sheets.push(sheets.length === 1 ? 'Events' : `Events ${sheets.length}`)
      yield textPart(`xl/worksheets/sheet${sheets.length}.xml`, eventSheet(rows, statement.zone, rowsPerSheet))
    } while (!rows.done)
  } finally {
    await rows.close()
  }
  // The parts that name the sheets come last because only now their number is known; their order is free (ECMA-376-2).
  yield textPart('xl/styles.xml', [STYLES])
  yield textPart('xl/workbook.xml', [workbook(sheets)])
  yield textPart('xl/_rels/workbook.xml.rels', [workbookRelations(sheets)])
  yield textPart('_rels/.rels', [PACKAGE_RELATIONS])
  yield textPart('[Content_Types].xml', [contentTypes(sheets)])
}

const textPart = (name: string, texts: AsyncIterable<string> | readonly string[]): ZipInput => ({
  name,
  bytes: encodeChunks(each(texts)),
  deflate: true,
})

async function* each(texts: AsyncIterable<string> | readonly string[]): AsyncGenerator<string> {
  yield* texts
}

/** Hands the events out over several sheets and knows, one event ahead, whether more come. */
class RowSource {
  readonly #events: AsyncIterator<ExportEvent>
  #next: Promise<IteratorResult<ExportEvent>> | undefined
  done = false
  constructor(events: AsyncIterable<ExportEvent>) {
    this.#events = events[Symbol.asyncIterator]()
  }
  async take(): Promise<ExportEvent | undefined> {
    const result = await (this.#next ?? this.#events.next())
    this.#next = undefined
    if (result.done === true) {
      this.done = true
      return undefined
    }
    return result.value
  }
  async look(): Promise<void> {
    this.#next ??= this.#events.next()
    if ((await this.#next).done === true) this.done = true
  }
  async close(): Promise<void> {
    if (!this.done) await this.#events.return?.()
  }
}

async function* eventSheet(rows: RowSource, zone: string, rowsPerSheet: number): AsyncGenerator<string> {
  yield `${SHEET_START}<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols>${columnWidths()}</cols><sheetData>`
  yield sheetRow(1, analystColumns, HEADING)
  let length = 0
  for (let number = 2; number <= rowsPerSheet && length < SHEET_TEXT_LIMIT; number++) {
    const event = await rows.take()
    if (event === undefined) break
    const row = sheetRow(number, markedCells(analystCells(event, zone)), TEXT)
    length += row.length
    yield row
  }
  await rows.look()
  yield SHEET_END
}

function markedCells(cells: readonly string[]): string[] {
  const shown = cells.map(cellText)
  return [...shown, shown.some((cell, index) => cell !== cells[index]) ? '1' : '0']
}

function selectionSheet(statement: SelectionStatement): string[] {
  const limits: (readonly [string, string])[] = [
    [
      'Limits of Excel',
      `A sheet holds 1,048,576 rows: more events are on further sheets. A cell holds 32,767 characters: longer text is cut and marked; the whole text is in the JSON lines beside this file.`,
    ],
    [
      'Column neutralised',
      '1: a cell of the row differs from the evidence (hidden characters shown as \\u{…}, long text cut).',
    ],
  ]
  const rows = [...selectionLines(statement), ...limits]
  return [
    `${SHEET_START}<cols><col min="1" max="1" width="22" customWidth="1"/><col min="2" max="2" width="110" customWidth="1"/></cols><sheetData>`,
    ...rows.map(([label, value], index) => sheetRow(index + 1, [label, cellText(value)], TEXT)),
    SHEET_END,
  ]
}

/** Text that a cell can hold: nothing hidden, no character that XML 1.0 forbids, within Excel's length. */
function cellText(text: string): string {
  const lines = text.split('\n').map(visible).join('\n')
  const legal = lines.replace(/[\ufffe\uffff]/g, (c) => `\\u{${c.charCodeAt(0).toString(16)}}`)
  return legal.length <= xlsxCellLimit ? legal : cut(legal)
}

function cut(text: string): string {
  const mark = ` … [cut: ${text.length} characters in all]`
  const end = xlsxCellLimit - mark.length
  const splitsPair = (text.charCodeAt(end - 1) & 0xfc00) === 0xd800
  return `${text.slice(0, splitsPair ? end - 1 : end)}${mark}`
}

const HEADING = 1
const TEXT = 2

function sheetRow(number: number, cells: readonly string[], style: number): string {
  const xml = cells.map((cell, index) =>
    cell === ''
      ? ''
      : `<c r="${columnName(index)}${number}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(cell)}</t></is></c>`,
  )
  return `<row r="${number}">${xml.join('')}</row>`
}

const columnName = (index: number): string => String.fromCharCode(65 + index)
const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }
/** Escapes for XML, and `_x000D_`, which Excel would read as a carriage return (ECMA-376-1 22.9.2.19, ST_Xstring). */
const xmlText = (text: string): string =>
  text.replace(/_(?=x[0-9A-Fa-f]{4}_)/g, '_x005F_').replace(/[&<>]/g, (c) => ENTITIES[c]!)

const WIDTHS: Readonly<Record<string, number>> = {
  row: 8,
  exhibit: 10,
  time_utc: 21,
  time_local: 26,
  actor: 48,
  user_agent: 40,
  error: 40,
  resources: 48,
  comment: 48,
  event_id: 38,
  evidence_file: 48,
}
const columnWidths = (): string =>
  analystColumns
    .map((name, index) => `<col min="${index + 1}" max="${index + 1}" width="${WIDTHS[name] ?? 18}" customWidth="1"/>`)
    .join('')

const XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006'
const SHEET_START = `${XML}<worksheet xmlns="${MAIN}">`
const SHEET_END = '</sheetData></worksheet>'
const STYLES = `${XML}<styleSheet xmlns="${MAIN}"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" quotePrefix="1"/></cellXfs></styleSheet>`
const PACKAGE_RELATIONS = `${XML}<Relationships xmlns="${PACKAGE}/relationships"><Relationship Id="rId1" Type="${RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>`

const workbook = (sheets: readonly string[]): string =>
  `${XML}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}"><sheets>${sheets
    .map((name, index) => `<sheet name="${name}" sheetId="${index + 1}" r:id="rId${index + 1}"/>`)
    .join('')}</sheets></workbook>`

const workbookRelations = (sheets: readonly string[]): string =>
  `${XML}<Relationships xmlns="${PACKAGE}/relationships">${sheets
    .map(
      (_, index) =>
        `<Relationship Id="rId${index + 1}" Type="${RELATIONS}/worksheet" Target="worksheets/sheet${index + 1}.xml"/>`,
    )
    .join(
      '',
    )}<Relationship Id="rId${sheets.length + 1}" Type="${RELATIONS}/styles" Target="styles.xml"/></Relationships>`

const contentTypes = (sheets: readonly string[]): string =>
  `${XML}<Types xmlns="${PACKAGE}/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/>${sheets
    .map(
      (_, index) =>
        `<Override PartName="/xl/worksheets/sheet${index + 1}.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>`,
    )
    .join('')}</Types>`
