import { describe, expect, it } from 'vitest'
import { forkAcquireHost } from '#electron/main/fork-acquire-host.ts'

describe('the process that acquires, in the desktop', () => {
  it('gets the home and its profiles, and no keys', () => {
    const forks: unknown[][] = []
    const utilityProcess = { fork: (...args: unknown[]) => forks.push(args) && { on: () => undefined } }
    forkAcquireHost(utilityProcess as never, '/app/dist/node', {
      HOME: '/home/alice',
      AWS_CONFIG_FILE: '/home/alice/config',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://127.0.0.1',
      NODE_OPTIONS: '--inspect',
    })
    expect(forks).toEqual([
      [
        '/app/dist/node/acquire-host.cjs',
        [],
        {
          serviceName: 'Trailcase acquisition from S3',
          stdio: 'ignore',
          env: { HOME: '/home/alice', AWS_CONFIG_FILE: '/home/alice/config' },
        },
      ],
    ])
  })
})
