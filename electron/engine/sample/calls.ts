import type { UtcMs } from '#shared/base/time.ts'
import type { Actor, Call } from './records.ts'
import { workloads } from './world.ts'

/** Where a call is made. */
export type Where = { readonly account: string; readonly region: string }
export const inUsEast: Where = { account: workloads, region: 'us-east-1' }

/** One call by one actor at one place and time. */
export const call = (
  where: Where,
  time: UtcMs,
  actor: Actor,
  service: string,
  name: string,
  rest?: Partial<Call>,
): Call => ({
  ...where,
  time,
  actor,
  service,
  name,
  ...rest,
})
