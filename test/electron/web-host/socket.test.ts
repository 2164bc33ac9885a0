import { randomBytes } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Grant } from '#shared/contract/common.ts'
import { evidence } from '#test/fixtures/evidence.ts'
import { logIn, openSocket, openWindow, startTestHost, type TestHost, type TestWindow } from './host.ts'

let test: TestHost
let window: TestWindow
beforeAll(async () => {
  test = await startTestHost({ graceMs: 50 })
  window = await openWindow(test.host)
})
afterAll(async () => {
  await window.close()
  await test.close()
})

const examiner = { name: 'A. Rossi' }
const rootId = 'root0'

/** Makes a case through the window as a person would, by the picker. */
async function makeCase(name: string) {
  const grant = await window.ask('host.grant', { root: rootId, path: [name], purpose: 'new-case' })
  if (!grant.ok) throw new Error(grant.message)
  const made = await window.ask('cases.create', { grant: grant.value.grant, header: { title: name }, examiner })
  if (!made.ok) throw new Error(made.message)
  return made.value
}

describe('the window over the socket', () => {
  it('makes a case, imports evidence with progress and finds its events', async () => {
    evidence('09:00 alice ConsoleLogin\n09:05 alice StopLogging').writeTo(join(test.rootFolder, 'bucket'))
    const { caseId } = await makeCase('first.trailcase')
    const bucket = await window.ask('host.grant', { root: rootId, path: ['bucket'], purpose: 'evidence' })
    if (!bucket.ok) throw new Error(bucket.message)
    const told: unknown[] = []
    const imported = await window.ask(
      'sources.import',
      { caseId, grants: [bucket.value.grant] },
      { progress: (p) => told.push(p) },
    )
    expect(imported).toMatchObject({ ok: true, value: { records: { stored: 2 }, integrity: { clean: true } } })
    expect(told.length).toBeGreaterThan(0)
    const found = await window.ask('events.find', {
      caseId,
      query: { text: 'eventName:StopLogging', facets: [], sort: 'eventTime' },
      offset: 0,
      limit: 10,
      fields: ['eventName'],
    })
    expect(found).toMatchObject({ ok: true, value: { total: 1, all: 2, rows: [{ values: ['StopLogging'] }] } })
    await window.ask('cases.close', { caseId })
  })

  it('answers strangers with coded failures', async () => {
    const ask = window.ask as (name: string, input: unknown) => Promise<unknown>
    expect(await ask('constructor', {})).toMatchObject({ ok: false, code: 'unknown-operation' })
    expect(await ask('__proto__', {})).toMatchObject({ ok: false, code: 'unknown-operation' })
    expect(await ask('events.find', { caseId: 7 })).toMatchObject({ ok: false, code: 'bad-input' })
    expect(await ask('events.find', null)).toMatchObject({ ok: false, code: 'bad-input' })
    expect(await ask('cases.info', { caseId: 'nobody' })).toMatchObject({ ok: false, code: 'not-found' })
    expect(await ask('host.pick', { purpose: 'evidence' })).toMatchObject({ ok: false, code: 'bad-input' })
  })

  it('cancels what the window cancels', async () => {
    const { caseId } = await makeCase('slow.trailcase')
    const controller = new AbortController()
    const sql = 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n'
    const answer = window.ask(
      'sql.run',
      { caseId, sql, timeoutMs: 50_000 },
      { signal: controller.signal, progress: () => controller.abort() },
    )
    expect(await answer).toMatchObject({ ok: false, code: 'cancelled' })
    await window.ask('cases.close', { caseId })
  })

  it('cancels what a closed window was asking, and gives its cases free after a while', async () => {
    const other = await startTestHost({ graceMs: 0 })
    const guest = await openWindow(other.host)
    const place = await guest.ask('host.grant', { root: rootId, path: ['left.trailcase'], purpose: 'new-case' })
    if (!place.ok) throw new Error(place.message)
    const made = await guest.ask('cases.create', { grant: place.value.grant, header: {}, examiner })
    if (!made.ok) throw new Error(made.message)
    const { caseId } = made.value
    const sql = 'with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n'
    const started = new Promise<void>(
      (resolve) => void guest.ask('sql.run', { caseId, sql, timeoutMs: 50_000 }, { progress: () => resolve() }),
    )
    await started
    await guest.close()
    // The case opens again only when the statement was stopped and the case closed: its lock is free then.
    const next = await openWindow(other.host)
    let reopened = false
    for (let tries = 0; tries < 100 && !reopened; tries++) {
      const again = await next.ask('host.grant', { root: rootId, path: ['left.trailcase'], purpose: 'open-case' })
      reopened = again.ok && (await next.ask('cases.open', { grant: again.value.grant })).ok
      if (!reopened) await new Promise((done) => setTimeout(done, 50))
    }
    expect(reopened).toBe(true)
    await next.close()
    await other.close()
  })

  it('takes no harm from 10,000 malformed messages', async () => {
    const socket = await openSocket(test.host, await logIn(test.host))
    const shapes: (() => string | Buffer)[] = [
      () => randomBytes(20),
      () => randomBytes(20).toString('base64'),
      () => '{',
      () => 'null',
      () => '[]',
      () => '"ask"',
      () => '['.repeat(5000),
      () => '{"kind":"ask"}',
      () => '{"kind":"ask","id":"1","name":"host.describe","input":{}}',
      () => '{"kind":"ask","id":1.5,"name":"host.describe","input":{}}',
      () => '{"kind":"cancel","id":99999}',
      () => '{"kind":"done","id":1,"value":{}}',
      () => '{"__proto__":{"kind":"ask","id":1,"name":"host.describe"}}',
      () =>
        `{"kind":"ask","id":${Math.floor(Math.random() * 1e9)},"name":"${randomBytes(4).toString('hex')}","input":{}}`,
      () =>
        `{"kind":"ask","id":${Math.floor(Math.random() * 1e9)},"name":"events.find","input":${'{"a":'.repeat(200)}1${'}'.repeat(200)}}`,
      () =>
        `{"kind":"ask","id":${Math.floor(Math.random() * 1e9)},"name":"host.browse","input":{"root":"root0","path":["..","..","etc"]}}`,
    ]
    const listed: unknown[] = []
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as { kind: string }
      if (message.kind === 'done') listed.push(message)
    })
    for (let n = 0; n < 10_000; n++) socket.send(shapes[n % shapes.length]!())
    expect((await window.ask('host.describe', {})).ok).toBe(true)
    socket.terminate()
    expect(listed).toEqual([])
    expect(test.bugs).toEqual([])
  })

  it('cuts off a frame above its limit and stays up', async () => {
    const socket = await openSocket(test.host, await logIn(test.host))
    const closed = new Promise<number>((resolve) => socket.on('close', resolve))
    socket.on('error', () => undefined)
    socket.send('x'.repeat(5_000_000))
    expect(await closed).toBe(1009)
    expect((await window.ask('host.describe', {})).ok).toBe(true)
  })
})

