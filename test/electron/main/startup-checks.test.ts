import { describe, expect, it } from 'vitest'
import { checkStart } from '#electron/main/startup-checks.ts'

const having =
  (...names: readonly string[]) =>
  (name: string): boolean =>
    names.includes(name)

describe('the switches of a start', () => {
  it('are nobody to worry about, usually', () => {
    expect(checkStart(having('lang', 'ozone-platform'), true)).toEqual({ kind: 'go' })
  })

  it.each(['remote-debugging-port', 'remote-debugging-pipe', 'disable-web-security', 'load-extension'])(
    'stop an installed Trailcase at --%s',
    (name) => {
      expect(checkStart(having(name), true)).toMatchObject({
        kind: 'refuse',
        message: expect.stringContaining(`--${name}`),
      })
      expect(checkStart(having(name), false)).toEqual({ kind: 'go' })
    },
  )

  it('lead to a question where the sandbox is off, as an AppImage may switch it off', () => {
    expect(checkStart(having('no-sandbox'), true).kind).toBe('no-sandbox')
  })
})
