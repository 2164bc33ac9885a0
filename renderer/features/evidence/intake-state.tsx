import { X } from 'lucide-react'
import { bytes, counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { Failure } from '#shared/contract/contract.ts'
import type { ImportProgress, ImportResult } from '#shared/contract/sources.ts'
import { Button, IconButton } from '#renderer/ui/button.tsx'
import { ProgressBar } from '#renderer/ui/progress-bar.tsx'
import { durationText } from '#shared/base/zone.ts'
import { allFiles, type FileFilter } from './file-filter.ts'
import type { IntakeJob } from './intake-job.ts'
import { FileSum, RecordSum } from './sums.tsx'
import css from './evidence.module.css'

type Props = { readonly intake: IntakeJob; readonly onShow: (filter: FileFilter) => void }

/** The import: how far it is, then what it found, until the person has seen it. */
export function IntakeState({ intake, onShow }: Props) {
  const { state, cancel, forget } = intake.job
  switch (state.kind) {
    case 'idle':
      return null
    case 'running':
      return <Running progress={state.progress} isStopping={state.stopping} onCancel={cancel} />
    case 'done':
      return <Done result={state.value} onClose={forget} onShow={onShow} />
    case 'failed':
      return <Ended failure={state.failure} wasStopped={state.stopped} onClose={forget} />
  }
}

type RunningProps = {
  readonly progress: ImportProgress | undefined
  readonly isStopping: boolean
  readonly onCancel: () => void
}

function Running({ progress, isStopping, onCancel }: RunningProps) {
  const { files = 0, filesTotal, events = 0, elapsedMs = 0 } = progress ?? {}
  const seconds = elapsedMs / 1000
  const isFinishing = progress?.phase === 'finishing'
  const left =
    filesTotal !== undefined && files > 0 && seconds >= 2 ? (seconds / files) * (filesTotal - files) : undefined
  const label = isStopping
    ? 'Stopping: the file at hand is finished first'
    : isFinishing
      ? 'Sorting the events by time and checking the digests'
      : 'Importing'
  return (
    <div className={css['band']}>
      <ProgressBar
        label={label}
        done={files}
        total={isFinishing ? undefined : filesTotal}
        unit="files"
        secondsLeft={isFinishing ? undefined : left}
        detail={[
          counted(events, 'event'),
          bytes(progress?.bytes ?? 0),
          ...(seconds >= 1 ? [`${grouped(events / seconds)} events/s`, `${durationText(elapsedMs)} so far`] : []),
        ].join('  ·  ')}
        onCancel={isStopping ? undefined : onCancel}
      />
      <p className={css['hint']}>
        What is stored stays if you cancel; importing the same evidence again goes on from there.
      </p>
    </div>
  )
}

const MOST = 5

function Done({
  result,
  onClose,
  onShow,
}: {
  readonly result: ImportResult
  readonly onClose: () => void
  readonly onShow: Props['onShow']
}) {
  const { quarantine, integrity } = result
  return (
    <div className={css['band']} role="status">
      <div className={css['bandHead']}>
        <h2>
          Imported {counted(result.sources, 'source')} in {durationText(result.seconds * 1000)}:{' '}
          {counted(result.records.stored, 'new event')}, {bytes(result.bytes.read)} read, {bytes(result.bytes.inflated)}{' '}
          inflated
        </h2>
        <IconButton label="Dismiss" icon={X} size="small" onPress={onClose} />
      </div>
      <FileSum counts={result.entries} />
      <RecordSum counts={result.records} />
      <p>
        {counted(result.digests, 'digest')}, {counted(result.keys, 'key list')}, {counted(result.signatures, 'file')} of
        signatures.{' '}
        {integrity.clean
          ? 'The digest check found nothing wrong.'
          : `The digest check made ${counted(integrity.findings.length, 'finding')}: ${grouped(integrity.logs.modified)} altered, ${grouped(integrity.logs.missing)} missing of ${counted(integrity.logs.total, 'log file')}.`}
      </p>
      {quarantine.length > 0 && (
        <>
          <p>
            <b>{counted(quarantine.length, 'file')}</b> could not be read and {quarantine.length === 1 ? 'is' : 'are'}{' '}
            kept with the reason:
          </p>
          <ul className={css['reasons']}>
            {quarantine.slice(0, MOST).map(({ path, reason }) => (
              <li key={path}>
                <code>{visible(path)}</code> {visible(reason)}
              </li>
            ))}
          </ul>
          {quarantine.length > MOST && (
            <div>
              <Button tone="quiet" onPress={() => onShow({ ...allFiles, outcome: 'quarantined' })}>
                List all {grouped(quarantine.length)}
              </Button>
            </div>
          )}
        </>
      )}
    </div>
  )
}

function Ended({
  failure,
  wasStopped,
  onClose,
}: {
  readonly failure: Failure
  readonly wasStopped: boolean
  readonly onClose: () => void
}) {
  return (
    <div className={css['band']} role="alert">
      <div className={css['bandHead']}>
        <h2>{wasStopped ? 'The import was stopped.' : failure.message}</h2>
        <IconButton label="Dismiss" icon={X} size="small" onPress={onClose} />
      </div>
      <p>
        Files that were finished are stored, with all their events. Import the same evidence again to go on: what is
        stored is found and not read twice.
      </p>
    </div>
  )
}