describe('grants', () => {
  it('work once', async () => {
    const { grant } = await grantFor(['once.trailcase'], 'new-case')
    expect((await window.ask('cases.create', { grant, header: {}, examiner })).ok).toBe(true)
    expect(await window.ask('cases.create', { grant, header: {}, examiner })).toMatchObject({
      ok: false,
      code: 'not-found',
    })
  })

  it('work only for what they were given for', async () => {
    writeFileSync(join(test.rootFolder, 'evidence.json'), '{"Records":[]}')
    const { grant } = await grantFor(['evidence.json'], 'evidence')
    expect(await window.ask('cases.create', { grant, header: {}, examiner })).toMatchObject({
      ok: false,
      code: 'denied',
    })
    expect(await window.ask('cases.open', { grant })).toMatchObject({ ok: false, code: 'denied' })
    expect(readFileSync(join(test.rootFolder, 'evidence.json'), 'utf8')).toBe('{"Records":[]}')
  })

  it('cannot be made up, and a path is none', async () => {
    for (const grant of ['/etc/passwd', 'a'.repeat(32), '../x'] as Grant[])
      expect(await window.ask('cases.create', { grant, header: {}, examiner })).toMatchObject({
        ok: false,
        code: 'not-found',
      })
  })
})

async function grantFor(path: string[], purpose: 'new-case' | 'open-case' | 'evidence') {
  const reply = await window.ask('host.grant', { root: rootId, path, purpose })
  if (!reply.ok) throw new Error(reply.message)
  return reply.value
}

