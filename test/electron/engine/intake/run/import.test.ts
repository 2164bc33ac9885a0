import { createHash } from 'node:crypto'
import { cpSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { everything } from '#shared/domain/query/query.ts'
import { evidence } from '#test/fixtures/evidence.ts'
import { sumsHold, TestEngine } from '#test/fixtures/engine.ts'

let test: TestEngine
beforeEach(() => {
  test = new TestEngine()
})
afterEach(() => test.end())

const story = () =>
  evidence(`
    09:00 alice  ConsoleLogin
    09:01 alice  AssumeRole -> admin
    09:02 admin  StopLogging !denied ip=203.0.113.7 region=eu-west-1
    09:03 admin  CreateUser -> mallory
    10:10 bob    GetObject -> payroll/2024.csv !duplicate`)

const find = (open: { id: unknown }, text: string, fields = ['eventName']) =>
  test.ask('events.find', { caseId: open.id, query: { ...everything, text }, offset: 0, limit: 100, fields })

describe('an import', () => {
  it('stores every event once, with all its deliveries', async () => {
    const folder = test.path('bucket')
    story().writeTo(folder)
    const open = await test.create()
    const result = await test.import(open, [folder])
    expect(result.records).toEqual({ read: 5, stored: 5, duplicate: 0, conflict: 0, rejected: 0 })
    expect(result.entries.duplicate).toBe(2) // the second delivery has the same bytes; so have two empty digests
    expect(sumsHold(result)).toBe(true)
    const found = await find(open, 'eventName:GetObject')
    expect(found.rows.map((row) => [row.values[0], row.occurrences])).toEqual([['GetObject', 2]])
  })

  it('doubles nothing when it is run again, and reads only what is new', async () => {
    const folder = test.path('bucket')
    story().writeTo(folder)
    const open = await test.create()
    const first = await test.import(open, [folder])
    const again = await test.import(open, [folder])
    expect(again.entries).toEqual({ ...first.entries, stored: 0, duplicate: first.entries.seen })
    expect(again.records.read).toBe(0)
    expect(sumsHold(again)).toBe(true)
    writeFileSync(
      join(folder, 'one-more.json'),
      JSON.stringify(evidence('11:00 eve ListBuckets id=99999999-0000-4000-8000-000000000001').events[0]!.record),
    )
    const third = await test.import(open, [folder])
    expect(third.records.stored).toBe(1)
    expect((await test.info(open)).events).toBe(6)
  })

  it('gives a file that changed between two imports a line for each content, and keeps both', async () => {
    mkdirSync(test.path('changing'))
    const contents = ['alice ListUsers', 'bob ListRoles', 'alice ListUsers'].map((call, n) =>
      JSON.stringify(evidence(`09:00 ${call} id=00000000-0000-4000-8000-00000000000${n % 2}`).events[0]!.record),
    )
    const open = await test.create()
    for (const content of contents) {
      writeFileSync(test.path('changing/a.json'), content)
      expect(sumsHold(await test.import(open, [test.path('changing')]))).toBe(true)
    }
    const { files } = await test.ask('sources.files', { caseId: open.id })
    expect(files.map((file) => file.outcome)).toEqual(['stored', 'stored', 'duplicate'])
    expect((await test.info(open)).events).toBe(2)
  })

  it('knows the same file under another name, and keeps both names', async () => {
    const folder = test.path('bucket')
    story().writeTo(folder)
    const open = await test.create()
    await test.import(open, [folder])
    const copy = test.path('copy')
    cpSync(folder, copy, { recursive: true })
    const result = await test.import(open, [copy])
    expect(result.entries.duplicate).toBe(result.entries.seen - result.entries.ignored)
    const files = await test.ask('sources.files', { caseId: open.id, outcome: 'duplicate' })
    expect(files.files[0]?.reason).toBe('the same bytes are in the case already')
    expect((await test.info(open)).events).toBe(5)
  })

  it('keeps two records with one eventID and different content as a conflict, and shows each from the other', async () => {
    const [a, b] = ['203.0.113.1', '203.0.113.2'].map(
      (ip) => evidence(`09:00 alice ListUsers ip=${ip} id=3038ebd2-c98a-4c65-9b6e-e22506292313`).events[0]!.record,
    )
    mkdirSync(test.path('two'))
    writeFileSync(test.path('two/a.json'), JSON.stringify({ Records: [a] }))
    writeFileSync(test.path('two/b.json'), JSON.stringify({ Records: [b] }))
    const open = await test.create()
    const result = await test.import(open, [test.path('two')])
    expect(result.records).toEqual({ read: 2, stored: 1, duplicate: 0, conflict: 1, rejected: 0 })
    const { ids } = await test.ask('events.locate', {
      caseId: open.id,
      eventID: '3038EBD2-C98A-4C65-9B6E-E22506292313',
    })
    expect(ids).toHaveLength(2)
    const details = await test.ask('events.get', { caseId: open.id, id: ids[0] })
    expect(details.conflicts).toEqual([ids[1]])
    expect(details.flagWords).toContain('another record with the same eventID says something else')
  })

  it('counts a second delivery of a conflicting record as a duplicate of it, not as another conflict', async () => {
    const at = (ip: string) =>
      evidence(`09:00 alice ListUsers ip=${ip} id=3038ebd2-c98a-4c65-9b6e-e22506292313`).events[0]!.record
    const open = await test.create()
    const outcomes = []
    for (const [n, ip] of ['203.0.113.1', '203.0.113.2', '203.0.113.2', '203.0.113.1'].entries()) {
      writeFileSync(test.path(`${n}.json`), JSON.stringify({ Records: [at(ip)], n }))
      outcomes.push((await test.import(open, [test.path(`${n}.json`)])).records)
    }
    expect(outcomes.map((r) => [r.stored, r.conflict, r.duplicate])).toEqual([
      [1, 0, 0],
      [0, 1, 0],
      [0, 0, 1],
      [0, 0, 1],
    ])
    expect((await test.info(open)).events).toBe(2)
  })

  it('takes the same content in another key order, or inside a lookup-events string, for the same event', async () => {
    const record = evidence('09:00 alice ListUsers').events[0]!.record as Record<string, unknown>
    const reversed = Object.fromEntries(Object.entries(record).toReversed())
    const lookup = {
      Events: [{ EventId: record['eventID'], EventName: 'ListUsers', CloudTrailEvent: JSON.stringify(record) }],
    }
    mkdirSync(test.path('forms'))
    writeFileSync(test.path('forms/a.json'), JSON.stringify({ Records: [record] }))
    writeFileSync(test.path('forms/b.json'), JSON.stringify({ Records: [reversed] }))
    writeFileSync(test.path('forms/c.json'), JSON.stringify(lookup))
    const open = await test.create()
    const result = await test.import(open, [test.path('forms')])
    expect(result.records).toEqual({ read: 3, stored: 1, duplicate: 2, conflict: 0, rejected: 0 })
  })

  it('shows the record that a lookup-events string carries, not the wrapper around it', async () => {
    const record = evidence('09:00 alice ListUsers').events[0]!.record as Record<string, unknown>
    const lookup = {
      Events: [{ EventId: record['eventID'], EventName: 'ListUsers', CloudTrailEvent: JSON.stringify(record) }],
    }
    writeFileSync(test.path('lookup.json'), JSON.stringify(lookup))
    const open = await test.create()
    await test.import(open, [test.path('lookup.json')])
    const { ids } = await test.ask('events.locate', { caseId: open.id, eventID: record['eventID'] })
    const details = await test.ask('events.get', { caseId: open.id, id: ids[0] })
    expect(details.json).toBe(JSON.stringify(record))
    expect(Buffer.from(details.rawBase64, 'base64').toString()).toBe(JSON.stringify(lookup.Events[0]))
  })

  it.each([
    ['first', ['a.csv', 'b.json']],
    ['last', ['b.csv', 'a.json']],
  ])('lets a full record take the place of a thin CSV copy that came %s', async (_when, [csv, json]) => {
    const record = evidence('09:00 alice ListUsers').events[0]!.record as Record<string, string>
    mkdirSync(test.path('thin'))
    writeFileSync(
      test.path(`thin/${csv!}`),
      `User name,AWS access key,Event time,Event source,Event name,AWS region,Source IP address,User agent,Error code,Resources,Request ID,Event ID,Read-only,Event type,Recipient Account Id,Event category\nalice,,${record['eventTime']!},iam.amazonaws.com,ListUsers,us-east-1,198.51.100.7,cli,,[],,${record['eventID']!},true,AwsApiCall,111122223333,Management\n`,
    )
    writeFileSync(test.path(`thin/${json!}`), JSON.stringify({ Records: [record] }))
    const open = await test.create()
    await test.import(open, [test.path('thin')])
    const found = await find(open, 'eventName:ListUsers', ['userAgent'])
    expect(found.total).toBe(1)
    expect(found.rows[0]?.values[0]).toBe(record['userAgent'])
    expect(found.rows[0]?.occurrences).toBe(2)
  })

  it('gives the exact bytes of a record back, whatever stands in it', async () => {
    const odd = Buffer.from(
      '{"Records":[{"eventVersion":"1.08","eventTime":"2024-05-01T09:00:00Z","eventSource":"s3.amazonaws.com","eventName":"GetObject","eventID":"11111111-0000-4000-8000-000000000001","requestParameters":{"n":9007199254740993,"k":"\\u0000\\ud800","k":"twice","\u00e9":"x"},"userAgent":"bad \xff\xfe bytes"}]}',
      'latin1',
    )
    writeFileSync(test.path('odd.json'), odd)
    const open = await test.create()
    await test.import(open, [test.path('odd.json')])
    const { ids } = await test.ask('events.locate', {
      caseId: open.id,
      eventID: '11111111-0000-4000-8000-000000000001',
    })
    const details = await test.ask('events.get', { caseId: open.id, id: ids[0] })
    const raw = Buffer.from(details.rawBase64, 'base64')
    expect(raw.equals(odd.subarray('{"Records":['.length, odd.length - 2))).toBe(true)
    expect(details.recordSha256).toBe(createHash('sha256').update(raw).digest('hex'))
    expect(details.flagWords).toEqual(
      expect.arrayContaining([
        'names the same key twice; other programs may read the other value',
        'is not valid UTF-8; the raw bytes are exact',
      ]),
    )
  })

  it('stops when asked, keeps whole files, and goes on where it stopped', async () => {
    const folder = test.path('bucket')
    const lines = Array.from(
      { length: 700 },
      (_, n) =>
        `${String(Math.floor(n / 60)).padStart(2, '0')}:${String(n % 60).padStart(2, '0')} alice ListUsers file=${n}`,
    )
    evidence(lines.join('\n')).writeTo(folder)
    const open = await test.create()
    const stop = new AbortController()
    await expect(
      test.import(open, [folder], { signal: stop.signal, progress: (p) => (p.files > 0 ? stop.abort() : undefined) }),
    ).rejects.toMatchObject({ code: 'cancelled' })
    const kept = (await test.info(open)).events
    expect(kept).toBeGreaterThan(0)
    expect(kept).toBeLessThan(700)
    expect((await find(open, 'eventName:ListUsers')).total).toBe(kept)
    const rest = await test.import(open, [folder])
    expect(rest.records.stored).toBe(700 - kept)
    const verified = await test.ask('cases.verify', { caseId: open.id })
    expect(verified.clean).toBe(true)
  })

  it('stores files that are too large for a batch or for memory, in their place among small ones', async () => {
    const key = (n: number) =>
      `123456789012_CloudTrail_us-east-1_20240101T00${String(n).padStart(2, '0')}Z_aaaaaaaaaaaaaaaa.json`
    const at = (n: number) =>
      evidence(`09:00 alice ListUsers id=00000000-0000-4000-8000-${String(n).padStart(12, '0')}`).events[0]!.record
    const folder = test.path('bucket')
    mkdirSync(folder)
    const padding = [100, 2_900_000, 500_000, 3_500_000, 100, 4_500_000, 5_000_000, 100]
    for (const [n, blanks] of padding.entries())
      writeFileSync(join(folder, key(n)), JSON.stringify({ Records: [at(n)] }) + ' '.repeat(blanks))
    const open = await test.create()
    const result = await test.import(open, [folder])
    expect(result.records).toEqual({ read: 8, stored: 8, duplicate: 0, conflict: 0, rejected: 0 })
    expect(sumsHold(result)).toBe(true)
    const again = await test.import(open, [folder])
    expect(again.records.read).toBe(0)
    expect(again.entries.stored).toBe(0)
    const verified = await test.ask('cases.verify', { caseId: open.id })
    expect(verified.clean).toBe(true)
  })

  it('leaves the sources as they were', async () => {
    const folder = test.path('bucket')
    story().writeTo(folder)
    const file = join(folder, story().events[0]!.paths[0]!)
    utimesSync(file, 1_700_000_000, 1_700_000_000)
    const before = createHash('sha256').update(readFileSync(file)).digest('hex')
    const open = await test.create()
    const names = readdirSync(folder, { recursive: true }).sort()
    await test.import(open, [folder])
    expect(createHash('sha256').update(readFileSync(file)).digest('hex')).toBe(before)
    expect(statSync(file).mtimeMs).toBe(1_700_000_000_000)
    expect(readdirSync(folder, { recursive: true }).sort()).toEqual(names)
  })

  it('reads a referenced original from where it lies, and says so when it has changed', async () => {
    const folder = test.path('bucket')
    const source = story()
    source.writeTo(folder)
    const open = await test.create()
    await test.import(open, [folder], { mode: 'reference' })
    const { rows } = await find(open, 'eventName:ConsoleLogin')
    const details = await test.ask('events.get', { caseId: open.id, id: rows[0]!.id })
    expect(details.json).toContain('ConsoleLogin')
    writeFileSync(join(folder, source.events[3]!.paths[0]!), 'changed')
    const { rows: later } = await find(open, 'eventName:CreateUser')
    test.engine.case(open.id).inflated.forget()
    await expect(test.ask('events.get', { caseId: open.id, id: later[0]!.id })).rejects.toMatchObject({
      code: 'damaged',
    })
  })

  it('answers the same question in the same order whatever order the evidence came in', async () => {
    const text = `09:00 alice ListUsers file=a\n09:00 bob ListRoles file=b\n09:00 carol ListGroups file=c\n09:05 dave GetUser file=d`
    const source = evidence(text)
    const orders: (string | null)[][] = []
    for (const [n, files] of [source.files, source.files.toReversed()].entries()) {
      const open = await test.create(`order-${n}.trailcase`)
      for (const [at, file] of files.entries()) {
        // A folder for each, as a grant has at most 200 characters.
        const folder = test.path(`order-${n}/${at}`)
        const path = join(folder, file.path)
        mkdirSync(join(path, '..'), { recursive: true })
        writeFileSync(path, file.bytes)
        await test.import(open, [folder])
      }
      orders.push((await find(open, '', ['eventName'])).rows.map((row) => row.values[0] ?? null))
    }
    expect(orders[1]).toEqual(orders[0])
    expect(orders[0]).toHaveLength(4)
  })
})
