import { execFileSync, spawnSync } from 'node:child_process'
import { createHash, sign } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { ensure } from '#shared/base/assert.ts'
import type { FacetFilter } from '#shared/domain/query/query.ts'
import type { Grant } from '#shared/contract/common.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { eventVerdicts } from '#shared/domain/integrity.ts'
import {
  annotatedCase,
  asker,
  reopened,
  rossi,
  tempFolder,
  testEngine,
  type TestCase,
} from '#test/electron/engine/annotations/annotated-case.ts'
import { keyBundle, sha256, signingKeys } from '#test/fixtures/digest-chain.ts'
import { evidence, writeFiles, type EvidenceOptions } from '#test/fixtures/evidence.ts'

const STORY = `
  09:00 alice  ConsoleLogin
  09:01 alice  AssumeRole -> admin
  09:20 admin  StopLogging -> ir-trail !altered
  10:02 bob    GetObject -> logs/a !missing
  10:20 bob    ListUsers !planted`

const engines: TestCase['engine'][] = []
afterAll(() => Promise.all(engines.map((engine) => engine.closeAll())))

async function imported(story: string, options: EvidenceOptions = {}): Promise<TestCase> {
  const made = await annotatedCase(story, options)
  engines.push(made.engine)
  return made
}

/** A case into which folders are imported one after the other. */
async function importedFrom(...folders: readonly string[]): Promise<TestCase> {
  const engine = testEngine()
  engines.push(engine)
  const path = join(tempFolder(), 'case.trailcase')
  const open = await engine.create(path, {}, rossi)
  const made = { engine, open, path, ask: asker(engine, open.id) }
  for (const folder of folders) await made.ask('sources.import', { grants: [folder as Grant] })
  return made
}

/** The rows of a query, with these fields. */
async function find({ ask }: TestCase, text: string, fields: string[] = [], facets: FacetFilter[] = []) {
  return ask('events.find', { query: { text, facets, sort: 'eventTime' }, fields, offset: 0, limit: 100 })
}
async function verdictsByName(test: TestCase): Promise<Record<string, string>> {
  const { rows } = await find(test, '', ['eventName'])
  return Object.fromEntries(rows.map((row) => [row.values[0] ?? '', row.integrity]))
}
const total = async (test: TestCase, text: string): Promise<number> => (await find(test, text)).total
const eventOf = async (test: TestCase, text: string): Promise<number> =>
  ensure((await find(test, text)).rows[0], 'the event is there').id
const summaryOf = async ({ ask }: TestCase) => (await ask('integrity.summary', {})).summary
const codes = (summary: OutputOf<'integrity.summary'>['summary']): string[] =>
  summary.findings.map((finding) => `${finding.severity} ${finding.code}`)