describe('the folder picker', () => {
  it('lists names as they are, and leads back by them', async () => {
    const strange = ['-rf', 'new\nline', '\u202egnp.exe', 'CON', ' ', '$(touch x)', 'ä'.repeat(100)]
    const folder = join(test.rootFolder, 'names')
    for (const name of strange) mkdirSync(join(folder, name), { recursive: true })
    writeFileSync(join(folder, 'file.gz'), 'abc')
    const listed = await window.ask('host.browse', { root: rootId, path: ['names'] })
    if (!listed.ok) throw new Error(listed.message)
    expect([...listed.value.folders].sort()).toEqual([...strange].sort())
    expect(listed.value.files).toMatchObject([{ name: 'file.gz', size: 3 }])
    for (const name of strange)
      expect((await window.ask('host.browse', { root: rootId, path: ['names', name] })).ok).toBe(true)
    const { label } = await grantFor(['names', '\u202egnp.exe'], 'evidence')
    expect(label).toBe('\\u{202e}gnp.exe')
  })

  it.each([
    [['..']],
    [['names', '..', '..']],
    [['/etc']],
    [['names/../..']],
    [['']],
    [['.']],
    [['a\0b']],
    [['..', 'outside.txt']],
  ])('refuses %j', async (path) => {
    expect(await window.ask('host.browse', { root: rootId, path })).toMatchObject({ ok: false, code: 'not-found' })
    for (const purpose of ['evidence', 'open-case', 'new-case', 'save'] as const)
      expect(await window.ask('host.grant', { root: rootId, path, purpose })).toMatchObject({
        ok: false,
        code: 'not-found',
      })
  })

  it('refuses roots that were not granted', async () => {
    for (const root of ['root1', '/', 'constructor', ''])
      expect(await window.ask('host.browse', { root, path: [] })).toMatchObject({ ok: false, code: 'not-found' })
  })

  it('does not follow a link out of its root, and follows one inside', async () => {
    mkdirSync(join(test.rootFolder, 'inside'))
    symlinkSync('/etc', join(test.rootFolder, 'way-out'))
    symlinkSync(join(test.folder, 'outside.txt'), join(test.rootFolder, 'file-out'))
    symlinkSync(join(test.rootFolder, 'inside'), join(test.rootFolder, 'way-in'))
    const listed = await window.ask('host.browse', { root: rootId, path: [] })
    if (!listed.ok) throw new Error(listed.message)
    expect(listed.value.folders).toContain('way-in')
    expect([...listed.value.folders, ...listed.value.files.map((f) => f.name)]).not.toContain('way-out')
    for (const path of [['way-out'], ['way-out', 'passwd'], ['file-out']])
      expect(await window.ask('host.grant', { root: rootId, path, purpose: 'evidence' })).toMatchObject({
        ok: false,
        code: 'not-found',
      })
    expect(
      await window.ask('host.grant', { root: rootId, path: ['way-out', 'new.trailcase'], purpose: 'new-case' }),
    ).toMatchObject({ ok: false })
  })
})

describe('recent cases', () => {
  it('are kept for their owner only, newest first, and say which are gone', async () => {
    await makeCase('recent.trailcase')
    const listed = await window.ask('host.recent', {})
    if (!listed.ok) throw new Error(listed.message)
    expect(listed.value.cases[0]).toMatchObject({ title: 'recent.trailcase', present: true })
    const file = join(test.folder, 'data/recent-cases.json')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    writeFileSync(
      file,
      '{"cases":[{"path":"/nowhere.trailcase","title":"Gone","number":"","openedMs":1},{"path":7},null]}',
    )
    expect(await window.ask('host.recent', {})).toMatchObject({
      ok: true,
      value: { cases: [{ title: 'Gone', present: false }] },
    })
    writeFileSync(file, 'not json')
    expect(await window.ask('host.recent', {})).toMatchObject({ ok: true, value: { cases: [] } })
  })

  it('cost nothing when they cannot be written', async () => {
    const data = join(test.folder, 'data')
    chmodSync(data, 0o500)
    await makeCase('unlisted.trailcase')
    expect(existsSync(join(test.rootFolder, 'unlisted.trailcase'))).toBe(true)
    chmodSync(data, 0o700)
  })
})

describe('a case or a package named at start', () => {
  it('comes with a new right to it for every window', async () => {
    const other = await startTestHost({ startCase: '/cases/acme.trailcase', startPackage: '/stick/acme.tcase.zip' })
    const guest = await openWindow(other.host)
    const grants = new Set<string>()
    for (let n = 0; n < 2; n++) {
      const told = await guest.ask('host.describe', {})
      if (!told.ok) throw new Error(told.message)
      expect(told.value).toMatchObject({
        kind: 'browser',
        nativeDialogs: false,
        startCase: { label: 'acme.trailcase' },
        startPackage: { label: 'acme.tcase.zip' },
      })
      grants.add(told.value.startCase?.grant ?? '')
    }
    expect(grants.size).toBe(2)
    await guest.close()
    await other.close()
  })
})
