import { stripVTControlCharacters } from 'node:util'
import { ensureBuilt } from './build.mjs'

/**
 * A build that fails does not keep the tests from running: most need none. `npm test` counts the build itself;
 * whoever runs a part is told that the rest sees the last good build, or none.
 */
export async function setup() {
  try {
    await ensureBuilt()
  } catch (error) {
    process.stderr.write(`trailcase: the build failed; built files are as they were.\n`)
    process.stderr.write(`${stripVTControlCharacters(error.message)}\n\n`)
  }
}
