import { describe, expect, it } from 'vitest'
import type { HostNotice } from '#shared/contract/bridge.ts'
import { EngineProcess } from '#electron/main/engine-process.ts'
import { Restarts } from '#electron/main/restarts.ts'
import { fakeElectron, type FakeUtilityProcess } from '#test/fixtures/fake-electron.ts'

const settle = async (): Promise<void> => {
  for (let n = 0; n < 4; n++) await new Promise((done) => setImmediate(done))
}

function started() {
  const electron = fakeElectron()
  const notices: HostNotice[] = []
  const clock = { now: 0 }
  const engine = new EngineProcess({
    fork: () => electron.api.utilityProcess.fork('engine-host.cjs', [], {}),
    MessageChannelMain: electron.api.MessageChannelMain,
    restarts: new Restarts(3, 60_000, () => clock.now),
    answerHost: (name) => Promise.resolve({ ok: true, value: name }),
    spend: ({ grants }) => ({ ok: true, value: grants.map((grant) => `/path/of/${grant}`) }),
    opened: () => undefined,
    toWindow: (notice) => notices.push(notice),
    log: () => undefined,
  })
  engine.start()
  const child = (): FakeUtilityProcess => electron.processes.at(-1)!
  const ready = async (): Promise<void> => {
    child().parentPort.postMessage({ kind: 'ready' })
    await settle()
  }
  const kinds = (): string[] => notices.map((notice) => notice.kind)
  return { engine, electron, notices, kinds, clock, child, ready }
}

describe('the process of the engine', () => {
  it('gets a port for the window once it is ready, and another for each page that is loaded', async () => {
    const { engine, kinds, child, ready } = started()
    engine.connectWindow()
    expect(kinds()).toEqual([])
    await ready()
    expect(kinds()).toEqual(['engine-ready'])
    engine.connectWindow()
    expect(kinds()).toEqual(['engine-ready', 'engine-ready'])
    expect(child().received).toEqual([{ kind: 'window' }, { kind: 'window' }])
  })

  it('is told paths only for grants, over its own port', async () => {
    const { child, ready } = started()
    await ready()
    child().parentPort.postMessage({ kind: 'spend', id: 7, operation: 'sources.import', grants: ['g'] })
    child().parentPort.postMessage({ kind: 'host', id: 8, name: 'host.recent', input: {} })
    await settle()
    expect(child().received).toEqual([
      { kind: 'reply', id: 7, reply: { ok: true, value: ['/path/of/g'] } },
      { kind: 'reply', id: 8, reply: { ok: true, value: 'host.recent' } },
    ])
  })

  it('is started again after a crash, and the window is told in words', async () => {
    const { engine, notices, kinds, electron, child, ready } = started()
    engine.connectWindow()
    await ready()
    child().emit('exit', 139)
    expect(notices.at(-1)).toMatchObject({
      kind: 'engine-gone',
      failure: { message: expect.stringContaining('What was stored is safe') },
    })
    expect(electron.processes).toHaveLength(2)
    await ready()
    expect(kinds()).toEqual(['engine-ready', 'engine-gone', 'engine-ready'])
  })

  it('is left alone when it crashes again and again within a minute, and says so', () => {
    const { notices, electron, child, clock } = started()
    for (let n = 0; n < 4; n++) child().emit('exit', 1)
    expect(electron.processes).toHaveLength(4)
    expect(notices.at(-1)).toMatchObject({ failure: { message: expect.stringContaining('not started again') } })
    clock.now = 1
    const rare = started()
    for (let n = 0; n < 10; n++) {
      rare.clock.now += 61_000
      rare.child().emit('exit', 1)
    }
    expect(rare.electron.processes).toHaveLength(11)
  })

  it('hears nothing more from a process that has ended', async () => {
    const { child, ready, electron } = started()
    await ready()
    const old = child()
    old.emit('exit', 1)
    old.parentPort.postMessage({ kind: 'spend', id: 1, operation: 'cases.open', grants: ['g'] })
    await settle()
    expect(old.received).toEqual([])
    expect(electron.processes.at(-1)!.received).toEqual([])
  })

  it('may close its cases when it is stopped, and is not started again', async () => {
    const { engine, electron, child, ready, kinds } = started()
    await ready()
    const stopped = engine.stop()
    await settle()
    expect(child().received).toEqual([{ kind: 'stop' }])
    child().emit('exit', 0)
    await stopped
    expect(electron.processes).toHaveLength(1)
    expect(kinds()).toEqual([])
  })
})
