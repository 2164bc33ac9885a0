import type { Session } from 'electron'
import { isWindowAddress, windowOrigin } from './app-protocol.ts'

/**
 * The one permission that is given: a click on "copy" puts text into the clipboard. Reading the clipboard, and everything
 * else, is denied.
 */
const mayCopy = (permission: string, origin: string | undefined): boolean =>
  permission === 'clipboard-sanitized-write' && origin === windowOrigin

const originOf = (url: string | undefined): string | undefined => {
  if (url === undefined || !URL.canParse(url)) return undefined
  const { protocol, host } = new URL(url)
  return `${protocol}//${host}`
}

/**
 * Shuts a session off: nothing but the window's own files is loaded, no permission, no device, no download, no word list
 * from the network. Requests that get past the first lock meet a proxy that is not there, for loopback too.
 * (Electron's security checklist; H-02.)
 *
 * @param withDeveloperTools from a checkout only: the developer tools are pages of their own.
 */
export function lockSession(session: Session, withDeveloperTools: boolean): void {
  session.setPermissionRequestHandler((contents, permission, callback, details) => {
    callback(
      mayCopy(permission, originOf(details.requestingUrl)) && details.isMainFrame && isWindowAddress(contents.getURL()),
    )
  })
  session.setPermissionCheckHandler((_contents, permission, origin) => mayCopy(permission, originOf(origin)))
  session.setDevicePermissionHandler(() => false)
  session.setDisplayMediaRequestHandler(null)
  session.setUSBProtectedClassesHandler(({ protectedClasses }) => protectedClasses)
  session.webRequest.onBeforeRequest(({ url }, callback) => {
    const isOurs =
      isWindowAddress(url) || url.startsWith('data:') || (withDeveloperTools && url.startsWith('devtools://'))
    callback({ cancel: !isOurs })
  })
  session.on('will-download', (event) => event.preventDefault())
  for (const choice of ['select-hid-device', 'select-serial-port', 'select-usb-device'] as const)
    (session as { on(name: string, listener: (event: { preventDefault(): void }) => void): unknown }).on(
      choice,
      (event) => event.preventDefault(),
    )
  session.setSpellCheckerEnabled(false)
  void session.setProxy({ mode: 'fixed_servers', proxyRules: 'http://127.0.0.1:9', proxyBypassRules: '<-loopback>' })
}
