import { useState } from 'react'
import { grouped, counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { AskOf, OutputOf, ProgressOf } from '#shared/contract/contract.ts'
import { useJob } from '#renderer/client/use-job.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Form } from '#renderer/ui/form.tsx'
import { DoneDialog, FailedDialog, WorkingDialog } from '#renderer/ui/work-dialogs.tsx'
import type { Inspected } from './package-page.tsx'
import type { PackageDialogProps } from './package-props.ts'
import css from './handover.module.css'

type Props = PackageDialogProps & {
  readonly found: Inspected
  readonly asked: Pick<AskOf<'packages.unpack'>, 'identities' | 'keys' | 'passphrase'>
  readonly onBack: () => void
}
type Step = ProgressOf<'packages.unpack'>['step']

const STEPS: Readonly<Record<Step, { readonly label: string; readonly unit: string }>> = {
  checking: { label: 'Checking all of it before anything is made', unit: 'MB' },
  importing: { label: 'Reading the evidence anew', unit: 'files' },
  annotations: { label: 'Bringing over what people said', unit: 'annotations' },
  judging: { label: 'Judging the digests anew', unit: 'steps' },
}

/** Makes a case from the package: who does it, where, how far it is, what was read otherwise. */
export function UnpackPanel(props: Props) {
  const { chosen, examiner, examinerFields, caseFileName, found, asked, onOpened, onBack } = props
  const { choose } = useWindow()
  const { state, start, cancel, forget } = useJob('packages.unpack')
  const [isAsked, setIsAsked] = useState(false)
  const { number, title } = found.document.header
  const make = async (): Promise<void> => {
    setIsAsked(true)
    const [place] = await choose({
      purpose: 'new-case',
      title: 'Where to save the case',
      suggestedName: caseFileName(number, title),
    })
    setIsAsked(false)
    if (place) await start({ grant: chosen.grant, target: place.grant, examiner, ...asked })
  }
  if (state.kind === 'running') return <Running state={state} onCancel={cancel} />
  if (state.kind === 'done')
    return (
      <DoneDialog title="The case is made" onClose={() => onOpened(state.value.info)} close="Show the case">
        <Made made={state.value} />
      </DoneDialog>
    )
  if (state.kind === 'failed' && !state.stopped)
    return (
      <FailedDialog
        title="No case was made"
        failure={state.failure}
        safe="Nothing was kept: no part of the package was imported."
        advice="Go back, and choose another place or what opens it."
        onBack={forget}
      />
    )
  return (
    <Dialog
      title="Make a case from the package"
      isOpen
      onClose={onBack}
      isDismissable={false}
      actions={
        <>
          <Button tone="quiet" onPress={onBack}>
            Back
          </Button>
          <Button tone="primary" isDisabled={examiner.name.trim() === '' || isAsked} onPress={() => void make()}>
            Choose where to save
          </Button>
        </>
      }
    >
      <Form>
        <p>
          The evidence is read and its digests are judged anew on this machine; what differs from what the package says
          is named. Both custody logs stay, the sender’s and that of the new case.
        </p>
        {examinerFields}
      </Form>
    </Dialog>
  )
}

type RunningProps = {
  readonly state: { readonly progress: ProgressOf<'packages.unpack'> | undefined; readonly stopping: boolean }
  readonly onCancel: () => void
}

function Running({ state, onCancel }: RunningProps) {
  const { progress, stopping } = state
  const step = STEPS[progress?.step ?? 'checking']
  const scale = progress?.step === 'checking' ? 1e6 : 1
  return (
    <WorkingDialog
      title="Making the case"
      label={stopping ? 'Stopping; nothing is kept' : step.label}
      done={Math.round((progress?.done ?? 0) / scale)}
      total={progress && Math.ceil(progress.total / scale)}
      unit={step.unit}
      onCancel={onCancel}
    />
  )
}

function Made({ made }: { readonly made: OutputOf<'packages.unpack'> }) {
  return (
    <Form>
      <p>
        {counted(made.entries, 'entry', 'entries')} in the ledger, {counted(made.originals, 'original')},{' '}
        {counted(made.info.events, 'event')}, {counted(made.operations, 'annotation')}.
      </p>
      {made.differing === 0 ? (
        <p>Every file was read here as it was where the package was made.</p>
      ) : (
        <>
          <p className={css['trouble']}>
            {counted(made.differing, 'file')} read otherwise here than where the package was made
            {made.differences.length < made.differing && ` (the first ${grouped(made.differences.length)})`}:
          </p>
          <ul className={css['problems']}>
            {made.differences.map(({ path, what }) => (
              <li key={path}>
                <code>{visible(path)}</code>: {visible(what)}
              </li>
            ))}
          </ul>
        </>
      )}
    </Form>
  )
}
