import { useCallback, useEffect, useRef, useState } from 'react'
import { FolderInput, GitMerge } from 'lucide-react'
import { visible } from '#shared/base/visible.ts'
import { useJob } from '#renderer/client/use-job.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { ErrorState } from '#renderer/ui/states.tsx'
import { Form } from '#renderer/ui/form.tsx'
import { WorkingDialog } from '#renderer/ui/work-dialogs.tsx'
import { knowKey, knownKeys, type KnownKey } from './known-keys.ts'
import { MergePanel } from './merge-panel.tsx'
import { PackagePage, type Inspected } from './package-page.tsx'
import type { PackageDialogProps } from './package-props.ts'
import { noSecrets, SecretsForm, type Secrets } from './secrets-form.tsx'
import { UnpackPanel } from './unpack-panel.tsx'
import css from './handover.module.css'

/** What the package is asked with: keys chosen here, and those confirmed on this machine before. */
const askedWith = ({ passphrase, identities, keys }: Secrets, known: readonly KnownKey[]) => ({
  identities: [...identities],
  keys: [...new Set([...keys, ...known.map((key) => key.text)])],
  ...(passphrase !== '' && { passphrase }),
})

/** A package before anything is imported: who signed it, what it holds, whether it is whole; then what can be done with it. */
export function PackageDialog(props: PackageDialogProps) {
  const { chosen, onClose } = props
  const [secrets, setSecrets] = useState(noSecrets)
  const [known, setKnown] = useState(knownKeys)
  const [step, setStep] = useState<'look' | 'unpack' | 'merge'>('look')
  const { state, start, cancel } = useJob('packages.inspect')
  const look = useCallback(
    (now: Secrets) => void start({ grant: chosen.grant, ...askedWith(now, knownKeys()) }),
    [start, chosen.grant],
  )
  const begun = useRef(false)
  useEffect(() => {
    if (begun.current) return
    begun.current = true
    look(noSecrets)
  }, [look])
  const again = (now: Secrets): void => {
    setSecrets(now)
    look(now)
  }
  const know = (key: KnownKey): void => {
    knowKey(key)
    setKnown(knownKeys())
  }
  const title = `Package ${visible(chosen.label)}`
  if (state.kind === 'done' && step === 'unpack')
    return (
      <UnpackPanel {...props} found={state.value} asked={askedWith(secrets, known)} onBack={() => setStep('look')} />
    )
  if (state.kind === 'done' && step === 'merge')
    return (
      <MergePanel chosen={chosen} asked={askedWith(secrets, known)} onBack={() => setStep('look')} onClose={onClose} />
    )
  if (state.kind === 'done')
    return (
      <Dialog
        title={title}
        isOpen
        onClose={onClose}
        isDismissable={false}
        width="wide"
        actions={<Actions found={state.value} onClose={onClose} onStep={setStep} />}
      >
        <PackagePage found={state.value} known={known} onKnow={know} />
        {state.value.signatures.some((signer) => signer.state === 'unknown' && signer.publicKey === null) && (
          <SecretsForm secrets={secrets} onLook={again} />
        )}
      </Dialog>
    )
  if (state.kind === 'failed' && !state.stopped)
    return (
      <Dialog
        title={title}
        isOpen
        onClose={onClose}
        isDismissable={false}
        actions={<Button onPress={onClose}>Close</Button>}
      >
        <Form>
          <ErrorState
            title={state.failure.message}
            safe="Nothing was imported, and the package was not changed."
            advice={
              state.failure.code === 'bad-input'
                ? 'If it is encrypted, give below what opens it. If not, ask the sender for it again.'
                : 'Copy it again from the medium, or ask the sender for it again.'
            }
            code={state.failure.code}
          />
          {state.failure.code === 'bad-input' && <SecretsForm secrets={secrets} onLook={again} />}
        </Form>
      </Dialog>
    )
  const progress = state.kind === 'running' ? state.progress : undefined
  return (
    <WorkingDialog
      title={title}
      label="Reading all of it, comparing every hash; nothing is imported"
      done={Math.round((progress?.done ?? 0) / 1e6)}
      total={progress && Math.ceil(progress.total / 1e6)}
      unit="MB"
      onCancel={() => {
        cancel()
        onClose()
      }}
    />
  )
}

type ActionsProps = {
  readonly found: Inspected
  readonly onClose: () => void
  readonly onStep: (step: 'unpack' | 'merge') => void
}

function Actions({ found, onClose, onStep }: ActionsProps) {
  const open = useWorkspace((w) => w.open)
  const isSame = open?.uuid === found.document.case.uuid
  return (
    <>
      <span className={css['why']}>
        {open !== null && !isSame && 'It is of another case than the open one, so the two cannot be merged.'}
      </span>
      <Button tone="quiet" onPress={onClose}>
        Close
      </Button>
      {open !== null && isSame && (
        <Button icon={GitMerge} isDisabled={!found.whole} onPress={() => onStep('merge')}>
          Merge into the open case
        </Button>
      )}
      <Button tone="primary" icon={FolderInput} isDisabled={!found.whole} onPress={() => onStep('unpack')}>
        Make a case from it
      </Button>
    </>
  )
}
