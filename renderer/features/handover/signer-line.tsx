import { useState } from 'react'
import { assertNever } from '#shared/base/assert.ts'
import { visible } from '#shared/base/visible.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Mark } from '#renderer/ui/mark.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import type { KnownKey } from './known-keys.ts'
import css from './handover.module.css'

export type Signer = OutputOf<'packages.inspect'>['signatures'][number]

type Props = {
  readonly signer: Signer
  readonly known: readonly KnownKey[]
  /** The person compared the fingerprint with its owner. */
  readonly onKnow: (key: KnownKey) => void
}

/** Who signed: known, unknown (with what to do about it), or broken. */
export function SignerLine({ signer, known, onKnow }: Props) {
  const own = 'fingerprint' in signer ? known.find((key) => key.fingerprint === signer.fingerprint) : undefined
  switch (signer.state) {
    case 'known':
      return <Known name={own?.name} fingerprint={signer.fingerprint} comment={signer.comment} />
    case 'unknown':
      return own ? (
        <Known name={own.name} fingerprint={own.fingerprint} comment={signer.comment ?? ''} />
      ) : (
        <Unknown signer={signer} onKnow={onKnow} />
      )
    case 'broken':
      return (
        <div className={css['signer']}>
          <Mark kind="altered" word="Broken signature" />
          <p>{visible(signer.why)}. It is not what was signed: do not rely on it, ask the sender for it again.</p>
        </div>
      )
    default:
      return assertNever(signer)
  }
}

type KnownProps = { readonly name: string | undefined; readonly fingerprint: string; readonly comment: string }

function Known({ name, fingerprint, comment }: KnownProps) {
  return (
    <div className={css['signer']}>
      <Mark
        kind="proven"
        word={`Signed with a known key${name === undefined || name === '' ? '' : `: ${visible(name)}`}`}
      />
      <p className={css['mono']}>{fingerprint}</p>
      <p className={css['quiet']}>{visible(comment)}</p>
    </div>
  )
}

function Unknown({ signer, onKnow }: { readonly signer: Signer & { state: 'unknown' } } & Pick<Props, 'onKnow'>) {
  const [name, setName] = useState('')
  const { fingerprint, publicKey } = signer
  if (fingerprint === null || publicKey === null)
    return (
      <div className={css['signer']}>
        <Mark kind="missing" word="Signed with a key that is not here" />
        <p>
          Its number is <code>{signer.number}</code>. Nothing is known about it: ask the sender for the public key, and
          choose its file under “What opens it, and who is known”.
        </p>
      </div>
    )
  return (
    <div className={css['signer']}>
      <Mark kind="missing" word="Signed with an unknown key" />
      <p>Ask the sender on the telephone, not by mail, to read out the fingerprint of their key. Is it this one?</p>
      <p className={css['fingerprint']}>{fingerprint}</p>
      <div className={css['row']}>
        <TextField label="Whose key it is" value={name} onChange={setName} />
        <Button
          isDisabled={name.trim() === ''}
          onPress={() => onKnow({ name: name.trim(), fingerprint, text: publicKey })}
        >
          They read out the same: know this key
        </Button>
      </div>
    </div>
  )
}
