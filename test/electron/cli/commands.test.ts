import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { eventHistoryCsv } from '#engine/sample/exports.ts'
import { evidence, records } from '#test/fixtures/evidence.ts'
import { json, trailcase } from './cli.ts'
import { countShape, errorShape, eventShape, eventsShape, importShape, sqlShape, verifyShape } from './shapes.ts'

const folder = mkdtempSync(join(tmpdir(), 'trailcase-cli-'))
const at = (name: string) => join(folder, name)
const source = evidence(`
  09:00 alice ConsoleLogin ip=203.0.113.7
  09:01 alice AssumeRole -> admin
  09:02 admin StopLogging !denied
  09:30 bob   GetObject -> logs/a
  10:02 admin DeleteTrail !altered`)
/** The record of the escape sequences that no terminal may get. */
const hostile = {
  eventVersion: '1.08',
  eventTime: '2024-05-01T11:00:00Z',
  eventSource: 's3.amazonaws.com',
  eventName: 'Get\u001b[2JObject',
  awsRegion: 'us-east-1',
  sourceIPAddress: '203.0.113.9',
  userAgent: '\u202eevil\r\nfake line',
  eventID: 'aaaaaaaa-0000-4000-8000-000000000001',
  userIdentity: {
    type: 'IAMUser',
    userName: '=cmd()',
    arn: 'arn:aws:iam::111122223333:user/=cmd()',
    accountId: '111122223333',
  },
  requestParameters: { big: 0 },
}
// A number that JavaScript cannot hold and a key that stands twice: both must come out as they went in.
const hostileText = JSON.stringify(hostile).replace('"big":0', '"big":9007199254740993,"big":1')

