import { homedir } from 'node:os'
import { isAbsolute, join } from 'node:path'

/**
 * Where this person's Trailcase data lies: XDG Base Directory on Linux, Application Support on macOS, APPDATA on Windows.
 * A relative XDG_DATA_HOME is ignored, as that specification demands.
 */
export function userDataFolder(
  env: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === 'win32') return join(env['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Trailcase')
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Trailcase')
  const xdg = env['XDG_DATA_HOME'] ?? ''
  return join(isAbsolute(xdg) ? xdg : join(homedir(), '.local', 'share'), 'trailcase')
}
