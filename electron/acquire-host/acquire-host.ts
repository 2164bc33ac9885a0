import { homedir } from 'node:os'
import { join } from 'node:path'
import type { ToAcquireHost } from '#engine/acquire/protocol.ts'
import { forbidMetadata, takeAwsSettings } from './metadata-guard.ts'
import { startAcquireHost, type Starter } from './start-acquire-host.ts'

/** Electron's `process.parentPort`, where it started this file. */
type ParentPort = {
  postMessage(message: unknown): void
  on(event: 'message', listener: (event: { readonly data: unknown }) => void): unknown
}

const files = takeAwsSettings(process.env)
forbidMetadata()
const { parentPort } = process as unknown as { readonly parentPort?: ParentPort }
startAcquireHost(parentPort ? overPort(parentPort) : overChannel(), {
  credentials: files.credentials ?? join(homedir(), '.aws', 'credentials'),
  config: files.config ?? join(homedir(), '.aws', 'config'),
})

function overPort(port: ParentPort): Starter {
  return {
    post: (message) => port.postMessage(message),
    listen: (listener) => port.on('message', ({ data }) => listener(data as ToAcquireHost)),
    end: () => setImmediate(() => process.exit(0)),
  }
}

function overChannel(): Starter {
  if (!process.send) {
    process.stderr.write('This program is started by Trailcase when a person acquires from S3: trailcase acquire\n')
    process.exit(2)
  }
  // Whoever started this is gone: nobody wants the rest. What was fetched is noted.
  process.on('disconnect', () => process.exit(0))
  // The terminal tells every process of Ctrl-C; the one that was started by the person says what it means.
  process.on('SIGINT', () => undefined)
  return {
    post: (message) => process.send?.(message),
    listen: (listener) => process.on('message', (message) => listener(message as ToAcquireHost)),
    end: () => process.disconnect(),
  }
}
