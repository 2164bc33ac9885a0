import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import type { FromDesktop, HostNotice } from '#shared/contract/bridge.ts'
import { connect } from '#shared/contract/client.ts'
import type { Grant } from '#shared/contract/common.ts'
import type { Ask, Reply } from '#shared/contract/contract.ts'
import type { EngineHostSetting } from '#electron/engine-host/protocol.ts'
import { startEngineHost } from '#electron/engine-host/start-engine-host.ts'
import { startDesktop } from '#electron/main/desktop.ts'
import { bridgeOverPort } from '#electron/preload/bridge-over-port.ts'
import { evidence } from '#test/fixtures/evidence.ts'
import {
  fakeElectron,
  isPrevented,
  type FakePort,
  type FakeUtilityProcess,
  type FakeWebContents,
} from '#test/fixtures/fake-electron.ts'

const builtFolder = join(import.meta.dirname, '../../../dist/node')
const folders: string[] = []
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
})

type Start = {
  readonly args?: readonly string[]
  /** What is set up in Electron before our start. */
  readonly before?: (electron: ReturnType<typeof fakeElectron>) => void
}

/** The desktop with everything of ours, and Electron's windows and processes pretended. */
function desktop({ args = [], before = () => undefined }: Start = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-desktop-'))
  folders.push(folder)
  for (const name of ['node', 'renderer', 'data']) mkdirSync(join(folder, name))
  writeFileSync(join(folder, 'renderer/index.html'), '<!doctype html><html><head></head></html>')
  const electron = fakeElectron()
  const notices: HostNotice[] = []
  const { bridge, hear } = bridgeOverPort()
  const client = connect((message) => bridge.post(JSON.stringify(message)))
  bridge.listen((text) => {
    const message = JSON.parse(text) as FromDesktop
    if ('id' in message) {
      client.receive(message)
      return
    }
    notices.push(message)
    if (message.kind === 'engine-gone') client.fail(message.failure)
  })
  electron.app.on('web-contents-created', (_event: unknown, contents: FakeWebContents) => {
    contents.preload = (notice, port: FakePort | undefined) => hear(notice as HostNotice, port)
  })
  electron.setOnFork((child: FakeUtilityProcess) =>
    startEngineHost(child.parentPort, {
      ...(JSON.parse(child.args[0]!) as EngineHostSetting),
      builtFolder,
      exit: () => void child.emit('exit', 0),
    }),
  )
  before(electron)
  startDesktop(electron.api, {
    builtFolder: join(folder, 'node'),
    commit: 'abc',
    args,
    workingFolder: folder,
    env: {
      XDG_DATA_HOME: join(folder, 'data'),
      AWS_SECRET_ACCESS_KEY: 'secret',
      NODE_OPTIONS: '--inspect',
      TMPDIR: tmpdir(),
    },
    now: () => Date.now(),
  })
  return { electron, ask: client.ask, notices, folder, window: () => electron.windows[0]! }
}

async function until(what: () => boolean): Promise<void> {
  for (let n = 0; n < 2000 && !what(); n++) await new Promise((done) => setTimeout(done, 5))
  expect(what()).toBe(true)
}

function value<T>(reply: Reply<T>): T {
  if (!reply.ok) throw new Error(`${reply.code}: ${reply.message}`)
  return reply.value
}

const pick = async (ask: Ask, purpose: 'new-case' | 'open-case' | 'evidence'): Promise<Grant> =>
  value(await ask('host.pick', { purpose })).grants[0]!.grant

async function quit(electron: ReturnType<typeof fakeElectron>): Promise<void> {
  electron.app.quit()
  await until(() => electron.app.ended !== undefined)
}

