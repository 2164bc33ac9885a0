import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { duckdbView } from '#engine/exchange/formats/parquet-ddl.ts'
import { writeParquet } from '#engine/exchange/formats/parquet.ts'
import { dialects } from '#engine/exchange/sql/dialect.ts'
import { sqlLiteral } from '#engine/exchange/sql/sql-literal.ts'
import { translateQuery } from '#engine/exchange/sql/translate-query.ts'
import type { ExportEvent } from '#shared/domain/export.ts'
import { documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'
import { compileMatcher } from '#shared/domain/query/matches.ts'
import { parseQuery } from '#shared/domain/query/parse.ts'
import { everything } from '#shared/domain/query/query.ts'
import { quote } from '#shared/domain/query/quote.ts'
import { exportEvent, hostileTexts, statement, stream } from '../formats/samples.ts'

const [athena, trino, duckdb] = dialects as [(typeof dialects)[0], (typeof dialects)[0], (typeof dialects)[0]]

const texts = [
  ...hostileTexts().slice(0, 60),
  'Console',
  'CONSOLE',
  'Con\u017fole',
  'Conſole K \u212a k',
  'İstanbul login',
  'istanbul login',
  'i̇stanbul login',
  'ΟΔΟΣ οδος οδοσ',
  "x' OR '1'='1",
  "'; DROP TABLE trailcase_events; --",
  '100% _under\\score',
  'a\u0000b',
  'half \ud800 pair',
  'née naïve straße STRASSE',
  'exfil-role s3-exfil_x exfiltrate',
  '12',
  '1e400',
  ' 12',
  '-0',
  '007',
  '',
]
const documents = [
  '{"Items":[{"cidrIp":"10.1.2.3"},{"cidrIp":["10.0.0.0/8","x"]},[[{"CIDRIP":"0.0.0.0/0"}]]]}',
  '{"items":{"cidrIp":{"deep":{"deeper":"10.1.2.3"}}}}',
  '{"items":[]}',
  '{"items":[[]]}',
  '{"items":null}',
  '{"items":{}}',
  '{"items/cidrIp":"10.1.2.3","items~1":"y"}',
  '{"itemsX":{"cidrIp":"10.1.2.3"}}',
  '{"big":9007199254740993,"n":12.5,"yes":true,"no":false}',
  '{"__proto__":{"items":"p"},"it\'s":"a","İtems":1}',
  '[]',
  '"scalar"',
  'null',
]
const addresses = [
  '203.0.113.7',
  '203.0.112.255',
  '203.0.114.0',
  '10.0.0.0/8',
  '10.1.2.3/8',
  '1.2.3',
  '01.2.3.4',
  '256.1.1.1',
  's3.amazonaws.com',
  'S3.AMAZONAWS.COM.CN',
  'sts.amazonaws.eu',
  '2001:db8::7',
  '2001:db8::/32',
]
const arns = [
  'arn:aws:sts::1:assumed-role/Admin/alice',
  'ARN:aws:iam::1:user/path/to/alice',
  'arn:aws:s3:::logs',
  'alice',
  'arn:aws:iam::1:user/malice',
  'arn:alice',
]
const events: readonly ExportEvent[] = [
  ...texts.map((text) => ({ terms: { userAgent: text, 'userIdentity.userName': text } })),
  ...documents.map((json) => ({ documents: { requestParameters: json } })),
  ...addresses.map((text) => ({ terms: { sourceIPAddress: text, eventSource: text } })),
  ...arns.map((text) => ({ terms: { principal: text, resource: text } })),
  { tags: ['exfil', "it's"], bookmark: { exhibit: 'AR-0001', title: 't', note: '' } },
  { time: '2026-01-03T00:00:00Z', tags: ['Exfil'] },
].map((event, n) => exportEvent({ row: n + 1, ...event }))

const questions = [
  ...texts.flatMap((text) => [`userAgent:${quote(text)}`, ...(text === '' ? [] : [quote(text)])]),
  'userAgent:con*le', 'userAgent:con?ole', 'userAgent:?stanbul*', 'userAgent:i*', '-userAgent:*i*', 'userAgent:*%*', 'userAgent:*_*', 'userAgent:*\\\\*',
  'userAgent:/conso/', 'userAgent:/k/', 'userAgent:/[j-l]/', 'userAgent:/^[^a-z]*$/', 'userAgent:/a.b/', 'userAgent:/s{2,}/', 'userAgent:/\\d$/', 'userAgent:/^$/', 'userAgent:/\\(|"/', '/exfil[-_]/',
  'exfil', 'exfil*', '*fil*', '"s3-exfil"', 'role', 'stra*', 'istanbul', 'naïve', 'a*b', 'items', 'cidrIp', 'event-1', 'event', 'request-2',
  'userIdentity.userName>5', 'userIdentity.userName<=12', 'requestParameters.n>12', 'requestParameters.big>9007199254740991', 'requestParameters.yes:true', 'requestParameters.big:9007199254740992',
  'requestParameters.items.cidrIp:10.1.2.3', 'requestParameters.items.cidrIp:10.0.0.0/8', 'requestParameters.items.cidrIp:*', 'requestParameters.items:*', '-requestParameters.items:*', 'requestParameters:*', '-requestParameters:*',
  'requestParameters.items:/^10/', 'requestParameters."items/cidrIp":*', 'requestParameters."items~1":y', 'requestParameters.__proto__.items:p', 'requestParameters."it\'s":a', 'requestParameters.itemsX:10.1.2.3', 'requestParameters:scalar',
  'sourceIPAddress:203.0.113.0/24', 'sourceIPAddress:203.0.112.0/23', 'sourceIPAddress:0.0.0.0/0', 'sourceIPAddress:10.0.0.0/8', 'sourceIPAddress:203.0.113.7', '-sourceIPAddress:203.0.113.0/25', '10.0.0.0/8',
  'service:s3', 'service:s?', 'service:s3*', '-service:s3', 'service:s3.amazonaws.com',
  'principal:alice', 'principal:al?ce', 'principal:*ice', 'principal:path', 'principal:user/path*', 'principal:aws', 'resource:logs', '-principal:alice', 'principal:"alice"', 'principal:*',
  'tag:exfil', 'tag:"it\'s"', 'tag:*', '-tag:*', 'bookmark:yes', 'bookmark:no', 'integrity:proven', '-integrity:*', 'eventTime>=2026-01-03', 'NOT eventTime<2026-01-03', 'eventTime:2026-01-02', 'eventTime<2026-01-02T03:04:05Z',
  'NOT (tag:exfil OR NOT userAgent:aws*)', '(tag:exfil bookmark:yes) OR errorCode:*', 'NOT errorCode:*', 'NOT (errorCode:x principal:alice)', '-(-errorCode:x)',
] // prettier-ignore

const folder = mkdtempSync(join(tmpdir(), 'translate-'))
let connection: DuckDBConnection
beforeAll(async () => {
  for await (const file of writeParquet(stream(events), statement())) {
    mkdirSync(dirname(join(folder, file.path)), { recursive: true })
    writeFileSync(join(folder, file.path), file.bytes)
  }
  connection = await (await DuckDBInstance.create()).connect()
  await connection.run(duckdbView(folder))
})
afterAll(() => {
  connection.closeSync()
  rmSync(folder, { recursive: true })
})
const ask = async (sql: string): Promise<unknown[][]> => (await connection.runAndReadAll(sql)).getRowsJson()
const translate = (text: string, dialect = duckdb) => translateQuery({ ...everything, text }, dialect)

/** The rows by the query language's own meaning, over plain values. */
function reference(text: string): number[] {
  const parsed = parseQuery(text)
  if (!parsed.ok) throw new Error(`${text}: ${parsed.message}`)
  const test = compileMatcher(parsed.query)
  return events
    .filter((event) =>
      test({
        timeMs: event.timeMs,
        terms: termFields.map((field) => event.terms[field]),
        documents: documentFields.map((field) => {
          const json = event.documents[field]
          return json === undefined ? undefined : (JSON.parse(json) as unknown)
        }),
        identifiers: identifierFields.map((field) => event.identifiers[field]),
        tags: event.tags,
        bookmarked: event.bookmark !== undefined,
        integrity: event.integrity,
      }),
    )
    .map((event) => event.row)
}

describe('a translated question', () => {
  it('finds in DuckDB exactly the events that the query language means, in hostile evidence too', async () => {
    const wrong: unknown[] = []
    let [compared, telling] = [0, 0]
    for (const text of questions) {
      const sql = translate(text)
      if (!sql.ok) continue
      compared++
      const rows = await ask(`SELECT evidence_record::int + 1 FROM trailcase_events WHERE ${sql.value} ORDER BY 1`)
      const [found, meant] = [rows.map(([row]) => row), reference(text)]
      if (meant.length > 0 && meant.length < events.length) telling++
      if (JSON.stringify(found) !== JSON.stringify(meant)) wrong.push({ text, found, meant, sql: sql.value })
    }
    expect(wrong).toEqual([])
    expect(compared).toBeGreaterThan(questions.length - 20)
    // Questions that find nothing or everything prove little.
    expect(telling).toBeGreaterThan(150)
  })
  it.each([
    ['userAgent:/\\bx/', '\\b in a regular expression'],
    ['userAgent:/(?-i)x/', '(? for flags'],
    ['userAgent:/stra\u00dfe/', 'outside ASCII'],
    ['userAgent:/[[:alpha:]]/', 'in a class'],
    ['principal:/alice/', 'compared by parts'],
    ['service:10.0.0.0/8', 'compared by parts'],
    ['"a\\u{0}b"', 'cannot carry'],
    ['?xfil', '? at the end of a word'],
    ['sourceIPAddress:2001:db8::/32', 'DuckDB compares IPv6'],
    ['eventName:(', 'cannot be read'],
  ])('is refused with the reason where SQL would find something else: %s', (text, reason) => {
    const result = translate(text)
    expect(result.ok ? result.value : result.message).toContain(reason)
    expect(result.ok).toBe(false)
  })
  it('stops in DuckDB rather than miss an IPv4 address that is written as IPv6', async () => {
    const sql = translate('sourceIPAddress:203.0.113.0/24')
    if (!sql.ok) throw new Error(sql.message)
    const where = sql.value.replaceAll('sourceipaddress', "'::ffff:203.0.113.5'")
    await expect(ask(`SELECT count(*) FROM trailcase_events WHERE ${where}`)).rejects.toThrow('cannot compare')
  })
  it('uses the functions of Trino where the engines differ', () => {
    expect(translate('sourceIPAddress:203.0.113.0/24', trino)).toMatchObject({
      value: expect.stringContaining("contains('203.0.113.0/24', try_cast(regexp_replace(sourceipaddress,"),
    })
    expect(translate('tag:exfil', athena)).toMatchObject({
      value:
        "any_match(CAST(json_parse(tags) AS ARRAY(VARCHAR)), e -> replace(lower(replace(e, chr(304), 'i' || chr(775))), chr(962), chr(963)) = 'exfil')",
    })
    expect(translate('userAgent:/x/', trino)).toMatchObject({ value: "regexp_like(useragent, '[xX]')" })
    expect(translate('sourceIPAddress:2001:db8::/32', trino).ok).toBe(true)
    expect(translate('sourceIPAddress:::/8', trino).ok).toBe(false)
  })
})

describe('sqlLiteral', () => {
  it('is read back by the engine as it was, whatever the text', async () => {
    for (const text of [...texts, '\u202e', "a'\nb", '\\', "\\'"]) {
      if (/[\0\ufffd]|\p{Surrogate}/u.test(text)) expect(() => sqlLiteral(text)).toThrow('cannot carry')
      else expect(await ask(`SELECT ${sqlLiteral(text)}`)).toEqual([[text]])
    }
  })
})
