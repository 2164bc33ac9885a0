import { readdir, readFile } from 'node:fs/promises'
import { extname, join, relative, sep } from 'node:path'
import { Refusal } from '#engine/refusal.ts'

export type WindowFile = { readonly type: string; readonly bytes: Buffer }

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
}

/**
 * The window's files by address (`/assets/index-abc.js`), read once: what is not in this list cannot be asked for, whatever
 * the address says. @throws Refusal `unreadable` when there is no window.
 */
export async function readWindowFiles(folder: string): Promise<ReadonlyMap<string, WindowFile>> {
  const files = new Map<string, WindowFile>()
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => [])
  for (const entry of entries) {
    const type = types[extname(entry.name)]
    if (!entry.isFile() || type === undefined) continue
    const path = join(entry.parentPath, entry.name)
    files.set(`/${relative(folder, path).split(sep).join('/')}`, { type, bytes: await readFile(path) })
  }
  if (!files.has('/index.html'))
    throw new Refusal('unreadable', `The files of the window are not in ${folder}. From a checkout, run: npm run build`)
  return files
}

/** The page with the nonce where React Aria and CodeMirror look for it. */
export const pageWithNonce = (page: Buffer, nonce: string): string =>
  page.toString('utf8').replace(/<head[^>]*>/i, (head) => `${head}<meta property="csp-nonce" nonce="${nonce}">`)