describe('a case that was imported with digests', () => {
  it('tells what is altered, missing and planted, and gives each event the verdict of its file', async () => {
    const test = await imported(STORY)
    const summary = await summaryOf(test)
    expect(codes(summary)).toEqual(['high LOG_MODIFIED', 'high LOG_UNREFERENCED', 'medium LOG_MISSING'])
    expect(summary).toMatchObject({ clean: false, logs: { modified: 1, missing: 1, unreferenced: 1 } })
    expect(await verdictsByName(test)).toEqual({
      ConsoleLogin: 'proven',
      AssumeRole: 'proven',
      StopLogging: 'modified',
      ListUsers: 'unreferenced',
    })
    for (const verdict of ['proven', 'modified', 'unreferenced', 'none', 'listed'] as const)
      expect([verdict, await total(test, `integrity:${verdict}`)]).toEqual([
        verdict,
        { proven: 2, modified: 1, unreferenced: 1, none: 0, listed: 0 }[verdict],
      ])
  })

  it('calls an event proven by any proven delivery, in grid, query, details and SQL alike', async () => {
    const test = await imported(`
      09:00 alice ListUsers !duplicate !trailing
      09:01 bob   GetUser file=other !duplicate
      09:02 carol ListRoles file=third !trailing`)
    expect(await verdictsByName(test)).toEqual({ ListUsers: 'proven', GetUser: 'proven', ListRoles: 'trailing' })
    expect(await total(test, 'integrity:trailing')).toBe(1)
    const { rows } = await find(test, 'eventName:ListUsers')
    const details = await test.ask('events.get', { id: ensure(rows[0], 'there is one').id })
    expect(details.row.integrity).toBe('proven')
    expect(details.places.map((place) => place.integrity).sort()).toEqual(['proven', 'trailing'])
    const sql = await test.ask('sql.run', { sql: 'select eventName, _integrity from events order by eventTime' })
    expect(sql.rows).toEqual([
      ['ListUsers', 'proven'],
      ['GetUser', 'proven'],
      ['ListRoles', 'trailing'],
    ])
  })

  it('keeps a record that was tampered with as modified, beside the proven one of the same eventID', async () => {
    const test = await imported('09:00 alice ListUsers !duplicate !altered')
    const { rows } = await find(test, '', ['sourceIPAddress'])
    expect(rows.map((row) => [row.values[0] === '192.0.2.254', row.integrity]).sort()).toEqual([
      [false, 'proven'],
      [true, 'modified'],
    ])
  })

  it('calls files with the same bytes proven when one of them is, whichever came first', async () => {
    const source = evidence(STORY)
    const log = ensure(source.events[0]?.paths[0], 'the login has a file')
    const bytes = ensure(
      source.files.find((file) => file.path === log),
      'it is there',
    ).bytes
    const copy = { path: log.replace(/_[A-Za-z0-9]{16}\.json/, '_CopyCopyCopyCopy.json'), bytes }
    const [whole, planted] = [source.writeTo(tempFolder()), writeFiles(tempFolder(), [copy])]
    for (const folders of [[whole, planted] as const, [planted, whole] as const]) {
      const test = await importedFrom(...folders)
      expect(codes(await summaryOf(test)).filter((code) => code === 'high LOG_UNREFERENCED')).toHaveLength(2)
      expect((await verdictsByName(test))['ConsoleLogin']).toBe('proven')
      const id = await eventOf(test, 'ConsoleLogin')
      const { places } = await test.ask('events.get', { id })
      expect(places.map((place) => place.verdict).sort()).toEqual(['LOG_PROVEN', 'LOG_UNREFERENCED'])
      expect(await test.ask('proof.card', { of: { event: id } })).toMatchObject({ kind: 'card' })
    }
  })

  it('says none of evidence without digests, and that nothing can be proven', async () => {
    const test = await imported(STORY, { digests: false })
    expect(new Set(Object.values(await verdictsByName(test)))).toEqual(new Set(['none']))
    const { sentence } = await test.ask('integrity.overview', {})
    expect(sentence).toMatch(/^Nothing can be proven: the evidence holds \d+ log files but no digests/)
  })

  it('orders the verdicts of the SQL view as the query does', async () => {
    // Appended bytes make the two deliveries files of their own.
    const test = await imported('09:00 alice ListUsers !duplicate !trailing')
    const { reader } = test.open.file
    const entries = await reader.all<{ entry: number }>('select entry from entry_verdict order by entry')
    expect(entries).toHaveLength(2)
    for (const first of eventVerdicts)
      for (const second of eventVerdicts) {
        await test.open.file.transaction(async (tx) => {
          await tx.run('update entry_verdict set event_verdict = ? where entry = ?', [first, entries[0]!.entry])
          await tx.run('update entry_verdict set event_verdict = ? where entry = ?', [second, entries[1]!.entry])
        })
        test.open.forgetVerdicts()
        const best = eventVerdicts.find((verdict) => verdict === first || verdict === second)
        const sql = await test.ask('sql.run', { sql: 'select _integrity from events' })
        expect([first, second, sql.rows[0]?.[0], (await verdictsByName(test))['ListUsers']]).toEqual([
          first,
          second,
          best,
          best,
        ])
      }
  })
})

