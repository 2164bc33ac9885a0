// `npm run -s trailcase -- …`: the command line from a checkout, built first if its sources changed.
import { join } from 'node:path'
import { createRequire } from 'node:module'
import { ensureBuiltOrExit } from './build.mjs'

const cli = join(import.meta.dirname, '../dist/node/trailcase.cjs')
const opensWindow = ['open', 'serve', undefined].includes(process.argv[2])

await ensureBuiltOrExit(opensWindow ? ['node', 'renderer'] : ['node'])
// In this process, so that signals, the terminal and the exit code are the command's own.
process.argv[1] = cli
createRequire(import.meta.url)(cli)
