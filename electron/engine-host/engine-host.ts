import { ensure } from '#shared/base/assert.ts'
import { forbidNetwork } from './network-guard.ts'
import type { ParentPort } from './ports.ts'
import type { EngineHostSetting } from './protocol.ts'
import { startEngineHost } from './start-engine-host.ts'

forbidNetwork()
const { parentPort } = process as unknown as { readonly parentPort?: ParentPort }
startEngineHost(ensure(parentPort, 'main starts this file as a utility process'), {
  ...(JSON.parse(ensure(process.argv[2], 'main gives the setting as an argument')) as EngineHostSetting),
  builtFolder: import.meta.dirname,
  exit: () => process.exit(0),
})
