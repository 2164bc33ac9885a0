import { useState } from 'react'
import { KeyRound } from 'lucide-react'
import { visible } from '#shared/base/visible.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { useEngine } from '#renderer/client/engine-context.tsx'
import { useWindow } from '#renderer/client/window-services.ts'
import { Button } from '#renderer/ui/button.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { Facts } from '#renderer/ui/facts.tsx'
import { Form } from '#renderer/ui/form.tsx'
import { CopyLine } from './copy-line.tsx'
import { knowKey } from './known-keys.ts'
import css from './handover.module.css'

const SHORT = 12

/** Makes an examiner's key: a file under a passphrase, a public one to give away, a fingerprint to read out. */
export function KeygenForm({ examiner, onBack }: { readonly examiner: string; readonly onBack: () => void }) {
  const engine = useEngine()
  const { choose } = useWindow()
  const [passphrase, setPassphrase] = useState('')
  const [again, setAgain] = useState('')
  const [made, setMade] = useState<OutputOf<'packages.keygen'> | null>(null)
  const [trouble, setTrouble] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const make = async (): Promise<void> => {
    const [place] = await choose({ purpose: 'save', title: 'Where to save the key', suggestedName: 'examiner.key' })
    if (!place) return
    setIsBusy(true)
    const reply = await engine.ask('packages.keygen', { grant: place.grant, passphrase })
    setIsBusy(false)
    if (!reply.ok) {
      setTrouble(reply.message)
      return
    }
    knowKey({ name: examiner, fingerprint: reply.value.fingerprint, text: reply.value.publicKey })
    setMade(reply.value)
  }
  if (made) return <Made made={made} onBack={onBack} />
  const isShort = passphrase.length < SHORT
  return (
    <Form>
      <p className={css['quiet']}>
        The key signs packages in your name. Its file is of use only together with the passphrase; without the
        passphrase nobody, and no program, can open it again.
      </p>
      <TextField
        label="Passphrase of the new key"
        isSecret
        value={passphrase}
        onChange={setPassphrase}
        description={`At least ${SHORT} characters; several words are best.`}
      />
      <TextField
        label="The same again"
        isSecret
        value={again}
        onChange={setAgain}
        error={again !== '' && again !== passphrase ? 'The two are not the same.' : undefined}
      />
      {trouble !== null && (
        <p className={css['trouble']} role="alert">
          {trouble}
        </p>
      )}
      <div className={css['row']}>
        <Button
          icon={KeyRound}
          isDisabled={isShort || again !== passphrase || isBusy}
          onPress={() => void make()}
          tone="primary"
        >
          {isBusy ? 'Making the key' : 'Choose the file and make the key'}
        </Button>
        <Button tone="quiet" onPress={onBack}>
          Back
        </Button>
      </div>
    </Form>
  )
}

function Made({ made, onBack }: { readonly made: OutputOf<'packages.keygen'>; readonly onBack: () => void }) {
  return (
    <Form>
      <p>
        <b>{visible(made.name)}</b> is the secret key: keep it to yourself. <b>{visible(made.publicName)}</b> is the
        public one: give it to whoever gets packages from you.
      </p>
      <p className={css['quiet']}>Read this out on the telephone, so that they know the key is yours:</p>
      <p className={css['fingerprint']}>{made.fingerprint}</p>
      <Facts>
        <dt>Public key</dt>
        <dd>
          <CopyLine what="the public key" text={made.publicKey.trim().split('\n').at(-1) ?? ''} />
        </dd>
        <dt>Number in minisign</dt>
        <dd>
          <code>{made.number}</code>
        </dd>
      </Facts>
      <div className={css['row']}>
        <Button tone="primary" onPress={onBack}>
          Back to the package
        </Button>
      </div>
    </Form>
  )
}
