import type { AskOf } from '#shared/contract/contract.ts'
import type { Job } from '#renderer/client/use-job.ts'

/** The import of the open case, which outlives this view: the shell keeps it. */
export type IntakeJob = {
  readonly job: Job<'sources.import'>
  readonly isRunning: boolean
  readonly start: (input: Omit<AskOf<'sources.import'>, 'caseId'>) => void
}

export function EvidenceFiles({ intake }: { readonly intake: IntakeJob }) {
  return <p>{intake.job.state.kind}</p>
}
