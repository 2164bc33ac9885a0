import type { Bridge } from '#shared/contract/bridge.ts'
import { bridgeEngine } from './bridge-engine.ts'
import type { Engine } from './engine.ts'
import { socketEngine } from './socket-engine.ts'

/** Connects to the engine of whichever host shows this window. Call it once. */
export function connectToEngine(): Engine {
  const { trailcase } = globalThis as { trailcase?: Bridge }
  return trailcase ? bridgeEngine(trailcase) : socketEngine(() => new WebSocket(`ws://${location.host}/engine`))
}
