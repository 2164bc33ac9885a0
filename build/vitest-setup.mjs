import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import { ensureBuilt } from './build.mjs'

let folder

/**
 * A build that fails does not keep the tests from running: most need none. `npm test` counts the build itself;
 * whoever runs a part is told that the rest sees the last good build, or none.
 *
 * Temporary files of a whole run, those of killed processes too, stand in one folder that goes with it.
 */
export async function setup() {
  folder = mkdtempSync(join(tmpdir(), 'trailcase-tests-'))
  process.env.TMPDIR = folder
  try {
    await ensureBuilt()
  } catch (error) {
    process.stderr.write(`trailcase: the build failed; built files are as they were.\n`)
    process.stderr.write(`${stripVTControlCharacters(error.message)}\n\n`)
  }
}

export function teardown() {
  try {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  } catch {
    // A process that is just ending still writes there: what it leaves is the system's to clear.
  }
}
