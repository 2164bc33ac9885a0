import { describe, expect, it } from 'vitest'
import { lockContents } from '#electron/main/lock-contents.ts'
import { FakeWebContents, isPrevented } from '#test/fixtures/fake-electron.ts'

function locked(): FakeWebContents {
  const contents = new FakeWebContents()
  lockContents(contents as unknown as Parameters<typeof lockContents>[0])
  return contents
}

describe('a page in the desktop', () => {
  it.each(['will-navigate', 'will-frame-navigate', 'will-redirect', 'will-attach-webview'])(
    'does not leave: %s is prevented',
    (event) => {
      expect(isPrevented(locked(), event)).toBe(true)
    },
  )

  it('opens no second window', () => {
    expect(locked().windowOpen?.({ url: 'app://main/index.html' } as never)).toEqual({ action: 'deny' })
  })

  it('reaches no device and no peer', () => {
    const contents = locked()
    let chosen: string | undefined
    expect(isPrevented(contents, 'select-bluetooth-device', [{ deviceId: 'x' }], (id: string) => (chosen = id))).toBe(
      true,
    )
    expect(chosen).toBe('')
    expect(contents.webRtcPolicy).toBe('disable_non_proxied_udp')
  })
})