describe('the desktop', () => {
  it('opens one window: sandboxed, isolated, without Node, on its own scheme, in a session that stays in memory', async () => {
    const { electron, window } = desktop()
    await until(() => electron.windows.length === 1 && window().webContents.mainFrame.url !== '')
    expect(electron.app.isSandboxed).toBe(true)
    expect(window().webContents.mainFrame.url).toBe('app://main/index.html')
    expect(window().options.webPreferences).toMatchObject({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      webviewTag: false,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      plugins: false,
      spellcheck: false,
      navigateOnDragDrop: false,
      devTools: false,
    })
    expect(window().options.webPreferences).not.toHaveProperty('enableBlinkFeatures')
    expect([...electron.sessions.keys()].filter((name) => name.startsWith('persist:'))).toEqual([])
    const own = electron.sessions.get('trailcase')!
    expect(window().options.webPreferences?.session).toBe(own)
    expect((await own.handlers.get('app')!({ method: 'GET', url: 'app://main/index.html' } as never)).status).toBe(200)
    for (const session of [own, electron.defaultSession])
      expect(session.letsThrough('https://example.com/')).toBe(false)
    expect(isPrevented(window().webContents, 'will-navigate')).toBe(true)
    await quit(electron)
  })

  it('starts the engine with nothing of the environment but where temporary files go', async () => {
    const { electron } = desktop()
    await until(() => electron.processes.length === 1)
    const { options, path } = electron.processes[0]!
    expect(path).toMatch(/engine-host\.cjs$/)
    expect(options.env).toEqual({ TMPDIR: tmpdir(), UV_THREADPOOL_SIZE: '12' })
    await quit(electron)
  })

  it('carries an investigation from the dialogs to the answer, and no path reaches the window', async () => {
    const { electron, ask, folder } = desktop()
    mkdirSync(join(folder, 'bucket'))
    evidence(`
      09:00 alice  ConsoleLogin
      09:01 alice  AssumeRole -> admin
      09:02 admin  StopLogging`).writeTo(join(folder, 'bucket'))
    electron.choices.push([join(folder, 'acme')], 0, [join(folder, 'bucket')])
    expect(value(await ask('host.describe', {}))).toMatchObject({ kind: 'desktop', version: '1.2.3' })
    const created = value(
      await ask('cases.create', {
        grant: await pick(ask, 'new-case'),
        header: { title: 'ACME' },
        examiner: { name: 'A. Analyst' },
      }),
    )
    const evidenceGrant = await pick(ask, 'evidence')
    const imported = value(await ask('sources.import', { caseId: created.caseId, grants: [evidenceGrant] }))
    expect(imported.records.stored).toBe(3)
    const query = { text: 'StopLogging', facets: [], sort: 'eventTime' as const }
    expect(
      value(await ask('events.find', { caseId: created.caseId, query, offset: 0, limit: 10, fields: ['eventName'] }))
        .total,
    ).toBe(1)
    expect(await ask('sources.import', { caseId: created.caseId, grants: [evidenceGrant] })).toMatchObject({
      ok: false,
      code: 'not-found',
    })
    expect(JSON.stringify([created, value(await ask('host.describe', {}))])).not.toContain(folder)
    await quit(electron)
    expect(readdirSync(folder).filter((name) => /-wal$|-shm$/.test(name))).toEqual([])
    const again = desktop({ args: [join(folder, 'acme.trailcase')] })
    const { startCase } = value(await again.ask('host.describe', {}))
    expect(
      value(await again.ask('cases.open', { grant: startCase!.grant, examiner: { name: 'B. Analyst' } })).events,
    ).toBe(3)
    await quit(again.electron)
  })

  it('refuses a grant that was made for something else, and spends nothing on input that does not fit', async () => {
    const { electron, ask, folder } = desktop()
    electron.choices.push([join(folder, 'acme')], [join(folder, 'acme')])
    const grant = await pick(ask, 'new-case')
    expect(await ask('cases.open', { grant })).toMatchObject({ code: 'denied' })
    expect(await ask('cases.create', { grant, header: { title: 7 as never }, examiner: { name: 'A' } })).toMatchObject({
      code: 'bad-input',
    })
    expect(await ask('cases.create', { grant, header: {}, examiner: { name: 'A' } })).toMatchObject({ ok: true })
    expect(await ask('nothing.here' as never, {} as never)).toMatchObject({ code: 'unknown-operation' })
    await quit(electron)
  })

  it('stops an import when it is told to, keeps what is stored, and takes it up again', async () => {
    const { electron, ask, folder } = desktop()
    mkdirSync(join(folder, 'bucket'))
    evidence('09:00 alice  ConsoleLogin').writeTo(join(folder, 'bucket'))
    electron.choices.push([join(folder, 'acme')], 0, [join(folder, 'bucket')], 0, [join(folder, 'bucket')])
    const { caseId } = value(
      await ask('cases.create', { grant: await pick(ask, 'new-case'), header: {}, examiner: { name: 'A' } }),
    )
    const stop = new AbortController()
    const grants = [await pick(ask, 'evidence')]
    const stopped = ask('sources.import', { caseId, grants }, { signal: stop.signal })
    stop.abort()
    expect(await stopped).toMatchObject({ ok: false, code: 'cancelled' })
    const again = value(await ask('sources.import', { caseId, grants: [await pick(ask, 'evidence')] }))
    expect(again.records.stored + again.records.duplicate).toBe(1)
    await quit(electron)
  })

  it('lets a second start bring the case into the first window', async () => {
    const { electron, notices, window } = desktop()
    await until(() => notices.length === 1)
    electron.app.emit('second-instance', {}, ['trailcase', 'acme.trailcase'], '/media/stick')
    electron.app.emit('second-instance', {}, ['trailcase', 'evil.html'], '/media/stick')
    await until(() => notices.length === 2)
    expect(notices[1]).toMatchObject({ kind: 'open', purpose: 'open-case', label: 'acme.trailcase' })
    expect(JSON.stringify(notices)).not.toContain('/media')
    expect(window().focused).toBe(2)
    expect(electron.windows).toHaveLength(1)
    await quit(electron)
  })

  it('lets the window look at a package that was opened from outside, and opens nothing of it', async () => {
    const { electron, notices, window } = desktop()
    await until(() => notices.length === 1)
    electron.app.emit('second-instance', {}, ['trailcase', 'stranger.tcase.zip'], '/media/stick')
    expect(isPrevented(electron.app, 'open-file', '/media/stick/other.tcase')).toBe(true)
    await until(() => notices.length === 3)
    expect(notices.slice(1)).toMatchObject([
      { kind: 'open', purpose: 'open-package', label: 'stranger.tcase.zip' },
      { kind: 'open', purpose: 'open-package', label: 'other.tcase' },
    ])
    expect(JSON.stringify(notices)).not.toContain('/media')
    expect(electron.windows).toHaveLength(1)
    expect(window().focused).toBeGreaterThan(0)
    await quit(electron)
  })

  it('looks at a package that was named at start', async () => {
    const { electron, ask } = desktop({ args: ['acme.tcase.zip'] })
    expect(value(await ask('host.describe', {}))).toMatchObject({
      startCase: null,
      startPackage: { label: 'acme.tcase.zip' },
    })
    await quit(electron)
  })

  it('ends at once where another Trailcase runs', () => {
    const { electron } = desktop({ before: ({ app }) => void (app.isFirst = false) })
    expect(electron.app.ended).toBe(0)
    expect(electron.windows).toEqual([])
  })

  it('opens the case that the file manager named, also when it comes before the window is there', async () => {
    const { electron, ask } = desktop({ args: ['--examiner', 'A. Analyst'] })
    expect(isPrevented(electron.app, 'open-file', '/cases/early.trailcase')).toBe(true)
    expect(isPrevented(electron.app, 'open-file', '/cases/early.html')).toBe(true)
    expect(value(await ask('host.describe', {}))).toMatchObject({
      startCase: { label: 'early.trailcase' },
      examiner: 'A. Analyst',
    })
    await quit(electron)
  })

  it('loads a window that crashed again with a new port, and asks when it goes on', async () => {
    const { electron, notices, window, ask } = desktop()
    await until(() => notices.length === 1)
    window().webContents.emit('render-process-gone', {}, { reason: 'crashed' })
    await until(() => notices.length === 2)
    expect(window().webContents.reloads).toBe(1)
    expect(await ask('host.recent', {})).toMatchObject({ ok: true })
    electron.choices.push(1)
    for (let n = 0; n < 3; n++) window().webContents.emit('render-process-gone', {}, { reason: 'oom' })
    await until(() => electron.app.ended === 0)
    expect(electron.dialogs.at(-1)).toMatchObject({ message: expect.stringContaining('several times') })
  })

  it('gives the case of a window that crashed free for the page that is loaded next', async () => {
    const { electron, ask, folder, notices, window } = desktop()
    electron.choices.push([join(folder, 'acme')], [join(folder, 'acme.trailcase')])
    const header = { title: 'ACME' }
    value(await ask('cases.create', { grant: await pick(ask, 'new-case'), header, examiner: { name: 'A' } }))
    window().webContents.emit('render-process-gone', {}, { reason: 'crashed' })
    await until(() => notices.length === 2)
    const grant = await pick(ask, 'open-case')
    expect(value(await ask('cases.open', { grant, examiner: { name: 'A' } })).header.title).toBe('ACME')
    await quit(electron)
  })

  it('starts an engine that crashed again, fails what was asked in words, and answers again', async () => {
    const { electron, notices, ask } = desktop()
    await until(() => notices.length === 1)
    electron.choices.push(0)
    electron.processes[0]!.emit('exit', 139)
    await until(() => notices.length === 3)
    expect(notices.map(({ kind }) => kind)).toEqual(['engine-ready', 'engine-gone', 'engine-ready'])
    expect(value(await ask('host.recent', {}))).toEqual({ cases: [] })
    await quit(electron)
  })

  it('gives the port to nothing but its own page', async () => {
    const { electron, notices, window } = desktop()
    await until(() => notices.length === 1)
    window().webContents.mainFrame.url = 'https://example.com/'
    window().webContents.emit('dom-ready')
    await new Promise((done) => setTimeout(done, 50))
    expect(notices).toHaveLength(1)
    await quit(electron)
  })

  it('does not start with a switch that opens it to other programs', () => {
    const { electron } = desktop({ before: ({ app }) => void app.switches.set('remote-debugging-port', '9222') })
    expect(electron.app.ended).toBe(2)
    expect(electron.errors[0]).toContain('--remote-debugging-port')
    expect(electron.windows).toEqual([])
  })

  it('asks before it works without the sandbox, and says so in the title all the time', async () => {
    const quits = desktop({ before: ({ app }) => void app.switches.set('no-sandbox', '') })
    await until(() => quits.electron.app.ended === 2)
    expect(quits.electron.windows).toEqual([])
    const goesOn = desktop({
      before: ({ app, choices }) => {
        app.switches.set('no-sandbox', '')
        choices.push(1)
      },
    })
    await until(() => goesOn.electron.windows.length === 1)
    expect(goesOn.window().options.title).toBe('Trailcase (started without the sandbox)')
    expect(isPrevented(goesOn.window(), 'page-title-updated')).toBe(true)
    await quit(goesOn.electron)
  })

  it('says in words why it cannot start, without a trace', async () => {
    const { electron, folder } = desktop()
    rmSync(join(folder, 'renderer'), { recursive: true })
    await until(() => electron.app.ended === 3)
    expect(electron.errors).toEqual([expect.stringContaining('The files of the window are not in')])
  })

  it('keeps Chromium from asking names and updates of the network', async () => {
    const { electron } = desktop()
    await until(() => electron.windows.length === 1)
    await quit(electron)
    expect(electron.app.switches.get('host-resolver-rules')).toBe('MAP * ~NOTFOUND')
    expect([...electron.app.switches.keys()]).toEqual(
      expect.arrayContaining(['disable-background-networking', 'disable-component-update', 'no-pings']),
    )
  })
})
