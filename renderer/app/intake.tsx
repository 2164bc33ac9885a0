import { createContext, use, useEffect, useMemo, useRef, type ReactNode } from 'react'
import type { AskOf } from '#shared/contract/contract.ts'
import { useForget } from '#renderer/client/engine-context.tsx'
import { useJob, type Job } from '#renderer/client/use-job.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'

export type Intake = {
  readonly job: Job<'sources.import'>
  readonly isRunning: boolean
  readonly start: (input: Omit<AskOf<'sources.import'>, 'caseId'>) => void
  /** Stops it, if it runs, and waits until what it stored is safe. */
  readonly end: () => Promise<void>
}

const IntakeContext = createContext<Intake | null>(null)

/** The import of this case: kept here, so that it goes on while the person looks at other places. */
export function IntakeProvider({ children }: { readonly children: ReactNode }) {
  const { caseId } = useOpenCase()
  const forget = useForget()
  const job = useJob('sources.import')
  const isRunning = job.state.kind === 'running'
  const running = useRef<Promise<unknown>>(Promise.resolve())
  const intake = useMemo<Intake>(
    () => ({
      job,
      isRunning,
      start: (input) => {
        running.current = job.start({ caseId, ...input }).then(() => forget(caseId))
      },
      end: async () => {
        job.cancel()
        await running.current
      },
    }),
    [job, isRunning, caseId, forget],
  )
  useEffect(() => {
    if (!isRunning) return
    // Leaving the page ends the import; the browser asks first.
    const ask = (event: BeforeUnloadEvent): void => event.preventDefault()
    window.addEventListener('beforeunload', ask)
    return () => window.removeEventListener('beforeunload', ask)
  }, [isRunning])
  return <IntakeContext value={intake}>{children}</IntakeContext>
}

export function useIntake(): Intake {
  const intake = use(IntakeContext)
  if (!intake) throw new Error('This should not happen: the import is asked for outside the workbench')
  return intake
}
