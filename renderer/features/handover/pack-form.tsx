import { useState } from 'react'
import { KeyRound, PackageCheck } from 'lucide-react'
import { bytes, counted } from '#shared/base/count.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { Button, Segments } from '#renderer/ui/button.tsx'
import { Checkbox } from '#renderer/ui/checkbox.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { FieldGroup, FieldPair, Form } from '#renderer/ui/form.tsx'
import { KeygenForm } from './keygen-form.tsx'
import { FAT32_PART, packageFileName, packTrouble, type PackWish } from './pack-wish.ts'
import { TextFileButton } from './text-file-button.tsx'
import type { Chosen } from '#renderer/client/window-services.ts'
import css from './handover.module.css'

type Props = {
  readonly wish: PackWish
  readonly onWish: (wish: PackWish) => void
  readonly onPack: (place: Chosen) => void
  readonly onClose: () => void
}

/** What goes along, who signs, who can open it, and what the transfer record says. */
export function PackForm({ wish, onWish, onPack, onClose }: Props) {
  const open = useOpenCase()
  const { choose } = useWindow()
  const [isMakingKey, setIsMakingKey] = useState(false)
  const set = (change: Partial<PackWish>): void => onWish({ ...wish, ...change })
  const trouble = open.readOnly ?? packTrouble(wish)
  const pack = async (): Promise<void> => {
    const [place] = await choose({
      purpose: 'save',
      title: 'Where to save the package',
      suggestedName: packageFileName(open.header.number, open.header.title, wish),
    })
    if (place) onPack(place)
  }
  if (isMakingKey)
    return (
      <Dialog title="Make a signing key" isOpen onClose={() => setIsMakingKey(false)} isDismissable={false}>
        <KeygenForm examiner={open.examiner?.name ?? ''} onBack={() => setIsMakingKey(false)} />
      </Dialog>
    )
  return (
    <Dialog
      title="Hand the case over"
      isOpen
      onClose={onClose}
      isDismissable={false}
      width="wide"
      actions={
        <>
          <span className={css['why']} role="status">
            {trouble ?? ''}
          </span>
          <Button tone="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button tone="primary" icon={PackageCheck} isDisabled={trouble !== undefined} onPress={() => void pack()}>
            Choose the file and pack
          </Button>
        </>
      }
    >
      <div className={css['columns']}>
        <Form>
          <Scope wish={wish} set={set} />
          <Signing wish={wish} set={set} onMakeKey={() => setIsMakingKey(true)} />
          <Protection wish={wish} set={set} />
        </Form>
        <Transfer wish={wish} set={set} />
      </div>
    </Dialog>
  )
}

type PartProps = { readonly wish: PackWish; readonly set: (change: Partial<PackWish>) => void }

function Scope({ wish, set }: PartProps) {
  const { caseId } = useOpenCase()
  const size = useAsk('packages.estimate', { caseId, scope: wish.scope })
  return (
    <FieldGroup legend="What goes along">
      <Segments
        label="What goes along"
        value={wish.scope}
        onChange={(scope) => set({ scope })}
        options={[
          { id: 'all', label: 'The whole case' },
          { id: 'annotated', label: 'Only what is annotated' },
        ]}
      />
      <p className={css['quiet']}>
        {wish.scope === 'all'
          ? 'Every original file, what people said, and the custody log.'
          : 'Only files in which something is bookmarked or tagged, with all digests, keys and signatures; of the others the hashes. Everything people said, and the custody log.'}
      </p>
      <p className={css['size']} role="status">
        {size.failure
          ? size.failure.message
          : size.value === undefined
            ? 'Counting'
            : `${counted(size.value.originals, 'original')}, ${counted(size.value.operations, 'annotation')}: about ${bytes(size.value.expected)} on the disk${wish.isSplit ? ', twice that while it is split' : ''}. The free space is looked at before anything is written.`}
      </p>
      <Checkbox isSelected={wish.isSplit} onChange={(isSplit) => set({ isSplit })}>
        Split into parts of {bytes(FAT32_PART)}, for media with FAT32
      </Checkbox>
    </FieldGroup>
  )
}

function Signing({ wish, set, onMakeKey }: PartProps & { readonly onMakeKey: () => void }) {
  const { notify } = useWindow()
  return (
    <FieldGroup legend="Signature">
      <Checkbox isSelected={wish.isSigned} onChange={(isSigned) => set({ isSigned })}>
        Sign it with an examiner’s key
      </Checkbox>
      {wish.isSigned ? (
        <>
          <div className={css['row']}>
            <TextFileButton
              label="Choose the key file"
              chosen={wish.key?.name}
              onText={(key) => set({ key })}
              onTrouble={(text) => notify({ tone: 'trouble', text })}
            />
            <Button tone="quiet" icon={KeyRound} onPress={onMakeKey}>
              Make a key
            </Button>
          </div>
          <TextField
            label="Passphrase of the key"
            isSecret
            value={wish.keyPassphrase}
            onChange={(keyPassphrase) => set({ keyPassphrase })}
          />
        </>
      ) : (
        <p className={css['quiet']}>Without a signature the receiver cannot tell who made it.</p>
      )}
    </FieldGroup>
  )
}

function Protection({ wish, set }: PartProps) {
  return (
    <FieldGroup legend="Who can open it">
      <Segments
        label="Who can open it"
        value={wish.protect}
        onChange={(protect) => set({ protect })}
        options={[
          { id: 'none', label: 'Anyone' },
          { id: 'recipients', label: 'Recipients (age)' },
          { id: 'passphrase', label: 'Who has the passphrase' },
        ]}
      />
      {wish.protect === 'recipients' && (
        <TextField
          label="age recipients, one per line"
          mono
          rows={3}
          placeholder="age1…"
          value={wish.recipients}
          onChange={(recipients) => set({ recipients })}
        />
      )}
      {wish.protect === 'passphrase' && (
        <FieldPair>
          <TextField
            label="Passphrase of the package"
            isSecret
            value={wish.passphrase}
            onChange={(passphrase) => set({ passphrase })}
          />
          <TextField
            label="The same once more"
            isSecret
            value={wish.passphraseAgain}
            onChange={(passphraseAgain) => set({ passphraseAgain })}
          />
        </FieldPair>
      )}
    </FieldGroup>
  )
}

function Transfer({ wish, set }: PartProps) {
  return (
    <FieldGroup legend="Transfer record">
      <p className={css['quiet']}>Goes into the package and the custody log; the form to sign is printed from it.</p>
      <TextField label="Handed to" value={wish.to} onChange={(to) => set({ to })} placeholder="Name and organisation" />
      <TextField label="Reason" rows={3} value={wish.why} onChange={(why) => set({ why })} />
      <TextField
        label="Medium"
        value={wish.medium}
        onChange={(medium) => set({ medium })}
        placeholder="USB stick, serial number"
      />
    </FieldGroup>
  )
}
