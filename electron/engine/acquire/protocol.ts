import type {
  AcquireCredentials,
  AcquirePlan,
  AcquireProgress,
  AcquireResult,
  AcquireWish,
} from '#shared/contract/acquire.ts'
import type { FailureCode } from '#shared/contract/contract.ts'

/** Who acquires, with what: for the manifest. */
export type AcquireActor = {
  readonly examiner: string | null
  readonly tool: { readonly name: 'Trailcase'; readonly version: string; readonly commit: string }
}

export type AcquireJob = {
  readonly wish: AcquireWish
  readonly credentials: AcquireCredentials
  readonly actor: AcquireActor
  /** Where to write; nothing for a plan. */
  readonly folder: string | null
}

/** What may be said to the acquiring process. It does one job and ends. */
export type ToAcquireHost = { readonly kind: 'start'; readonly job: AcquireJob } | { readonly kind: 'stop' }

export type FromAcquireHost =
  | { readonly kind: 'ready' }
  | { readonly kind: 'progress'; readonly progress: AcquireProgress }
  | { readonly kind: 'plan'; readonly plan: AcquirePlan }
  | { readonly kind: 'done'; readonly result: AcquireResult | null }
  | { readonly kind: 'failed'; readonly code: FailureCode; readonly message: string }
  /** A bug, with its stack, for the people who mend it. */
  | { readonly kind: 'bug'; readonly text: string }
