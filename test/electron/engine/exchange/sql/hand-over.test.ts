import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { duckdbView } from '#engine/exchange/formats/parquet-ddl.ts'
import { dialects } from '#engine/exchange/sql/dialect.ts'
import { translateQuery } from '#engine/exchange/sql/translate-query.ts'
import { everything, type EventQuery } from '#shared/domain/query/query.ts'
import { utcMs } from '#shared/base/time.ts'
import { sampleEngine, type SampleEngine } from '../../sample-engine.ts'

const duckdb = dialects.find(({ name }) => name === 'duckdb')!

const questions = [
  '*',
  'eventName:ConsoleLogin',
  'eventName:consolelogin OR eventName:AssumeRole',
  'eventName:Get*',
  'eventName:?etObject',
  '-eventName:Get* -eventName:List*',
  'errorCode:*',
  '-errorCode:*',
  'NOT (errorCode:* OR readOnly:true)',
  'access:denied',
  'readOnly:false NOT userAgent:*console*',
  'service:s3',
  'service:s*',
  'principal:alice',
  'principal:*e*',
  'role:*',
  'resource:arn*',
  'userIdentity.sessionContext.attributes.mfaAuthenticated:false',
  'sourceIPAddress:203.0.113.0/24',
  'sourceIPAddress:203.0.112.0/21',
  '-sourceIPAddress:10.0.0.0/8',
  'sourceIPAddress:0.0.0.0/0',
  '203.0.113.0/24',
  'requestParameters.bucketName:*',
  'requestParameters.bucketName:*logs*',
  '-requestParameters.bucketName:*',
  'requestparameters.BUCKETNAME:*',
  'requestParameters:*',
  'responseElements.credentials.accessKeyId:*',
  'userIdentity.sessionContext:*',
  'requestParameters.maxResults>10',
  'additionalEventData.bytesTransferredOut>=1000',
  'additionalEventData.bytesTransferredOut<1e3',
  'resources.ARN:arn:aws:s3*',
  'eventName:/^(Get|List)[a-z]+s?$/',
  'userAgent:/boto3\\/\\d+\\.\\d+/',
  'requestParameters:/key|token/',
  '/assumed-role\\/[a-k]+/',
  'logs',
  'assumed*',
  '*login*',
  '"aws-cli"',
  'bucketName',
  'us-east-1 -s3',
  'tag:exfil',
  '-tag:*',
  'bookmark:yes',
  'bookmark:no access:denied',
  'integrity:modified',
  '-integrity:modified',
  'eventID:*',
  'nothing-like-this',
  "eventName:\"x' OR '1'='1\"",
]

let sample: SampleEngine
let connection: DuckDBConnection
let folder = ''
let outcome: { rows: number; undatedLeftOut: number }
const ask = async (sql: string): Promise<unknown[][]> => (await connection.runAndReadAll(sql)).getRowsJson()
const query = (text: string, more: Partial<EventQuery> = {}): EventQuery => ({ ...everything, text, ...more })
const inCase = async (asked: EventQuery): Promise<number> =>
  (await sample.get('events.find', { query: asked, offset: 0, limit: 1, fields: ['eventID'] })).total
const inDuckdb = async (asked: EventQuery): Promise<number> => {
  const translated = translateQuery(asked, duckdb)
  if (!translated.ok) throw new Error(translated.message)
  return Number((await ask(`SELECT count(*) FROM trailcase_events WHERE ${translated.value}`))[0]![0])
}

beforeAll(async () => {
  sample = await sampleEngine()
  folder = join(sample.folder, 'hand-over')
  await sample.get('searches.save', {
    name: 'Denied',
    kind: 'search',
    query: query('access:denied'),
    layout: '',
    note: '',
  })
  await sample.get('searches.save', {
    name: 'Look\n; DROP TABLE x; --',
    kind: 'search',
    query: query('eventName:/\\bLogin/'),
    layout: '',
    note: '',
  })
  outcome = await sample.get('events.export', { query: everything, format: 'parquet', grant: folder })
  connection = await (await DuckDBInstance.create()).connect()
  await connection.run("SET TimeZone = 'Europe/Berlin'")
  await connection.run(duckdbView(folder))
}, 60_000)
afterAll(async () => {
  connection.closeSync()
  await sample.close()
})

describe('a case handed over as Parquet', () => {
  it('holds every event of the sample investigation', async () => {
    expect(outcome.undatedLeftOut).toBe(0)
    expect(outcome.rows).toBe(await inCase(everything))
    expect(await inDuckdb(everything)).toBe(outcome.rows)
  })
  it('gives the same numbers in DuckDB as in the case, for every kind of question', async () => {
    const numbers = []
    for (const text of questions)
      numbers.push({ text, inCase: await inCase(query(text)), inDuckdb: await inDuckdb(query(text)) })
    expect(numbers.filter((each) => each.inCase !== each.inDuckdb)).toEqual([])
    // Questions that find nothing and everything prove little.
    const telling = numbers.filter((each) => each.inCase > 0 && each.inCase < outcome.rows)
    expect(telling.length).toBeGreaterThan(30)
  })
  it('keeps the range and the filters of a question', async () => {
    const [from, to] = (
      await ask('SELECT epoch_ms(min(eventtime)), epoch_ms(max(eventtime)) FROM trailcase_events')
    )[0]!
    const middle = utcMs(Math.floor((Number(from) + Number(to)) / 2))
    const [address] = (await ask('SELECT mode(sourceipaddress) FROM trailcase_events'))[0] as [string]
    for (const asked of [
      query('', { from: middle }),
      query('access:denied', { to: middle }),
      query('', { from: utcMs(middle - 3_600_000), to: middle }),
      query('', { facets: [{ field: 'sourceIPAddress', values: [address], exclude: false }] }),
      query('', { facets: [{ field: 'errorCode', values: ['AccessDenied'], exclude: true }] }),
      query(`eventTime>=${new Date(middle).toISOString()} OR access:denied`),
    ])
      expect(await inDuckdb(asked), JSON.stringify(asked)).toBe(await inCase(asked))
  })
  it('brings the saved searches as statements that find what they say', async () => {
    const text = readFileSync(join(folder, 'searches-duckdb.sql'), 'utf8')
    const { searches } = await sample.get('searches.list', {})
    expect(text.match(/^-- Search \d+:/gm)).toHaveLength(searches.length)
    const told = [...text.matchAll(/finds ([\d,]+) events? in these files\.\n(SELECT[^]*?;)$/gm)]
    expect(told.length).toBeGreaterThan(0)
    for (const [, count, sql] of told) expect(await ask(sql!)).toHaveLength(Number(count!.replaceAll(',', '')))
  })
  it('says which saved search it does not translate and why, on one line that nothing can leave', () => {
    for (const { name } of dialects) {
      const text = readFileSync(join(folder, `searches-${name}.sql`), 'utf8')
      expect(text).toContain('Look\\u{a}; DROP TABLE x; --\n')
      expect(text).toContain('-- Not translated: \\b in a regular expression')
      expect(text).not.toMatch(/^[^-\n].*DROP/m)
    }
  })
})
