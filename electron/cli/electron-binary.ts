import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/**
 * The Electron program that came with the packages, or nothing. Asked for its path, Electron's own package would try to download
 * it; here nothing is ever downloaded. `path.txt` is written by Electron's installer and names the program inside `dist`.
 */
export function findElectron(packageFolder: string, env: NodeJS.ProcessEnv): string | undefined {
  const folder = join(packageFolder, 'node_modules/electron')
  const named = join(folder, 'path.txt')
  const name = existsSync(named) ? readFileSync(named, 'utf8').trim() : 'electron'
  const binary = join(env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(folder, 'dist'), name)
  return existsSync(binary) ? binary : undefined
}
