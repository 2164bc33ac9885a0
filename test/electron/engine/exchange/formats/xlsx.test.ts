import { describe, expect, it } from 'vitest'
import { fromBuffer, type Entry, type ZipFile } from 'yauzl'
import { analystColumns } from '#engine/exchange/formats/analyst-columns.ts'
import { writeXlsx } from '#engine/exchange/formats/xlsx.ts'
import type { ExportEvent } from '#shared/domain/export.ts'
import { bytesOf, exportEvent, hostileTexts, statement, stream } from './samples.ts'

const partsOf = async (events: readonly ExportEvent[], rowsPerSheet?: number): Promise<Map<string, string>> =>
  unzip(await bytesOf(writeXlsx(stream(events), statement(), rowsPerSheet === undefined ? {} : { rowsPerSheet })))

function unzip(bytes: Buffer): Promise<Map<string, string>> {
  return new Promise((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true, strictFileNames: true }, (problem, zip) => {
      if (problem) reject(problem)
      else readAll(zip, resolve, reject)
    })
  })
}

function readAll(zip: ZipFile, resolve: (parts: Map<string, string>) => void, reject: (problem: Error) => void): void {
  const parts = new Map<string, string>()
  zip.on('end', () => resolve(parts))
  zip.on('error', reject)
  zip.on('entry', (entry: Entry) => {
    zip.openReadStream(entry, (problem, source) => {
      if (problem) {
        reject(problem)
        return
      }
      const chunks: Buffer[] = []
      source.on('data', (chunk: Buffer) => chunks.push(chunk))
      source.on('error', reject)
      source.on('end', () => {
        parts.set(entry.fileName, new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)))
        zip.readEntry()
      })
    })
  })
  zip.readEntry()
}

const ENTITIES: Readonly<Record<string, string>> = { '&amp;': '&', '&lt;': '<', '&gt;': '>' }
/** The cells of a sheet by column, as Excel would show them: entities and `_xHHHH_` decoded. */
function cellsOf(xml: string): string[][] {
  return [...xml.matchAll(/<row r="\d+">(.*?)<\/row>/gs)].map((row) => {
    const cells: string[] = Array.from({ length: 24 }, () => '')
    for (const cell of (row[1] ?? '').matchAll(
      /<c r="([A-X])\d+" s="\d" t="inlineStr"><is><t xml:space="preserve">(.*?)<\/t><\/is><\/c>/gs,
    )) {
      cells[cell[1]!.charCodeAt(0) - 65] = (cell[2] ?? '')
        .replace(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]!)
        .replace(/_x([0-9A-Fa-f]{4})_/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
    }
    return cells
  })
}
const AGENT = analystColumns.indexOf('user_agent')

describe('writeXlsx', () => {
  it('is a workbook whose first sheet states the selection and whose second holds the events', async () => {
    const parts = await partsOf([exportEvent()])
    expect(parts.get('xl/workbook.xml')).toContain('<sheet name="Selection" sheetId="1"')
    expect(parts.get('xl/workbook.xml')).toContain('<sheet name="Events" sheetId="2"')
    expect(cellsOf(parts.get('xl/worksheets/sheet1.xml')!)).toContainEqual(
      expect.arrayContaining(['Events', '1 of 10 shown']),
    )
    const events = cellsOf(parts.get('xl/worksheets/sheet2.xml')!)
    expect(events[0]![0]).toBe('row')
    expect(events[1]).toContain('000123456789')
  })
  it('declares a type and a relation for every part', async () => {
    const parts = await partsOf([exportEvent(), exportEvent({ row: 2 })], 2)
    const sheets = [...parts.keys()].filter((name) => name.startsWith('xl/worksheets/'))
    expect(sheets).toHaveLength(3)
    for (const sheet of sheets) {
      expect(parts.get('[Content_Types].xml')).toContain(`PartName="/${sheet}"`)
      expect(parts.get('xl/_rels/workbook.xml.rels')).toContain(`Target="${sheet.slice(3)}"`)
    }
  })
  it('has text cells only, and XML that stays legal under hostile text, in every column', async () => {
    const events = hostileTexts().map((text) =>
      exportEvent({
        path: text,
        tags: [text],
        terms: { userAgent: text, principal: text, errorMessage: text },
        bookmark: { exhibit: text, title: text, note: text },
        identifiers: { eventID: text },
      }),
    )
    const xml = (await partsOf(events)).get('xl/worksheets/sheet2.xml')!
    expect(xml).not.toContain('<f>')
    expect(xml.match(/<c /g)).toHaveLength(xml.match(/t="inlineStr"/g)!.length)
    expect(xml).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff\ud800-\udfff]/u)
    expect(cellsOf(xml)).toHaveLength(201)
    const agents = cellsOf(xml)
      .slice(1)
      .map((row) => row[AGENT])
    expect(agents).toContain('_x000D_')
    expect(agents).toContain('<b>&amp;</b>')
    expect(agents).toContain('=1+1')
    expect(agents).toContain('\\u{1b}[2J\\u{1b}]0;owned\\u{7}')
  })
  it('goes on to a further sheet where one is full, and loses no event', async () => {
    const events = Array.from({ length: 7 }, (_, index) => exportEvent({ row: index + 1 }))
    const parts = await partsOf(events, 4)
    const rows = [2, 3, 4].flatMap((sheet) => cellsOf(parts.get(`xl/worksheets/sheet${sheet}.xml`)!).slice(1))
    expect(rows.map((row) => row[0])).toEqual(['1', '2', '3', '4', '5', '6', '7'])
    expect(parts.get('xl/workbook.xml')).toContain('name="Events 3"')
  })
  it('has no empty extra sheet when the last one is just full', async () => {
    const parts = await partsOf([exportEvent(), exportEvent({ row: 2 }), exportEvent({ row: 3 })], 4)
    expect([...parts.keys()].filter((name) => name.startsWith('xl/worksheets/'))).toHaveLength(2)
  })
  it('cuts a text that is too long for a cell, says so, and marks the row', async () => {
    const xml = (await partsOf([exportEvent({ terms: { userAgent: '\u{1f600}'.repeat(20_000) } })])).get(
      'xl/worksheets/sheet2.xml',
    )!
    const row = cellsOf(xml)[1]!
    const agent = row[AGENT]!
    expect(agent.length).toBeLessThanOrEqual(32_767)
    expect(agent).toMatch(/ … \[cut: 40000 characters in all\]$/)
    expect(row.at(-1)).toBe('1')
  })
  it('gives the same bytes for the same events', async () => {
    const make = (): Promise<Buffer> => bytesOf(writeXlsx(stream([exportEvent()]), statement()))
    expect((await make()).equals(await make())).toBe(true)
  })
  it('passes on the failure of its source', async () => {
    async function* broken(): AsyncGenerator<ExportEvent> {
      yield exportEvent()
      await Promise.reject(new Error('the disk is gone'))
    }
    await expect(bytesOf(writeXlsx(broken(), statement()))).rejects.toThrow('the disk is gone')
  })
})