beforeAll(async () => {
  source.writeTo(at('bucket'))
  mkdirSync(at('hostile'))
  writeFileSync(at('hostile/one.json.gz'), gzipSync(`{"Records":[${hostileText}]}`))
  const run = await trailcase(['import', at('main'), at('bucket'), at('hostile')])
  if (run.code !== 1) throw new Error(run.err)
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('new and info', () => {
  it('makes a case that info describes', async () => {
    const made = await trailcase([
      'new',
      at('made'),
      '--title',
      'Acme',
      '--number',
      '2024-7',
      '--zone',
      'Europe/Berlin',
      '--tlp',
      'amber+strict',
    ])
    expect(made).toMatchObject({ code: 0, err: '' })
    expect(existsSync(at('made.trailcase'))).toBe(true)
    expect(await json(['info', at('made.trailcase')])).toMatchObject({
      case: at('made.trailcase'),
      title: 'Acme',
      number: '2024-7',
      zone: 'Europe/Berlin',
      tlp: 'TLP:AMBER+STRICT',
      events: 0,
      sources: [],
      versions: { node: process.versions.node },
    })
  })

  it('keeps the extension that is there, and never replaces a case', async () => {
    expect((await trailcase(['new', at('other.case')])).code).toBe(0)
    expect(existsSync(at('other.case'))).toBe(true)
    expect(await trailcase(['new', at('other.case')])).toMatchObject({ code: 2, text: '' })
  })

  it('refuses a zone or level that does not exist, and makes nothing', async () => {
    expect((await trailcase(['new', at('bad'), '--zone', 'Mars/Olympus'])).code).toBe(2)
    expect((await trailcase(['new', at('bad'), '--tlp', 'PURPLE'])).code).toBe(2)
    expect(existsSync(at('bad.trailcase'))).toBe(false)
  })
})

describe('import', () => {
  it('makes the case, gives counts that add up, and exit code 1 for altered evidence', async () => {
    const run = await trailcase(['import', at('fresh'), at('bucket'), '--json'])
    expect(run.code).toBe(1)
    const result = importShape.parse(JSON.parse(run.text))
    expect(result).toMatchObject({
      case: at('fresh.trailcase'),
      records: { stored: 5 },
      integrity: { clean: false, logs: { modified: 1 } },
    })
    expect(result.integrity.findings.map((finding) => finding.code)).toContain('LOG_MODIFIED')
    expect(await json(['info', at('fresh')])).toMatchObject({ title: 'fresh', events: 5 })
  })

  it('gives exit code 0 for evidence without damage', async () => {
    evidence('09:00 alice ConsoleLogin').writeTo(at('sound'))
    const run = await trailcase(['import', at('sound-case'), at('sound'), '--json'])
    expect(run.code).toBe(0)
    expect(importShape.parse(JSON.parse(run.text)).integrity).toMatchObject({ clean: true, logs: { proven: 1 } })
  })

  it('takes keys and signatures from elsewhere', async () => {
    const split = evidence('09:00 alice ConsoleLogin')
    const isProof = (path: string) => path.startsWith('public-keys') || path.endsWith('.jsonl')
    for (const { path, bytes } of split.files) {
      const target = at(join(isProof(path) ? 'proofs' : 'logs', path))
      mkdirSync(join(target, '..'), { recursive: true })
      writeFileSync(target, bytes)
    }
    const without = importShape.parse(await json(['import', at('without'), at('logs')]))
    expect(without.integrity.logs).toMatchObject({ proven: 0 })
    const keys = ['--keys', at('proofs/public-keys'), '--signatures', at('proofs/digest-head-object.jsonl')]
    const withProofs = importShape.parse(await json(['import', at('with'), at('logs'), ...keys]))
    expect(withProofs).toMatchObject({
      keys: 1,
      signatures: 1,
      integrity: { clean: true, logs: { proven: 1, total: 1 } },
    })
  })

  it('doubles nothing when it is run again', async () => {
    await trailcase(['import', at('twice'), at('bucket')])
    const again = importShape.parse(await json(['import', at('twice'), at('bucket')]))
    expect(again.records.stored).toBe(0)
    expect(await json(['info', at('twice')])).toMatchObject({ events: 5 })
  })

  it('takes only the accounts and regions asked for', async () => {
    const wide = evidence('09:00 alice ConsoleLogin\n09:00 alice CreateUser -> x region=eu-west-1').writeTo(at('wide'))
    const result = importShape.parse(
      await json(['import', at('narrow'), wide, '--region', 'eu-west-1', '--account', '111122223333']),
    )
    expect(result.records.stored).toBe(1)
  })

  it('makes no case when a path is not there', async () => {
    expect(await trailcase(['import', at('never'), at('nowhere')])).toMatchObject({ code: 2, text: '' })
    expect(existsSync(at('never.trailcase'))).toBe(false)
  })

  it('is refused without an examiner', async () => {
    const run = await trailcase(['import', at('nobody'), at('bucket'), '--json'], { examiner: null })
    expect(run.code).toBe(2)
    expect(errorShape.parse(JSON.parse(run.text)).error.code).toBe('no-examiner')
    expect(existsSync(at('nobody.trailcase'))).toBe(false)
    expect(
      (await trailcase(['import', at('somebody'), at('sound'), '--examiner', 'B. Okafor'], { examiner: null })).code,
    ).toBe(0)
  })
})

describe('events', () => {
  it('lists every event with CloudTrail’s own names and what the case knows', async () => {
    const listed = eventsShape.parse(await json(['events', at('main')]))
    expect(listed).toMatchObject({ total: 6, shown: 6, truncated: false, query: '' })
    for (const [n, { record }] of source.events.entries()) {
      const { _source, _id, ...event } = listed.events[n]!
      if (record['eventName'] !== 'DeleteTrail') expect(event).toMatchObject(record)
      expect(source.events[n]!.paths).toContain(_source)
      expect(_id).toBeGreaterThan(0)
    }
    expect(listed.events.map((event) => event._integrity)).toContain('modified')
  })

  it('sorts, pages and says what was left out', async () => {
    const listed = eventsShape.parse(
      await json(['events', at('main'), '--sort', '-eventTime', '--offset', '1', '--limit', '2']),
    )
    expect(listed).toMatchObject({ total: 6, shown: 2, truncated: true })
    expect(listed.events.map((event) => event.eventName)).toEqual(['DeleteTrail', 'GetObject'])
    expect(eventsShape.parse(await json(['events', at('main'), '--limit', '0']))).toMatchObject({
      total: 6,
      shown: 0,
      truncated: true,
    })
  })

  it('takes a query that begins with a dash, and a range', async () => {
    expect(await json(['events', at('main'), '-errorCode:*'])).toMatchObject({ total: 5, query: '-errorCode:*' })
    expect(
      await json(['events', at('main'), 'NOT errorCode:*', '--from', '2024-05-01T09:01Z', '--to', '2024-05-01T10:00Z']),
    ).toMatchObject({ total: 2 })
  })

  it('keeps numbers and double keys as they were written', async () => {
    const { text } = await trailcase(['events', at('main'), 'eventID:aaaaaaaa-0000-4000-8000-000000000001', '--json'])
    expect(text).toContain('"big":9007199254740993,"big":1')
    eventsShape.parse(JSON.parse(text))
  })

  it('writes JSON lines, one event a line', async () => {
    const { text } = await trailcase(['events', at('main'), '--format', 'jsonl'])
    const lines = text.trimEnd().split('\n')
    expect(lines.map((line) => eventShape.parse(JSON.parse(line)).eventName)).toHaveLength(6)
  })

  it('puts a record together from its columns where its source is a CSV', async () => {
    const [login, object] = records('09:00 alice ConsoleLogin\n09:01 alice GetObject -> logs/a')
    writeFileSync(at('event_history.csv'), eventHistoryCsv([login!, object!]))
    await trailcase(['import', at('from-csv'), at('event_history.csv')])
    const listed = await json(['events', at('from-csv')])
    expect(listed).toMatchObject({
      total: 2,
      events: [
        {
          eventName: 'ConsoleLogin',
          eventID: login!.eventID,
          eventTime: login!.eventTime,
          _source: 'event_history.csv',
        },
        { eventName: 'GetObject', eventID: object!.eventID, eventSource: 's3.amazonaws.com' },
      ],
    })
  })

  it('gives only the fields asked for', async () => {
    const run = await trailcase([
      'events',
      at('main'),
      'principal:bob',
      '--fields',
      'eventName,requestParameters.bucketName',
      '--format',
      'jsonl',
    ])
    expect(JSON.parse(run.text)).toEqual({
      eventName: 'GetObject',
      'requestParameters.bucketName': 'logs',
      _id: expect.any(Number) as number,
    })
  })

  it('writes CSV that no spreadsheet runs, with the exact columns of the analyst’s table', async () => {
    const { text } = await trailcase(['events', at('main'), '--format', 'csv'])
    const rows: Record<string, string>[] = parse(text, { bom: true, columns: true })
    expect(rows).toHaveLength(6)
    expect(rows[0]).toMatchObject({ row: '1', event_name: 'ConsoleLogin', source_ip: '203.0.113.7', neutralised: '0' })
    const fields = await trailcase([
      'events',
      at('main'),
      '--format',
      'csv',
      '--fields',
      'userIdentity.userName,userAgent',
    ])
    expect(parse(fields.text, { columns: true })).toContainEqual({
      'userIdentity.userName': "'=cmd()",
      userAgent: '\\u{202e}evil\\u{d}\\u{a}fake line',
      neutralised: '1',
    })
  })

  it.each(['csv', 'xlsx', 'timesketch', 'ocsf'])(
    'writes %s to a file with the statement of selection beside it',
    async (format) => {
      const out = at(`export.${format}`)
      const run = await trailcase(['events', at('main'), 'eventName:*Login', '--format', format, '--out', out])
      expect(run).toMatchObject({ code: 0, text: '' })
      const selection = JSON.parse(readFileSync(`${out}.selection.json`, 'utf8'))
      expect(selection).toMatchObject({
        shown: 1,
        total: 6,
        query: 'eventName:*Login',
        rowsWritten: 1,
        examiner: 'A. Rossi',
      })
      expect(selection.files[0].sha256).toBe(createHash('sha256').update(readFileSync(out)).digest('hex'))
    },
  )

  it('never replaces a file, and leaves nothing half-written', async () => {
    writeFileSync(at('kept.jsonl'), 'mine')
    for (const format of ['jsonl', 'csv']) {
      const run = await trailcase(
        ['events', at('main'), '--format', format, '--out', at('kept.jsonl'), '--json'].slice(0, -1),
      )
      expect(run.code).toBe(2)
    }
    expect(readFileSync(at('kept.jsonl'), 'utf8')).toBe('mine')
    const run = await trailcase(['events', at('main'), '--out', at('made.jsonl')])
    expect(run.err).toContain('6 of 6 events')
    expect(readFileSync(at('made.jsonl'), 'utf8').trimEnd().split('\n')).toHaveLength(6)
  })

  it('shows a table without anything that acts on a terminal', async () => {
    const { text, err } = await trailcase(['events', at('main'), '--fields', 'eventName,userAgent'])
    expect(text).toContain('Get\\u{1b}[2JObject')
    expect(text).toContain('\\u{202e}evil\\u{d}\\u{a}fake line')
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/)
    expect(text.trimEnd().split('\n')).toHaveLength(7)
    expect(err).toContain('6 of 6 events')
  })

  it('points at the place of a wrong query', async () => {
    const run = await trailcase(['events', at('main'), 'eventName:(Del', '--json'])
    expect(run.code).toBe(2)
    const { error } = errorShape.parse(JSON.parse(run.text))
    expect(error.code).toBe('bad-query')
    expect(error.message).toContain('at character 11')
    expect(run.err.trimEnd().split('\n')).toHaveLength(1)
  })
})

describe('count, show, sql, sources, verify', () => {
  it('counts by fields, by time, and in all', async () => {
    const all = countShape.parse(await json(['count', at('main')]))
    expect(all).toEqual({ total: 6, groups: [] })
    const byUser = countShape.parse(await json(['count', at('main'), '--by', 'eventSource,access']))
    expect(byUser.groups.reduce((sum, group) => sum + group.count, 0)).toBe(6)
    const hours = countShape.parse(await json(['count', at('main'), '--every', '1h', '--by', 'awsRegion']))
    expect(hours.groups.map((group) => [...group.key, group.count])).toEqual([
      ['2024-05-01T09:00:00Z', 'us-east-1', 4],
      ['2024-05-01T10:00:00Z', 'us-east-1', 1],
      ['2024-05-01T11:00:00Z', 'us-east-1', 1],
    ])
    expect(
      countShape.parse(await json(['count', at('main'), 'eventName:Stop*', '--by', 'eventName', '--top', '1'])).groups,
    ).toMatchObject([{ key: ['StopLogging'], count: 1 }])
  })

  it('shows one event, and its exact bytes', async () => {
    const shown = await json(['show', at('main'), hostile.eventID])
    expect(eventShape.parse(shown)).toMatchObject({
      eventName: hostile.eventName,
      _source: 'one.json.gz',
      _record: 0,
      _conflicts: [],
    })
    const raw = await trailcase(['show', at('main'), hostile.eventID, '--raw'])
    expect(raw.out.equals(Buffer.from(hostileText))).toBe(true)
    const text = await trailcase(['show', at('main'), hostile.eventID])
    expect(text.text).toContain('9007199254740993')
    expect(text.text).not.toContain('\u001b')
    expect(await trailcase(['show', at('main'), 'no-such-event'])).toMatchObject({ code: 2, text: '' })
  })

  it('runs one SELECT and nothing else', async () => {
    const answer = sqlShape.parse(
      await json(['sql', at('main'), "select eventName from events where access = 'denied'"]),
    )
    expect(answer).toMatchObject({ columns: ['eventName'], rows: [['StopLogging']], truncated: false })
    expect(sqlShape.parse(await json(['sql', at('main'), 'select _id from events', '--limit', '2']))).toMatchObject({
      truncated: true,
    })
    for (const sql of ['delete from event', "attach 'x' as y", 'pragma user_version = 9', 'select 1; select 2'])
      expect((await trailcase(['sql', at('main'), sql])).code).toBe(2)
    expect(verifyShape.parse(await json(['verify', at('main')])).clean).toBe(true)
  })

  it('stops SQL at its time limit with exit code 3', async () => {
    const endless = 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n'
    const run = await trailcase(['sql', at('main'), endless, '--timeout', '1', '--json'])
    expect(run.code).toBe(3)
    expect(errorShape.parse(JSON.parse(run.text)).error.code).toBe('time-limit')
  })

  it('lists every file with its outcome', async () => {
    const listed = (await json(['sources', at('main')])) as {
      sources: unknown[]
      files: { path: string; outcome: string; sha256: string }[]
    }
    expect(listed.sources).toHaveLength(2)
    expect(listed.files).toHaveLength(source.files.length + 1)
    for (const { path, bytes } of source.files)
      expect(listed.files.find((file) => file.path === path)?.sha256).toBe(
        createHash('sha256').update(bytes).digest('hex'),
      )
    expect((await trailcase(['sources', at('main')])).text).toContain('LOG_MODIFIED')
  })

  it('verifies a whole case as clean', async () => {
    const run = await trailcase(['verify', at('main'), '--json'])
    expect(run.code).toBe(0)
    expect(verifyShape.parse(JSON.parse(run.text)).clean).toBe(true)
  })
})
