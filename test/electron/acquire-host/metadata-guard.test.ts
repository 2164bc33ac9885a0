import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { takeAwsSettings } from '#electron/acquire-host/metadata-guard.ts'
import { root } from '#test/architecture/cruise.ts'

const { bundleForNode } = (await import(join(root, 'build/build.mjs'))) as {
  bundleForNode: (entry: string, folder: string) => Promise<string>
}

describe('the acquiring process', () => {
  it('keeps no setting by which the SDK would look for keys by itself', () => {
    const env: NodeJS.ProcessEnv = {
      PATH: '/bin',
      AWS_ACCESS_KEY_ID: 'AKIA',
      AWS_PROFILE: 'p',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1',
      AWS_DEFAULTS_MODE: 'auto',
      AWS_EC2_METADATA_DISABLED: 'false',
      AWS_CONFIG_FILE: '/home/me/config',
    }
    expect(takeAwsSettings(env)).toEqual({ config: '/home/me/config' })
    expect(Object.keys(env).sort()).toEqual([
      'AWS_CONFIG_FILE',
      'AWS_EC2_METADATA_DISABLED',
      'AWS_SHARED_CREDENTIALS_FILE',
      'PATH',
    ])
    expect(env['AWS_EC2_METADATA_DISABLED']).toBe('true')
    expect(env['AWS_CONFIG_FILE']).not.toBe('/home/me/config')
  })

  it('cannot connect to link-local addresses, and can to others', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'trailcase-guard-'))
    const guard = await bundleForNode('electron/acquire-host/metadata-guard.ts', folder)
    const script = `
      const http = require('node:http'), net = require('node:net')
      require(${JSON.stringify(guard)}).forbidMetadata()
      const nothing = () => {}
      const say = (work) => { try { work().on('error', nothing); console.log('went through') } catch (error) { console.log(error.message) } }
      const server = net.createServer((socket) => socket.end()).listen(0, '127.0.0.1', () => {
        say(() => http.get('http://169.254.169.254/latest'))
        say(() => net.connect(80, '169.254.170.2'))
        say(() => net.connect({ host: 'fd00:ec2::254', port: 80 }))
        net.connect(server.address().port, '127.0.0.1').on('connect', () => { console.log('connected'); process.exit() })
      })`
    const out = execFileSync(process.execPath, ['-e', script], { encoding: 'utf8' })
    rmSync(folder, { recursive: true, force: true })
    expect(
      out
        .trim()
        .split('\n')
        .map((line) => line.slice(0, 36)),
    ).toEqual([
      'The metadata service is never asked:',
      'The metadata service is never asked:',
      'The metadata service is never asked:',
      'connected',
    ])
  })
})
