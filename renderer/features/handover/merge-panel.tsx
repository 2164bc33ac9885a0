import { useEffect, useRef } from 'react'
import { GitMerge } from 'lucide-react'
import { counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { AskOf, OutputOf, ProgressOf } from '#shared/contract/contract.ts'
import { useForget } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useJob } from '#renderer/client/use-job.ts'
import type { Chosen } from '#renderer/client/window-services.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Facts } from '#renderer/ui/facts.tsx'
import { Form } from '#renderer/ui/form.tsx'
import { DoneDialog, FailedDialog, WorkingDialog } from '#renderer/ui/work-dialogs.tsx'
import { ConflictList } from './conflict-list.tsx'
import { mergeKinds, mergeSentence } from './merge-words.ts'
import css from './handover.module.css'

type Props = {
  readonly chosen: Chosen
  readonly asked: Pick<AskOf<'packages.merge'>, 'identities' | 'keys' | 'passphrase'>
  readonly onBack: () => void
  readonly onClose: () => void
}
type Step = ProgressOf<'packages.merge'>['step']

const STEPS: Readonly<Record<Step, { readonly label: string; readonly unit: string }>> = {
  checking: { label: 'Checking all of it before anything is changed', unit: 'MB' },
  comparing: { label: 'Comparing with the open case', unit: 'steps' },
  importing: { label: 'Reading the new evidence', unit: 'files' },
  annotations: { label: 'Bringing over what people said', unit: 'annotations' },
  judging: { label: 'Judging the digests anew', unit: 'steps' },
}

/** Merges the package into the open case: first what it would bring, then, when the person says so, all of it or nothing. */
export function MergePanel({ chosen, asked, onBack, onClose }: Props) {
  const { caseId, readOnly } = useOpenCase()
  const forget = useForget()
  const preview = useJob('packages.mergePreview')
  const merge = useJob('packages.merge')
  const begun = useRef(false)
  const input = { caseId, grant: chosen.grant, ...asked }
  useEffect(() => {
    if (begun.current) return
    begun.current = true
    void preview.start(input)
  })
  const run = async (): Promise<void> => {
    const reply = await merge.start(input)
    if (!reply.ok) return
    useWorkspace.getState().setOpen(reply.value.info)
    await forget(caseId)
  }
  const { state } = merge
  if (state.kind === 'running')
    return <Running title="Merging" state={state} onCancel={merge.cancel} stopping="Stopping; nothing of it stays" />
  if (state.kind === 'done')
    return (
      <DoneDialog title="Merged" onClose={onClose} width="wide">
        <Merged merged={state.value} />
      </DoneDialog>
    )
  if (state.kind === 'failed' && !state.stopped)
    return <Failed title="Nothing was merged" failure={state.failure} onBack={merge.forget} />
  if (preview.state.kind === 'failed')
    return <Failed title="It cannot be merged" failure={preview.state.failure} onBack={onBack} />
  if (preview.state.kind !== 'done')
    return (
      <Running
        title="What merging would bring"
        state={preview.state.kind === 'running' ? preview.state : { progress: undefined, stopping: false }}
        onCancel={() => {
          preview.cancel()
          onBack()
        }}
        stopping="Stopping"
      />
    )
  const found = preview.state.value
  return (
    <Dialog
      title="What merging would bring"
      isOpen
      onClose={onBack}
      isDismissable={false}
      width="wide"
      actions={
        <>
          <span className={css['why']} role="status">
            {readOnly ?? ''}
          </span>
          <Button tone="quiet" onPress={onBack}>
            Back
          </Button>
          <Button
            tone="primary"
            icon={GitMerge}
            isDisabled={readOnly !== null || found.nothingNew}
            onPress={() => void run()}
          >
            Merge into the open case
          </Button>
        </>
      }
    >
      <Form>
        <p>
          <b>{mergeSentence(found)}</b>
        </p>
        <p className={css['quiet']}>
          Nothing is overwritten: where both sides wrote the same field, both versions stay until somebody chooses. All
          of it is merged, or nothing.
        </p>
        <Brought found={found} />
      </Form>
    </Dialog>
  )
}

