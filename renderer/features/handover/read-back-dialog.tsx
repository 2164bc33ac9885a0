import { useState } from 'react'
import { counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { AskOf, OutputOf, ProgressOf } from '#shared/contract/contract.ts'
import { useAnnotations } from '#renderer/client/annotations.ts'
import { useForget } from '#renderer/client/engine-context.tsx'
import { useJob } from '#renderer/client/use-job.ts'
import { useWindow, type Chosen } from '#renderer/client/window-services.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Form } from '#renderer/ui/form.tsx'
import { DoneDialog, FailedDialog, WorkingDialog } from '#renderer/ui/work-dialogs.tsx'
import { ReadBackFound } from './read-back-found.tsx'
import { ReadBackForm, startReadBack } from './read-back-form.tsx'
import { readBackSentence } from './read-back-words.ts'

type Progress = ProgressOf<'annotations.import'>

/** Tags and comments of a table that a colleague hands back: first what they would add, then, when the person says so, all of it as one act. */
export function ReadBackDialog({ onClose }: { readonly onClose: () => void }) {
  const { caseId } = useOpenCase()
  const { choose } = useWindow()
  const forget = useForget()
  const { undo } = useAnnotations()
  const [wish, setWish] = useState(startReadBack)
  const [file, setFile] = useState<Chosen | null>(null)
  const preview = useJob('annotations.importPreview')
  const apply = useJob('annotations.import')

  const asked = (chosen: Chosen, now: typeof wish): AskOf<'annotations.importPreview'> => ({
    caseId,
    grant: chosen.grant,
    author: now.author,
    zoneless: now.zoneless,
    columns: Object.fromEntries(Object.entries(now.columns).filter(([, heading]) => heading.trim() !== '')),
  })
  const look = async (): Promise<void> => {
    const [chosen] = await choose({ purpose: 'annotations', title: 'Which file came back' })
    if (!chosen) return
    setFile(chosen)
    await preview.start(asked(chosen, wish))
  }
  const lookAgain = (now: typeof wish): void => {
    setWish(now)
    if (file) void preview.start(asked(file, now))
  }
  const back = (): void => {
    apply.forget()
    preview.forget()
  }
  const add = async (sha256: string): Promise<void> => {
    if (!file) return
    const reply = await apply.start({ ...asked(file, wish), sha256 })
    if (reply.ok) await forget(caseId)
  }

  if (apply.state.kind === 'running')
    return <Working title="Adding tags and comments" state={apply.state} onCancel={apply.cancel} />
  if (apply.state.kind === 'done') {
    const { act } = apply.state.value
    const takeBack = (): void => {
      if (act !== null) void undo(act)
      onClose()
    }
    return (
      <DoneDialog
        title="Added"
        onClose={onClose}
        beside={act !== null && <Button onPress={takeBack}>Take it back</Button>}
      >
        <Added added={apply.state.value} />
      </DoneDialog>
    )
  }
  const failed = [apply.state, preview.state].find((state) => state.kind === 'failed' && !state.stopped)
  if (failed?.kind === 'failed')
    return (
      <FailedDialog
        title="Nothing was added"
        failure={failed.failure}
        safe="The case is as it was."
        advice="Go back, and choose the file again; headings that differ can be named there."
        onBack={back}
        onClose={onClose}
      />
    )
  if (preview.state.kind === 'running')
    return <Working title="What the file would add" state={preview.state} onCancel={preview.cancel} />
  if (preview.state.kind === 'done') {
    const found = preview.state.value
    return (
      <ReadBackFound
        found={found}
        wish={wish}
        onWish={setWish}
        onLook={lookAgain}
        onBack={back}
        onAdd={() => void add(found.sha256)}
      />
    )
  }
  return <ReadBackForm wish={wish} onWish={setWish} onChoose={() => void look()} onClose={onClose} />
}

type WorkingProps = {
  readonly title: string
  readonly state: { readonly progress: Progress | undefined; readonly stopping: boolean }
  readonly onCancel: () => void
}

function Working({ title, state: { progress, stopping }, onCancel }: WorkingProps) {
  const isReading = progress?.step !== 'writing'
  const scale = isReading ? 1e6 : 1
  return (
    <WorkingDialog
      title={title}
      label={
        stopping ? 'Stopping; nothing was added' : isReading ? 'Reading the file, comparing with the case' : 'Writing'
      }
      done={Math.round((progress?.done ?? 0) / scale)}
      total={progress && Math.ceil(progress.total / scale)}
      unit={isReading ? 'MB' : 'tags'}
      onCancel={onCancel}
    />
  )
}

const Added = ({ added }: { readonly added: OutputOf<'annotations.import'> }) => (
  <Form>
    <p>
      <b>{readBackSentence(added)}</b>
    </p>
    <p>
      From {visible(added.file)}, as one act: undo takes all of it back.
      {added.left.total > 0 && ` ${counted(added.left.total, 'row')} could not be used.`}
    </p>
  </Form>
)
