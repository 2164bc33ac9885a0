import { readdir, readFile, stat } from 'node:fs/promises'
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
  for (const path of await pathsUnder(folder).catch(() => [])) {
    const type = types[extname(path)]
    if (type !== undefined)
      files.set(`/${relative(folder, path).split(sep).join('/')}`, { type, bytes: await readFile(path) })
  }
  if (!files.has('/index.html'))
    throw new Refusal('unreadable', `The files of the window are not in ${folder}. From a checkout, run: npm run build`)
  return files
}

/** Name by name: inside an application archive, Electron's `readdir` takes folders for files when it is asked for types. */
async function pathsUnder(folder: string): Promise<string[]> {
  const paths = (await readdir(folder)).map((name) => join(folder, name))
  const found = await Promise.all(
    paths.map(async (path) => ((await stat(path)).isDirectory() ? pathsUnder(path) : [path])),
  )
  return found.flat()
}

/** The page with the nonce where React Aria and CodeMirror look for it. */
export const pageWithNonce = (page: Buffer, nonce: string): string =>
  page.toString('utf8').replace(/<head[^>]*>/i, (head) => `${head}<meta property="csp-nonce" nonce="${nonce}">`)