describe('importing again', () => {
  const folder = tempFolder()
  const whole = evidence(STORY)

  it('gives the same judgement whatever the order in which the files came', async () => {
    const parts = ['a', 'b', 'c'].map((name) => join(folder, name))
    for (const [i, file] of whole.files.entries()) writeFiles(parts[(i * 7) % 3]!, [file])
    const forward = await importedFrom(...parts)
    const backward = await importedFrom(...parts.toReversed())
    const atOnce = await importedFrom(whole.writeTo(join(folder, 'whole')))
    const judgement = await summaryOf(forward)
    expect(await summaryOf(backward)).toEqual(judgement)
    expect(await summaryOf(atOnce)).toEqual(judgement)
    expect(await verdictsByName(backward)).toEqual(await verdictsByName(forward))
  })

  it('changes nothing: neither the same folder, nor a copy of it, nor the same files without their folders', async () => {
    const first = whole.writeTo(join(folder, 'first'))
    const copy = whole.writeTo(join(folder, 'copy'))
    const flat = writeFiles(
      join(folder, 'flat'),
      whole.files.map((file) => ({ ...file, path: file.path.split('/').at(-1) ?? '' })),
    )
    const once = await importedFrom(first)
    const again = await importedFrom(first, first, copy, flat)
    expect(await summaryOf(again)).toEqual(await summaryOf(once))
    expect(await verdictsByName(again)).toEqual(await verdictsByName(once))
    const cells = async ({ ask }: TestCase) => (await ask('integrity.coverage', { unit: 'hour' })).lanes
    expect(await cells(again)).toEqual(await cells(once))
  })
})

describe('adding proofs later', () => {
  it('judges again with the keys, without reading the events again', async () => {
    const source = evidence(STORY)
    const keys = source.files.filter((file) => file.path.startsWith('public-keys'))
    const folder = tempFolder()
    const test = await importedFrom(
      writeFiles(
        join(folder, 'evidence'),
        source.files.filter((file) => !keys.includes(file)),
      ),
    )
    const before = await summaryOf(test)
    expect(before).toMatchObject({ digests: { authentic: 0 }, logs: { proven: 0 } })
    expect((await verdictsByName(test))['ConsoleLogin']).toBe('listed')

    const { added, summary, sentence } = await test.ask('integrity.addProofs', {
      grants: [writeFiles(join(folder, 'later'), keys) as Grant],
    })
    expect(added).toMatchObject({ keys: 1, records: { read: 0 }, entries: { stored: 1 } })
    expect(summary).toMatchObject({ digests: { authentic: before.digests.total }, logs: { proven: 1 } })
    expect(sentence).toContain('1 of 4 log files are proven')
    expect((await verdictsByName(test))['ConsoleLogin']).toBe('proven')
  })

  it('judges again with the signature of the newest digest', async () => {
    const source = evidence(STORY)
    const heads = source.files.filter((file) => file.path === 'digest-head-object.jsonl')
    const folder = tempFolder()
    const test = await importedFrom(
      writeFiles(
        join(folder, 'evidence'),
        source.files.filter((file) => !heads.includes(file)),
      ),
    )
    expect((await summaryOf(test)).digests.unverified).toBe(1)
    const { added, summary } = await test.ask('integrity.addProofs', {
      grants: [writeFiles(join(folder, 'later'), heads) as Grant],
    })
    expect(added.signatures).toBe(1)
    expect(summary.digests).toMatchObject({ unverified: 0, authentic: summary.digests.total })
  })

  it('leaves log files alone that lie beside the keys', async () => {
    const source = evidence(STORY)
    const test = await importedFrom(tempFolder())
    const { added } = await test.ask('integrity.addProofs', { grants: [source.writeTo(tempFolder()) as Grant] })
    expect(added).toMatchObject({ keys: 1, signatures: 1, digests: 0, records: { read: 0 } })
    expect((await test.ask('cases.info', {})).events).toBe(0)
  })

  it('needs to know who adds them', async () => {
    const test = await reopened(await imported(STORY), null)
    await expect(test.ask('integrity.addProofs', { grants: [tempFolder() as Grant] })).rejects.toMatchObject({
      code: 'no-examiner',
    })
    await expect(test.ask('integrity.judge', {})).rejects.toMatchObject({ code: 'no-examiner' })
    expect((await summaryOf(test)).clean).toBe(false)
  })
})

