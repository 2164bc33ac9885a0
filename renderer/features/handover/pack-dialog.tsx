import { useState } from 'react'
import { bytes, counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { useForget } from '#renderer/client/engine-context.tsx'
import { useJob } from '#renderer/client/use-job.ts'
import type { Chosen } from '#renderer/client/window-services.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Facts } from '#renderer/ui/facts.tsx'
import { Form } from '#renderer/ui/form.tsx'
import { DoneDialog, FailedDialog, WorkingDialog } from '#renderer/ui/work-dialogs.tsx'
import { checkCommands } from './check-commands.ts'
import { CopyLine } from './copy-line.tsx'
import { PackForm } from './pack-form.tsx'
import { packInput, startWish } from './pack-wish.ts'
import css from './handover.module.css'

type Props = { readonly onClose: () => void; readonly onTransfers: () => void }

/** Makes a package of the case: the form, how far it is, then the file with its hash and how anyone checks it. */
export function PackDialog({ onClose, onTransfers }: Props) {
  const { caseId } = useOpenCase()
  const forget = useForget()
  const [wish, setWish] = useState(startWish)
  const { state, start, cancel, forget: back } = useJob('packages.pack')
  const pack = async (place: Chosen): Promise<void> => {
    const reply = await start({ caseId, grant: place.grant, ...packInput(wish) })
    if (reply.ok) await forget(caseId)
  }
  if (state.kind === 'running')
    return (
      <WorkingDialog
        title="Packing the case"
        label={
          state.stopping
            ? 'Stopping; what was written is taken away'
            : state.progress?.step === 'checking'
              ? 'Reading back from the disk and comparing'
              : 'Writing'
        }
        done={Math.round((state.progress?.done ?? 0) / 1e6)}
        total={state.progress && Math.ceil(state.progress.total / 1e6)}
        unit="MB"
        onCancel={cancel}
      />
    )
  if (state.kind === 'done')
    return (
      <DoneDialog
        title="The package is written"
        onClose={onClose}
        width="wide"
        beside={<Button onPress={onTransfers}>Print the transfer form</Button>}
      >
        <Packed packed={state.value} />
      </DoneDialog>
    )
  if (state.kind === 'failed' && !state.stopped)
    return (
      <FailedDialog
        title="The package was not made"
        failure={state.failure}
        safe="Nothing was kept on the disk, and nothing in the case was changed."
        advice="Go back, change what it says, and pack again."
        onBack={back}
        onClose={onClose}
      />
    )
  return <PackForm wish={wish} onWish={setWish} onPack={(place) => void pack(place)} onClose={onClose} />
}

function Packed({ packed }: { readonly packed: OutputOf<'packages.pack'> }) {
  return (
    <Form>
      <Facts>
        <dt>File</dt>
        <dd>
          {visible(packed.name)}, {bytes(packed.bytes)}
          {packed.parts.length > 0 &&
            `, in ${counted(packed.parts.length, 'part')}; copy them together with the list of parts`}
        </dd>
        <dt>SHA-256</dt>
        <dd>
          <CopyLine what="the SHA-256" text={packed.sha256} />
        </dd>
        <dt>Holds</dt>
        <dd>
          {counted(packed.originals, 'original')}, {counted(packed.operations, 'annotation')}; read back from the disk
          and compared
        </dd>
        <dt>Signature</dt>
        <dd>
          {packed.signedBy
            ? `Signed with the key ${packed.signedBy.fingerprint}`
            : 'Not signed: whoever gets it cannot tell who made it'}
        </dd>
        <dt>Encryption</dt>
        <dd>{packed.encrypted ? 'Encrypted with age' : 'Not encrypted: whoever has the file can read it'}</dd>
      </Facts>
      <h3 className={css['heading']}>Check it without this program</h3>
      <ol className={css['commands']}>
        {checkCommands(packed).map(({ what, command }) => (
          <li key={command}>
            <span>{what}</span>
            <CopyLine what={`the command: ${what}`} text={command} />
          </li>
        ))}
      </ol>
    </Form>
  )
}
