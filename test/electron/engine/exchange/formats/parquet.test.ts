import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parquetMetadata, parquetReadObjects } from 'hyparquet'
import { afterAll, describe, expect, it } from 'vitest'
import { parquetColumns } from '#engine/exchange/formats/parquet-columns.ts'
import { athenaDdl, duckdbView, trinoDdl } from '#engine/exchange/formats/parquet-ddl.ts'
import { writeParquet, type ParquetFile } from '#engine/exchange/formats/parquet.ts'
import type { ExportEvent } from '#shared/domain/export.ts'
import { exportEvent, hostileTexts, statement, stream } from './samples.ts'

async function filesOf(events: readonly ExportEvent[], buffered?: number): Promise<ParquetFile[]> {
  const files: ParquetFile[] = []
  for await (const file of writeParquet(stream(events), statement(), buffered === undefined ? {} : { buffered }))
    files.push(file)
  return files
}
const arrayBuffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer
const rowsOf = async (file: ParquetFile): Promise<Record<string, unknown>[]> =>
  parquetReadObjects({ file: arrayBuffer(file.bytes) })

const accounts = ['000123456789', '111111111111']
const regions = ['eu-west-1', 'us-gov-west-1']
const many = Array.from({ length: 400 }, (_, index) =>
  exportEvent({
    row: index + 1,
    time: `2026-01-0${1 + (index % 3)}T03:04:05Z`,
    terms: {
      account: accounts[index % 2]!,
      awsRegion: regions[index % 2]!,
      eventName: index % 5 === 0 ? 'StopLogging' : 'GetObject',
    },
    tags: index % 7 === 0 ? ['exfil'] : [],
  }),
)

describe('writeParquet', () => {
  it('gives back every event with its columns', async () => {
    const event = exportEvent({
      tags: ['a'],
      terms: { errorCode: 'AccessDenied' },
      documents: { requestParameters: '{"n":9007199254740993}' },
    })
    const [file] = await filesOf([event])
    const [row] = await rowsOf(file!)
    expect(row).toMatchObject({
      eventtime: new Date('2026-01-02T03:04:05Z'),
      eventname: 'StopLogging',
      event_account: '000123456789',
      useridentity_accesskeyid: 'AKIAEXAMPLE',
      requestparameters: '{"n":9007199254740993}',
      tags: '["a"]',
      evidence_record: 0n,
      record: event.rawRecord,
    })
    expect(row!['sharedeventid']).toBeNull()
  })
  it('puts events into directories by account, region and day, and loses none', async () => {
    const files = await filesOf(many)
    expect(files.map((file) => file.path).sort()[0]).toBe(
      'account=000123456789/region=eu-west-1/day=2026-01-01/part-00001.parquet',
    )
    expect(files.reduce((sum, file) => sum + file.rows, 0)).toBe(400)
    const ids = new Set((await Promise.all(files.map(rowsOf))).flat().map((row) => row['eventid']))
    expect(ids.size).toBe(400)
  })
  it('writes more and smaller files when little may be buffered', async () => {
    const files = await filesOf(many, 20_000)
    expect(files.length).toBeGreaterThan(20)
    expect(new Set(files.map((file) => file.path)).size).toBe(files.length)
    expect(files.reduce((sum, file) => sum + file.rows, 0)).toBe(400)
  })
  it('never lets evidence name a directory', async () => {
    const files = await filesOf(
      [...hostileTexts(), '../../etc', 'EU-WEST-1', ''].map((text, index) =>
        exportEvent({ row: index + 1, terms: { account: text, awsRegion: text, userAgent: text } }),
      ),
    )
    expect(files.map((file) => file.path)).toEqual(['account=other/region=other/day=2026-01-02/part-00001.parquet'])
    const rows = await rowsOf(files[0]!)
    expect(rows.map((row) => row['awsregion'])).toContain('../../etc')
  })
  it('carries the statement of selection in each file', async () => {
    const [file] = await filesOf([exportEvent()])
    const entry = parquetMetadata(arrayBuffer(file!.bytes)).key_value_metadata?.find(
      ({ key }) => key === 'trailcase.selection',
    )
    expect(JSON.parse(entry!.value!)).toMatchObject({ shown: 1, total: 10, query: 'eventName:StopLogging' })
  })
})

describe('the DDL', () => {
  it('names every column once and keeps partitions apart from columns', () => {
    const names = parquetColumns.map((column) => column.name)
    expect(new Set([...names, 'account', 'region', 'day']).size).toBe(names.length + 3)
    for (const name of names) {
      expect(name).toMatch(/^[a-z][a-z_]*\d*$|^record_sha256$|^evidence_sha256$/)
      expect(athenaDdl('s3://b/p/')).toContain(`\`${name}\``)
      expect(trinoDdl('s3://b/p/')).toContain(`"${name}"`)
    }
    expect(athenaDdl("s3://b/it's/")).toContain("LOCATION 's3://b/it''s/'")
  })
})

type DuckDb = typeof import('@duckdb/node-api')
const duckdb: DuckDb | undefined = await import('@duckdb/node-api').catch(() => undefined)
const folder = mkdtempSync(join(tmpdir(), 'parquet-'))
afterAll(() => rmSync(folder, { recursive: true }))

describe.skipIf(duckdb === undefined)('DuckDB over the files (skipped where @duckdb/node-api does not load)', () => {
  it('counts the same as the case, through the view we ship', async () => {
    for (const file of await filesOf(many, 100_000)) {
      mkdirSync(dirname(join(folder, file.path)), { recursive: true })
      writeFileSync(join(folder, file.path), file.bytes)
    }
    const connection = await (await duckdb!.DuckDBInstance.create()).connect()
    await connection.run(duckdbView(folder))
    const ask = async (sql: string): Promise<unknown[][]> => (await connection.runAndReadAll(sql)).getRowsJson()
    expect(await ask('select count(*)::int from trailcase_events')).toEqual([[400]])
    expect(
      await ask(
        "select count(*)::int from trailcase_events where eventname = 'StopLogging' and account = '000123456789'",
      ),
    ).toEqual([
      [
        many.filter((event) => event.terms.eventName === 'StopLogging' && event.terms.account === '000123456789')
          .length,
      ],
    ])
    expect(
      await ask("select day, count(*)::int from trailcase_events where tags like '%exfil%' group by 1 order by 1"),
    ).toEqual(
      ['01', '02', '03'].map((day) => [
        `2026-01-${day}`,
        many.filter(
          (event) => event.tags.length > 0 && new Date(event.timeMs).toISOString().startsWith(`2026-01-${day}`),
        ).length,
      ]),
    )
    expect(
      await ask(
        "select count(*)::int from trailcase_events where eventtime >= '2026-01-02' and eventtime < '2026-01-03'",
      ),
    ).toEqual([[many.filter((event) => new Date(event.timeMs).toISOString().startsWith('2026-01-02')).length]])
  })
})
