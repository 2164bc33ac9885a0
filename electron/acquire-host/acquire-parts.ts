import type { AcquirePlan, AcquireProgress } from '#shared/contract/acquire.ts'
import type { AcquireJob } from '#engine/acquire/protocol.ts'
import type { RetrySetting } from '#engine/acquire/retry.ts'
import type { ProfileFiles } from './keys.ts'

/** A job and all that it needs to know of the world around it. */
export type AcquireParts = {
  readonly job: AcquireJob
  readonly profileFiles: ProfileFiles
  readonly operator: { readonly user: string; readonly host: string }
  readonly retry: RetrySetting
  readonly now: () => number
  readonly signal: AbortSignal
  readonly progress: (progress: AcquireProgress) => void
  readonly planned: (plan: AcquirePlan) => void
}
