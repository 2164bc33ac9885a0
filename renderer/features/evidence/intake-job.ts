import type { AskOf } from '#shared/contract/contract.ts'
import type { Job } from '#renderer/client/use-job.ts'

/** The import of the open case. The shell keeps it, so that it outlives this view. */
export type IntakeJob = {
  readonly job: Job<'sources.import'>
  readonly isRunning: boolean
  readonly start: (input: Omit<AskOf<'sources.import'>, 'caseId'>) => void
}
