import { join } from 'node:path'
import type { FromAcquireHost } from '#engine/acquire/protocol.ts'
import type { AcquireProcess } from '#electron/web-host/acquire-process.ts'
import type { ElectronApi } from './electron-api.ts'

/** What the acquiring process gets of the environment: the person's home with its profiles, certificates of an own store, and what Windows needs. */
const passedOn = [
  ...['HOME', 'USERPROFILE', 'SystemRoot', 'TMPDIR', 'TEMP', 'TMP', 'NODE_EXTRA_CA_CERTS'],
  ...['AWS_SHARED_CREDENTIALS_FILE', 'AWS_CONFIG_FILE'],
]

/** Starts the one process that may use the network, as a utility process of its own, for one job. */
export function forkAcquireHost(
  utilityProcess: ElectronApi['utilityProcess'],
  builtFolder: string,
  env: NodeJS.ProcessEnv,
): AcquireProcess {
  const child = utilityProcess.fork(join(builtFolder, 'acquire-host.cjs'), [], {
    serviceName: 'Trailcase acquisition from S3',
    stdio: 'ignore',
    env: Object.fromEntries(passedOn.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
  })
  return {
    send: (message) => child.postMessage(message),
    onMessage: (listener) => child.on('message', (message) => listener(message as FromAcquireHost)),
    onExit: (listener) => child.once('exit', listener),
    kill: () => void child.kill(),
  }
}
