import { useState } from 'react'
import { counted } from '#shared/base/count.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { Button } from '#renderer/ui/button.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { FieldGroup } from '#renderer/ui/form.tsx'
import { TextFileButton } from './text-file-button.tsx'
import css from './handover.module.css'

/** What opens a package, and the public keys of people who are known. */
export type Secrets = {
  readonly passphrase: string
  readonly identities: readonly string[]
  /** Texts of `.pub` files. */
  readonly keys: readonly string[]
}
export const noSecrets: Secrets = { passphrase: '', identities: [], keys: [] }

/** An identity file of age has comments and one identity per line. */
const identitiesIn = (text: string): string[] =>
  text.split(/\r?\n/).filter((line) => line.startsWith('AGE-SECRET-KEY-'))

type Props = { readonly secrets: Secrets; readonly onLook: (secrets: Secrets) => void }

/** Passphrase, age identities, public keys; then the package is looked at again. */
export function SecretsForm({ secrets, onLook }: Props) {
  const { notify } = useWindow()
  const [mine, setMine] = useState(secrets)
  const trouble = (text: string): void => notify({ tone: 'trouble', text })
  const addIdentity = (text: string): void => {
    const found = identitiesIn(text)
    if (found.length === 0) trouble('This file holds no age identity: a line that begins with AGE-SECRET-KEY-.')
    else setMine({ ...mine, identities: [...mine.identities, ...found] })
  }
  return (
    <FieldGroup legend="What opens it, and who is known">
      <TextField
        label="Passphrase of the package"
        isSecret
        value={mine.passphrase}
        onChange={(passphrase) => setMine({ ...mine, passphrase })}
        onEnter={() => onLook(mine)}
      />
      <div className={css['row']}>
        <TextFileButton
          label="age identity file"
          chosen={mine.identities.length === 0 ? undefined : counted(mine.identities.length, 'identity', 'identities')}
          onText={({ text }) => addIdentity(text)}
          onTrouble={trouble}
        />
        <TextFileButton
          label="Public key file of the sender"
          chosen={mine.keys.length === 0 ? undefined : counted(mine.keys.length, 'key')}
          onText={({ text }) => setMine({ ...mine, keys: [...mine.keys, text] })}
          onTrouble={trouble}
        />
        <Button onPress={() => onLook(mine)}>Look again</Button>
      </div>
    </FieldGroup>
  )
}