describe('judging again', () => {
  it('gives the same, says so in the custody log, and is kept with the case', async () => {
    const test = await imported(STORY)
    const before = await summaryOf(test)
    const { summary } = await test.ask('integrity.judge', {})
    expect(summary).toEqual(before)
    const log = await test.open.file.reader.all<{ action: string }>(
      `select action from custody where action = 'integrity.judge'`,
    )
    expect(log).toHaveLength(2)
    const again = await reopened(test, null)
    expect(await summaryOf(again)).toEqual(before)
    const overview = await again.ask('integrity.overview', {})
    expect(overview).toMatchObject({ clean: false, stale: false, severities: { high: 2, medium: 1 } })
    expect(overview.judgedMs).toBeGreaterThan(0)
  })

  it('stops when asked to, and keeps the judgement there was', async () => {
    const test = await imported(STORY)
    const stop = new AbortController()
    stop.abort()
    const reply = test.engine.handlers['integrity.judge'](
      { caseId: test.open.id },
      { signal: stop.signal, progress: () => undefined },
    )
    await expect(reply).rejects.toMatchObject({ code: 'cancelled' })
    expect((await summaryOf(test)).logs.proven).toBe(1)
  })

  it('answers for a case that holds nothing', async () => {
    const test = await importedFrom()
    expect(await test.ask('integrity.overview', {})).toMatchObject({ judgedMs: null, chains: [] })
    expect(await test.ask('integrity.summary', {})).toMatchObject({
      judgedMs: null,
      summary: { clean: true, findings: [] },
    })
    expect(await test.ask('integrity.findings', {})).toEqual({ total: 0, all: 0, findings: [] })
    expect(await test.ask('integrity.coverage', {})).toMatchObject({ fromMs: null, lanes: [] })
    expect((await test.ask('integrity.help', {})).commands).toContain("B='BUCKET'")
  })

  it('survives an event that is nested deeper than SQLite reads', async () => {
    const deep = `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`
    const record = `{"eventVersion":"1.08","eventTime":"2024-05-01T09:00:00Z","eventSource":"cloudtrail.amazonaws.com","eventName":"StopLogging","awsRegion":"us-east-1","eventID":"aaaaaaaa-0000-4000-8000-000000000001","requestParameters":${deep}}`
    const folder = tempFolder()
    writeFileSync(join(folder, 'one.json.gz'), gzipSync(`{"Records":[${record}]}`))
    const test = await importedFrom(folder)
    expect((await summaryOf(test)).logs.total).toBe(1)
  })
})