type Found = OutputOf<'packages.mergePreview'>

function Brought({ found }: { readonly found: Found }) {
  const { evidence, from, conflicts } = found
  return (
    <>
      <Facts label="What it brings">
        <dt>From</dt>
        <dd>{visible(from.examiner)}</dd>
        <dt>Evidence</dt>
        <dd>
          {counted(evidence.newFiles, 'new file')} with {counted(evidence.records, 'record')};{' '}
          {grouped(evidence.knownFiles)} here already; {counted(evidence.newEntries, 'new line')} in the ledger
          {evidence.byHash > 0 && `, ${grouped(evidence.byHash)} of them known by hash only`}
        </dd>
        {mergeKinds(found).map(({ what, words }) => (
          <Kind key={what} what={what} words={words} />
        ))}
        <dt>Custody logs</dt>
        <dd>
          {found.logs === 0
            ? 'none that is not here already'
            : `${counted(found.logs, 'log')} kept beside the case’s own`}
        </dd>
      </Facts>
      {conflicts.length > 0 && (
        <>
          <h3 className={css['heading']}>{counted(conflicts.length, 'conflict')}</h3>
          <ConflictList conflicts={conflicts} canChoose={false} />
        </>
      )}
    </>
  )
}

const Kind = ({ what, words }: { readonly what: string; readonly words: string }) => (
  <>
    <dt>{what}</dt>
    <dd>{words}</dd>
  </>
)

function Merged({ merged }: { readonly merged: OutputOf<'packages.merge'> }) {
  return (
    <Form>
      <p>
        <b>
          {mergeSentence(merged)} {counted(merged.newEvents, 'new event')}.
        </b>
      </p>
      {merged.differing > 0 && (
        <>
          <p className={css['trouble']}>
            {counted(merged.differing, 'new file')} read otherwise here than the package says:
          </p>
          <ul className={css['problems']}>
            {merged.differences.map(({ path, what }) => (
              <li key={path}>
                <code>{visible(path)}</code>: {visible(what)}
              </li>
            ))}
          </ul>
        </>
      )}
      {merged.conflicts.length === 0 ? (
        <p>No conflicts.</p>
      ) : (
        <>
          <p>Both versions are kept. Choose now, or later from the case menu under Conflicts:</p>
          <OpenConflicts />
        </>
      )}
    </Form>
  )
}

/** The conflicts that are still open, as the case knows them now. */
function OpenConflicts() {
  const { caseId } = useOpenCase()
  const conflicts = useAsk('annotations.state', { caseId }).value?.conflicts
  if (conflicts === undefined) return null
  return conflicts.length === 0 ? <p>All are chosen.</p> : <ConflictList conflicts={conflicts} canChoose />
}

type RunningProps = {
  readonly title: string
  readonly state: { readonly progress: ProgressOf<'packages.merge'> | undefined; readonly stopping: boolean }
  readonly stopping: string
  readonly onCancel: () => void
}

function Running({ title, state, stopping, onCancel }: RunningProps) {
  const { progress } = state
  const step = STEPS[progress?.step ?? 'checking']
  const scale = step.unit === 'MB' ? 1e6 : 1
  return (
    <WorkingDialog
      title={title}
      label={state.stopping ? stopping : step.label}
      done={Math.round((progress?.done ?? 0) / scale)}
      total={progress && Math.ceil(progress.total / scale)}
      unit={step.unit}
      onCancel={onCancel}
    />
  )
}

type FailedProps = {
  readonly title: string
  readonly failure: { readonly code: string; readonly message: string }
  readonly onBack: () => void
}

function Failed({ title, failure, onBack }: FailedProps) {
  return (
    <FailedDialog
      title={title}
      failure={failure}
      safe="The case is as it was: a merge is whole, or it does not happen."
      advice="Go back, and look at what the package says."
      onBack={onBack}
    />
  )
}
