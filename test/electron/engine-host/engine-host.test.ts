import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { connect } from '#shared/contract/client.ts'
import type { FromEngine } from '#shared/contract/wire.ts'
import type { FromEngineHost, ToEngineHost } from '#electron/engine-host/protocol.ts'

const bundle = join(import.meta.dirname, '../../../dist/node/engine-host.cjs')

/** Stands in for Electron inside the process: its parent port, and one window's port, over the channel of `fork`. */
const shim = `
  const { EventEmitter } = require('node:events')
  const parent = new EventEmitter(), port = new EventEmitter()
  Object.assign(port, { postMessage: (text) => process.send({ from: 'port', text }), start() {}, close() {} })
  process.parentPort = { postMessage: (message) => process.send({ from: 'parent', message }), on: (event, hears) => parent.on(event, hears) }
  process.on('message', ({ to, text, message }) => to === 'port'
    ? port.emit('message', { data: text, ports: [] })
    : parent.emit('message', { data: message, ports: message.kind === 'window' ? [port] : [] }))`

type Said = { from: 'port'; text: string } | { from: 'parent'; message: FromEngineHost }

describe.skipIf(!existsSync(bundle))('the built process of the engine', () => {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-engine-host-'))
  let child: ChildProcess | undefined
  afterEach(() => {
    child?.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  })

  it('makes, imports and verifies the sample with its network taken away, and ends cleanly', async () => {
    writeFileSync(join(folder, 'shim.cjs'), shim)
    const setting = { version: '1.2.3', commit: 'abc', temporaryFolder: folder }
    const started = fork(bundle, [JSON.stringify(setting)], {
      execArgv: ['-r', join(folder, 'shim.cjs')],
      env: { TMPDIR: folder, UV_THREADPOOL_SIZE: '12' },
    })
    child = started
    const toParent = (message: ToEngineHost): void => void started.send({ to: 'parent', message })
    const client = connect((message) => void started.send({ to: 'port', text: JSON.stringify(message) }))
    const kinds: string[] = []
    const ready = new Promise<void>((resolve) =>
      started.on('message', (said: Said) => {
        if (said.from === 'port') {
          client.receive(JSON.parse(said.text) as FromEngine)
          return
        }
        kinds.push(said.message.kind)
        if (said.message.kind === 'ready') resolve()
        if (said.message.kind === 'host')
          toParent({ kind: 'reply', id: said.message.id, reply: { ok: true, value: 'from main' } })
      }),
    )
    await ready
    toParent({ kind: 'window' })
    expect(await client.ask('host.recent', {})).toEqual({ ok: true, value: 'from main' })
    const sample = await client.ask('cases.openSample', { examiner: { name: 'A. Analyst' } })
    if (!sample.ok) throw new Error(sample.message)
    expect(sample.value.events).toBeGreaterThan(100)
    const verified = await client.ask('cases.verify', { caseId: sample.value.caseId })
    expect(verified).toMatchObject({ ok: true, value: { clean: true } })
    const ended = once(started, 'exit')
    toParent({ kind: 'stop' })
    expect(await ended).toEqual([0, null])
    expect(kinds).toContain('opened')
    expect(kinds).not.toContain('bug')
  })
})
