import { execFileSync, spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runOffline, whyNotOffline } from './offline.ts'

const whyNot = whyNotOffline()
const node = (script: string): Promise<{ code: number; attempts: number | undefined }> =>
  runOffline([process.execPath, '-e', script], { stdio: 'ignore' })

describe.skipIf(whyNot !== undefined)(
  `a command without a network${whyNot === undefined ? '' : ` (${whyNot})`}`,
  () => {
    it.each([
      ['a connection', `require('net').connect(443, '192.0.2.1').on('error', () => {})`],
      ['a connection over IPv6', `require('net').connect(443, '2001:db8::1').on('error', () => {})`],
      ['a datagram', `const s = require('dgram').createSocket('udp4'); s.send('x', 53, '192.0.2.1', () => s.close())`],
      ['a question for a name', `require('dns').lookup('trailcase.invalid', () => {})`],
      ['a page', `fetch('http://trailcase.invalid/').catch(() => {})`],
      [
        'a child',
        `require('child_process').execFileSync(process.execPath, ['-e', "require('net').connect(443, '192.0.2.1').on('error', () => {})"])`,
      ],
    ])('is caught when it reaches for %s', async (_what, script) => {
      const { code, attempts } = await node(script)
      expect(code).toBe(0)
      expect(attempts).toBeGreaterThan(0)
    })

    it('may talk to itself on 127.0.0.1, which is not counted', async () => {
      const script = `
      const server = require('http').createServer((_, answer) => answer.end('here')).listen(0, '127.0.0.1', async () => {
        const text = await (await fetch('http://127.0.0.1:' + server.address().port)).text()
        server.close()
        process.exitCode = text === 'here' ? 7 : 1
      })`
      expect(await node(script)).toEqual({ code: 7, attempts: 0 })
    })

    it('ends with 1 on the command line when something reached out, and with its own code when nothing did', () => {
      const script = join(import.meta.dirname, '../../build/offline.mjs')
      const end = (text: string): number | null =>
        spawnSync(process.execPath, [script, '--', process.execPath, '-e', text], { stdio: 'ignore' }).status
      expect(end(`require('net').connect(443, '192.0.2.1').on('error', () => {})`)).toBe(1)
      expect(end('process.exitCode = 5')).toBe(5)
      expect(end('')).toBe(0)
    })

    it('leaves the names of the machine as they were', async () => {
      const before = execFileSync('cat', ['/etc/resolv.conf'], { encoding: 'utf8' })
      await node('')
      expect(execFileSync('cat', ['/etc/resolv.conf'], { encoding: 'utf8' })).toBe(before)
    })
  },
)
