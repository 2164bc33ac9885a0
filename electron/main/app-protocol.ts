import { randomBytes } from 'node:crypto'
import type { CustomScheme } from 'electron'
import { securityHeaders } from '#electron/web-host/security-headers.ts'
import { pageWithNonce, type WindowFile } from '#electron/web-host/window-files.ts'

/** Where the window lives: an origin of its own, that no file and no website shares. */
export const windowOrigin = 'app://main'
export const windowAddress = `${windowOrigin}/index.html`

/** `standard` and `secure` give the window an origin and what belongs to it; it may not bypass its policy. */
export const windowScheme: CustomScheme = {
  scheme: 'app',
  privileges: {
    standard: true,
    secure: true,
    supportFetchAPI: true,
    codeCache: false,
    bypassCSP: false,
    allowServiceWorkers: false,
  },
}

/**
 * Answers a request of the window from the list of its files: what is not in the list cannot be had, whatever the address
 * says. Every answer carries the same policy as in the browser host, with a nonce of its own.
 */
export function answerWindow(
  { method, url }: { readonly method: string; readonly url: string },
  files: ReadonlyMap<string, WindowFile>,
): Response {
  const nonce = randomBytes(18).toString('base64')
  const headers = (type: string): Record<string, string> => ({ ...securityHeaders(nonce), 'content-type': type })
  const refuse = (status: number): Response =>
    new Response(null, { status, headers: headers('text/plain; charset=utf-8') })
  if (method !== 'GET' && method !== 'HEAD') return refuse(405)
  const path = pathOf(url)
  const file = path === undefined ? undefined : files.get(path)
  if (!file) return refuse(404)
  const body = file.type.startsWith('text/html') ? pageWithNonce(file.bytes, nonce) : new Uint8Array(file.bytes)
  return new Response(method === 'HEAD' ? null : body, { status: 200, headers: headers(file.type) })
}

/** The path of an address of this window, or nothing. */
function pathOf(url: string): string | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, host, pathname } = new URL(url)
  if (`${protocol}//${host}` !== windowOrigin) return undefined
  return pathname === '/' ? '/index.html' : pathname
}

/** Whether an address is one of the window's own. */
export const isWindowAddress = (url: string): boolean => pathOf(url) !== undefined
