import { describe, expect, it } from 'vitest'
import { lockSession } from '#electron/main/lock-session.ts'
import { FakeSession, FakeWebContents, isPrevented } from '#test/fixtures/fake-electron.ts'

type Session = Parameters<typeof lockSession>[0]

function locked(withDeveloperTools = false): FakeSession {
  const session = new FakeSession()
  lockSession(session as unknown as Session, withDeveloperTools)
  return session
}

function isGranted(
  session: FakeSession,
  permission: string,
  details: object,
  url = 'app://main/index.html',
): boolean | undefined {
  const contents = new FakeWebContents()
  contents.mainFrame.url = url
  let granted: boolean | undefined
  session.permissionRequest?.(contents as never, permission as never, (given) => (granted = given), details as never)
  return granted
}

const mainFrame = { isMainFrame: true, requestingUrl: 'app://main/index.html' }

describe('the session of the desktop window', () => {
  it.each([
    'http://127.0.0.1:8080/',
    'https://example.com/x.js',
    'http://169.254.169.254/latest/meta-data/',
    'ws://127.0.0.1/engine',
    'file:///etc/passwd',
    'ftp://example.com/',
    'app://other/index.html',
    'blob:https://example.com/1',
    'chrome-extension://abc/x.js',
    'devtools://devtools/bundled/x.html',
  ])('does not load %s', (url) => {
    expect(locked().letsThrough(url)).toBe(false)
  })

  it('loads its own files', () => {
    expect(locked().letsThrough('app://main/index.html')).toBe(true)
    expect(locked().letsThrough('app://main/assets/index.js')).toBe(true)
  })

  it('sends what would get past the lock to a proxy that is not there, loopback too', () => {
    expect(locked().proxy).toEqual({
      mode: 'fixed_servers',
      proxyRules: 'http://127.0.0.1:9',
      proxyBypassRules: '<-loopback>',
    })
  })

  it.each([
    'media',
    'geolocation',
    'notifications',
    'midiSysex',
    'fullscreen',
    'openExternal',
    'clipboard-read',
    'fileSystem',
    'hid',
    'usb',
    'serial',
    'display-capture',
    'unknown',
  ])('denies the permission %s', (permission) => {
    const session = locked()
    expect(isGranted(session, permission, mainFrame)).toBe(false)
    expect(session.permissionCheck?.(null, permission as never, 'app://main', mainFrame as never)).toBe(false)
  })

  it('lets its own page put text into the clipboard, and nobody else', () => {
    const session = locked()
    const copy = 'clipboard-sanitized-write'
    expect(isGranted(session, copy, mainFrame)).toBe(true)
    expect(isGranted(session, copy, { ...mainFrame, isMainFrame: false })).toBe(false)
    expect(isGranted(session, copy, { ...mainFrame, requestingUrl: 'https://example.com/' })).toBe(false)
    expect(isGranted(session, copy, mainFrame, 'https://example.com/')).toBe(false)
    const check = (origin: string): boolean | undefined => session.permissionCheck?.(null, copy, origin, mainFrame)
    expect(check('app://main/')).toBe(true)
    expect(check('https://example.com')).toBe(false)
  })

  it('gives no device and no picture of the screen', () => {
    const session = locked()
    expect(session.devicePermission?.({} as never)).toBe(false)
    expect(session.displayMedia).toBeNull()
    for (const event of ['select-hid-device', 'select-serial-port', 'select-usb-device'])
      expect(isPrevented(session, event), event).toBe(true)
  })

  it('downloads nothing, and fetches no word lists', () => {
    const session = locked()
    expect(isPrevented(session, 'will-download')).toBe(true)
    expect(session.spellChecker).toBe(false)
  })
})
