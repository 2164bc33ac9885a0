import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript'],
  ['.css', 'text/css'],
  ['.woff2', 'font/woff2'],
])

/** The policy of the real page: no inline script or style but React Aria's with the nonce, nothing from elsewhere, Trusted Types on. */
const policy = (nonce: string): string =>
  `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; object-src 'none'; require-trusted-types-for 'script'; trusted-types 'none'`

export type GalleryServer = { readonly address: string; readonly close: () => Promise<void> }

/** Builds the gallery and serves it on loopback under the strict policy. */
export async function serveGallery(): Promise<GalleryServer> {
  const out = join(ROOT, '.cache/gallery')
  await build({ configFile: join(ROOT, 'renderer/gallery/vite.config.mjs'), logLevel: 'error' })
  const server = createServer(
    (request, response) => void answer(out, new URL(request.url ?? '/', 'http://localhost').pathname, response),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { address: `http://127.0.0.1:${port}/`, close: () => closed(server) }
}

async function answer(out: string, path: string, response: ServerResponse): Promise<void> {
  const file = join(out, normalize(path === '/' ? '/index.html' : path))
  const body = await readFile(file).catch(() => undefined)
  if (path === '/favicon.ico') return void response.writeHead(204).end()
  if (body === undefined) return void response.writeHead(404).end()
  const nonce = randomBytes(16).toString('base64')
  response.writeHead(200, {
    'content-type': TYPES.get(extname(file)) ?? 'application/octet-stream',
    'content-security-policy': policy(nonce),
    'x-content-type-options': 'nosniff',
  })
  response.end(file.endsWith('.html') ? body.toString('utf8').replace('__NONCE__', nonce) : body)
}

const closed = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.closeAllConnections()
    server.close(() => resolve())
  })