describe('overview, findings and coverage', () => {
  it('tells how the keys were obtained, and shows chains as lanes with merged windows and named gaps', async () => {
    const source = evidence(STORY, { quietHours: 3 })
    const folder = tempFolder()
    const dropped = ensure(source.digestPaths[2], 'there are several digests')
    const test = await importedFrom(
      writeFiles(
        folder,
        source.files.filter((file) => file.path !== dropped),
      ),
    )
    const overview = await test.ask('integrity.overview', {})
    const [key] = overview.keys
    const file = ensure(
      source.files.find((one) => one.path === key?.file),
      'the key names its file',
    )
    expect(key).toMatchObject({ addedBy: 'A. Rossi', fileSha256: sha256(file.bytes), form: 'pkcs1', digests: 4 })
    expect(overview.trust.join('\n')).toContain(`added to the case by A. Rossi at 2026-11-20`)
    expect(overview.silence).toContain('not proof of silence')
    expect(overview.chains).toHaveLength(1)
    const [chain] = overview.chains
    expect(chain?.windows.length).toBeLessThan(4)
    expect(chain?.gaps).toMatchObject([{ reason: 'DIGEST_MISSING', says: 'Digest missing' }])
    expect(overview.codes.map((one) => one.code)).toContain('CHAIN_GAP')
    expect(overview.signatures).toBe(4)
  })

  it('pages and filters findings, and leads from each to the events of its file', async () => {
    const test = await imported(STORY)
    const all = await test.ask('integrity.findings', {})
    expect(all).toMatchObject({ total: 3, all: 3 })
    expect(all.findings.map((finding) => finding.severity)).toEqual(['high', 'high', 'medium'])
    const second = await test.ask('integrity.findings', { offset: 1, limit: 1 })
    expect(second.findings).toEqual([all.findings[1]])
    expect((await test.ask('integrity.findings', { severities: ['medium'] })).findings).toEqual([all.findings[2]])
    expect((await test.ask('integrity.findings', { codes: ['LOG_MODIFIED'] })).findings).toEqual([all.findings[0]])
    expect((await test.ask('integrity.findings', { text: 'no such text' })).total).toBe(0)

    const [modified, , missing] = all.findings
    expect(modified).toMatchObject({
      events: 1,
      says: 'Altered',
      expected: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    })
    expect(missing).toMatchObject({ entry: null, events: 0, filter: null })
    const { rows } = await find(test, '', ['eventName'], [ensure(modified?.filter, 'its events can be shown')])
    expect(rows.map((row) => row.values)).toEqual([['StopLogging']])
    await expect(test.ask('integrity.affected', { n: 99 })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('keeps the answers for a case without digests short, and lists all files on demand', async () => {
    const story = Array.from(
      { length: 130 },
      (_, n) =>
        `${String(9 + Math.floor(n / 12)).padStart(2, '0')}:${String((n % 12) * 5).padStart(2, '0')} alice ListUsers`,
    )
    const test = await imported(story.join('\n'), { digests: false })
    const [finding] = (await summaryOf(test)).findings
    expect(finding).toMatchObject({ code: 'LOG_UNREFERENCED', severity: 'info', affected: 129 })
    const { findings } = await test.ask('integrity.findings', {})
    expect(findings[0]).toMatchObject({ affected: 129 })
    expect(findings[0]?.affects.length).toBe(20)
    const { total: files, paths } = await test.ask('integrity.affected', { n: 0, offset: 120 })
    expect(files).toBe(129)
    expect(paths).toHaveLength(9)
    expect(paths.every((path) => path.entry !== null && path.events === 1 && path.filter !== null)).toBe(true)
  })

  it('maps hours, days and minutes: proven, broken, with what was delivered, altered and missing', async () => {
    const source = evidence(STORY, { quietHours: 3 })
    const dropped = ensure(source.digestPaths[3], 'there are several digests')
    const test = await importedFrom(
      writeFiles(
        tempFolder(),
        source.files.filter((file) => file.path !== dropped),
      ),
    )
    const hours = await test.ask('integrity.coverage', { unit: 'hour' })
    const [lane] = hours.lanes
    expect(lane?.cells.map((cell) => cell.state)).toEqual(
      ['proven', 'proven', 'proven', 'broken', 'proven'].slice(0, lane?.cells.length),
    )
    expect(lane?.cells.map((cell) => cell.files).slice(0, 2)).toEqual([2, 1])
    expect(lane?.cells[0]).toMatchObject({ damaged: 1, missing: 0, firstEventMs: Date.parse('2024-05-01T09:00:00Z') })
    expect(lane?.cells[1]).toMatchObject({ missing: 1 })
    expect(lane?.gaps).toMatchObject([{ reason: 'DIGEST_MISSING', says: 'Digest missing' }])
    const [day] = (await test.ask('integrity.coverage', { unit: 'day' })).lanes
    expect(day?.cells).toMatchObject([{ state: 'broken', files: 3, damaged: 1, missing: 1 }])
    const from = Date.parse('2024-05-01T09:00:00Z')
    const minutes = await test.ask('integrity.coverage', { unit: 'minute', from, to: from + 600_000 })
    expect(minutes.lanes[0]?.cells).toHaveLength(10)
    expect((await test.ask('integrity.coverage', {})).unit).toBe('minute')
    expect((await test.ask('integrity.coverage', { regions: ['eu-west-1'] })).lanes).toEqual([])
  })

  it('fills the acquisition commands in from what the digests name', async () => {
    const test = await imported(STORY, { bucket: 'some-bucket', prefix: 'team/' })
    const help = await test.ask('integrity.help', {})
    expect(help.place).toMatchObject({
      bucket: 'some-bucket',
      from: '2024-05-01T09:00:00Z',
      to: '2024-05-01T10:20:00Z',
    })
    expect(help.commands).toContain("B='some-bucket'")
    expect((await test.ask('integrity.help', { bucket: "it's" })).commands).toContain(`B='it'\\''s'`)
  })
})

describe('a proof card from a case', () => {
  it('is checked by openssl: record, log file, digest and signature', async () => {
    const test = await imported(STORY)
    const id = await eventOf(test, 'AssumeRole')
    const { exhibit } = await test.ask('bookmarks.set', { event: id, title: 'The role', note: '' })
    const folder = tempFolder()
    const saved = await test.ask('proof.save', {
      of: { event: id },
      format: 'json',
      grant: join(folder, 'card.json'),
    })
    const bytes = readFileSync(join(folder, 'card.json'))
    expect(saved).toMatchObject({ name: 'card.json', bytes: bytes.length, sha256: sha256(bytes), pages: null })

    const made = await test.ask('proof.card', { of: { event: id } })
    if (made.kind !== 'card') throw new Error(made.why)
    expect(made).toMatchObject({ verdict: 'proven', exhibit })
    const { card } = made
    const original = ensure(
      evidence(STORY).files.find((file) => file.path === card.log.path),
      'the card names a file of the evidence',
    )
    writeFileSync(join(folder, 'log.json.gz'), original.bytes)
    for (const [piece, base64] of Object.entries(card.pieces))
      writeFileSync(join(folder, piece), Buffer.from(base64, 'base64'))
    const openssl = (...args: string[]) => spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' }).stdout
    expect(
      openssl('dgst', '-sha256', '-verify', 'key.pem', '-signature', 'signature.bin', 'string-to-sign.txt').trim(),
    ).toBe('Verified OK')
    expect(openssl('dgst', '-sha256', 'digest-1.json')).toContain(card.signed.text.split('\n')[2])
    const shell = (command: string) => execFileSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' })
    const told = card.commands.filter((line) => !line.startsWith('#') && !line.includes('jq'))
    const printed = told.map(shell)
    expect(printed[0]).toContain(ensure(card.record, 'a card of an event has a record').sha256)
    expect(printed[1]).toContain(card.log.listedSha256)
    expect(Number(printed[2])).toBeGreaterThan(0)
    expect(printed.at(-1)).toContain('Verified OK')
    const log = await test.open.file.reader.all(`select 1 from custody where action = 'proof.save'`)
    expect(log).toHaveLength(1)
  })

  it('is printed on paper, and never written over another file', async () => {
    const test = await imported(STORY)
    const path = join(tempFolder(), 'card.pdf')
    const entry = ensure(
      (await test.ask('sources.files', { text: '_CloudTrail_' })).files.find((file) => file.verdict === 'LOG_PROVEN'),
      'one file is proven',
    ).id
    expect(await test.ask('proof.save', { of: { entry }, format: 'pdf', grant: path })).toMatchObject({
      pages: 1,
    })
    expect(readFileSync(path).subarray(0, 5).toString()).toBe('%PDF-')
    await expect(test.ask('proof.save', { of: { entry }, format: 'pdf', grant: path })).rejects.toMatchObject({
      code: 'already-exists',
    })
  })

  it('is refused with the reason for what is not proven', async () => {
    const test = await imported(STORY)
    const id = await eventOf(test, 'integrity:modified')
    const made = await test.ask('proof.card', { of: { event: id } })
    expect(made).toMatchObject({
      kind: 'unproven',
      verdict: 'modified',
      why: expect.stringContaining('There is no proof to print: Altered') as string,
    })
    await expect(
      test.ask('proof.save', { of: { event: id }, format: 'json', grant: join(tempFolder(), 'x.json') }),
    ).rejects.toMatchObject({ code: 'bad-input' })
    await expect(test.ask('proof.card', { of: { event: 9999 } })).rejects.toMatchObject({ code: 'not-found' })
    await expect(test.ask('proof.card', { of: { entry: 9999 } })).rejects.toMatchObject({ code: 'not-found' })
  })

  it('takes the proven delivery where another one was appended to', async () => {
    const test = await imported('09:00 alice ListUsers !duplicate !trailing')
    expect(await test.ask('proof.card', { of: { event: 1 } })).toMatchObject({ kind: 'card', verdict: 'proven' })
  })
})

describe('saved results of CloudTrail Lake', () => {
  const header = 'eventID,eventTime,eventName,eventSource,awsRegion,eventVersion'
  const line = (n: number) =>
    `aaaaaaaa-0000-4000-8000-00000000000${n},2024-05-01 09:0${n}:00.000,ListUsers,iam.amazonaws.com,us-east-1,1.08`
  const results = [1, 2].map((n) => gzipSync(`${header}\n${line(n)}\n`))

  function signFile(files: readonly Buffer[]): string {
    const hashes = files.map((bytes) => createHash('sha256').update(bytes).digest('hex'))
    const key = signingKeys[0]!
    return JSON.stringify({
      version: '1.0',
      region: 'us-east-1',
      files: hashes.map((fileHashValue, i) => ({ fileHashValue, fileName: `result_${i + 1}.csv.gz` })),
      hashAlgorithm: 'SHA-256',
      signatureAlgorithm: 'SHA256withRSA',
      queryCompleteTime: '2024-05-01T10:00:00Z',
      hashSignature: sign('sha256', Buffer.from(hashes.join(' ')), key.privateKey).toString('hex'),
      publicKeyFingerprint: key.fingerprint,
    })
  }

  function lakeFolder(files: Readonly<Record<string, string | Buffer>>): string {
    const folder = tempFolder()
    for (const [path, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), bytes)
    }
    return folder
  }
  const at = 'AWSLogs/111122223333/CloudTrail-Lake/Query/2024/05/01/q'
  const whole = {
    [`${at}/result_1.csv.gz`]: results[0]!,
    [`${at}/result_2.csv.gz`]: results[1]!,
    [`${at}/result_sign.json`]: signFile(results),
  }

  it('proves events whose result files AWS signed', async () => {
    const test = await importedFrom(
      lakeFolder({ ...whole, 'public-keys/list-public-keys.us-east-1.json': keyBundle([0]) }),
    )
    const { lake, sentence, clean } = await test.ask('integrity.overview', {})
    expect(lake).toMatchObject([
      { proven: true, signature: 'AUTHENTIC', sentence: 'AWS signed exactly these result files.' },
    ])
    expect(sentence).toBe('1 of 1 saved Lake result is proven.')
    expect(clean).toBe(true)
    expect(await total(test, 'integrity:proven')).toBe(2)
    expect(await test.ask('proof.card', { of: { event: 1 } })).toMatchObject({
      kind: 'unproven',
      verdict: 'proven',
      why: expect.stringMatching(/saved result of CloudTrail Lake.*result_sign\.json names its hash/) as string,
    })
  })

  it('tells the altered and the missing result file, and still proves the other', async () => {
    const altered = gzipSync(`${header}\n${line(3)}\n`)
    const test = await importedFrom(
      lakeFolder({ ...whole, [`${at}/result_2.csv.gz`]: altered, 'list-public-keys.us-east-1.json': keyBundle([0]) }),
    )
    expect(codes(await summaryOf(test))).toEqual(['high LAKE_FILE_MODIFIED'])
    expect([await total(test, 'integrity:proven'), await total(test, 'integrity:modified')]).toEqual([1, 1])
    const { [`${at}/result_2.csv.gz`]: _, ...without } = whole
    const missing = await importedFrom(lakeFolder({ ...without, 'list-public-keys.us-east-1.json': keyBundle([0]) }))
    expect(codes(await summaryOf(missing))).toEqual(['medium LAKE_FILE_MISSING'])
  })

  it('calls them listed without the key, and proves them when it is added', async () => {
    const test = await importedFrom(lakeFolder(whole))
    expect(codes(await summaryOf(test))).toEqual(['info LAKE_UNVERIFIED'])
    expect(await total(test, 'integrity:listed')).toBe(2)
    const { summary } = await test.ask('integrity.addProofs', {
      grants: [lakeFolder({ 'keys.json': keyBundle([0]) }) as Grant],
    })
    expect(summary.findings).toEqual([])
    expect(await total(test, 'integrity:proven')).toBe(2)
  })

  it('names a sign file that was changed', async () => {
    const sign = signFile(results).replace('"hashSignature":"', '"hashSignature":"00')
    const test = await importedFrom(
      lakeFolder({ ...whole, [`${at}/result_sign.json`]: sign, 'keys.json': keyBundle([0]) }),
    )
    expect(codes(await summaryOf(test))).toEqual(['high LAKE_SIGNATURE_INVALID'])
    expect(await total(test, 'integrity:proven')).toBe(0)
  })
})
