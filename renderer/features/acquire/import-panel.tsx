import { DatabaseZap } from 'lucide-react'
import { bytes, counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import type { Job } from '#renderer/client/use-job.ts'
import { Button } from '#renderer/ui/button.tsx'
import { ProgressBar } from '#renderer/ui/progress-bar.tsx'
import { ErrorState } from '#renderer/ui/states.tsx'
import css from './acquire.module.css'

type Props = {
  readonly job: Job<'acquire.import'>
  readonly folder: string
  readonly readOnly: string | null
  readonly onImport: () => void
}

/** What was fetched, on its way into the case. */
export function ImportPanel({ job, folder, readOnly, onImport }: Props) {
  const { state, cancel } = job
  switch (state.kind) {
    case 'idle':
      return (
        <div className={css['row']}>
          <Button tone="primary" icon={DatabaseZap} onPress={onImport} isDisabled={readOnly !== null}>
            Import into this case
          </Button>
          <span className={css['hint']}>
            {readOnly ?? `Who fetched ${visible(folder)}, when and with which hashes goes to the custody log.`}
          </span>
        </div>
      )
    case 'running':
      return (
        <ProgressBar
          label={state.stopping ? 'Stopping: the file at hand is finished first' : 'Importing'}
          done={state.progress?.files ?? 0}
          total={state.progress?.phase === 'finishing' ? undefined : state.progress?.filesTotal}
          unit="files"
          detail={`${counted(state.progress?.events ?? 0, 'event')}  ·  ${bytes(state.progress?.bytes ?? 0)}`}
          onCancel={state.stopping ? undefined : cancel}
        />
      )
    case 'done':
      return <Imported value={state.value} />
    case 'failed':
      return (
        <ErrorState
          title={state.failure.message}
          safe="What was stored stays; the folder was only read."
          advice="Add the folder as evidence to go on from there."
          code={state.failure.code}
        />
      )
  }
}

function Imported({ value }: { readonly value: OutputOf<'acquire.import'> }) {
  const { imported, acquisition, holdsAll } = value
  const { digests, logs } = imported.integrity
  return (
    <div role="status" className={css['plan']}>
      <h2 className={css['heading']}>
        Imported {counted(imported.records.stored, 'new event')} from {counted(imported.entries.seen, 'file')}
      </h2>
      <p>
        {grouped(digests.authentic + digests.authenticByLink)} of {counted(digests.total, 'digest')} authentic,{' '}
        {grouped(logs.proven)} of {counted(logs.total, 'log file')} proven.{' '}
        {holdsAll
          ? 'The case holds every byte that was fetched.'
          : 'Not every file that was fetched is in the case: the files with their outcomes say why.'}
      </p>
      {acquisition.changed.length > 0 && (
        <p className={css['warn']} role="alert">
          {counted(acquisition.changed.length, 'file')} changed since it was fetched:{' '}
          {acquisition.changed.slice(0, 5).map(visible).join(', ')}
        </p>
      )}
    </div>
  )
}
