import { ListChecks } from 'lucide-react'
import { Button, Segments } from '#renderer/ui/button.tsx'
import { Checkbox } from '#renderer/ui/checkbox.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { FieldGroup, FieldPair } from '#renderer/ui/form.tsx'
import { formTrouble, isComplete, type AcquireForm as Form } from './acquire-wish.ts'
import css from './acquire.module.css'

type Props = {
  readonly form: Form
  readonly onForm: (form: Form) => void
  readonly onPlan: () => void
  readonly isBusy: boolean
}

/** Which bucket, whose keys, and how much of it. */
export function AcquireForm({ form, onForm, onPlan, isBusy }: Props) {
  const set = (change: Partial<Form>): void => onForm({ ...form, ...change })
  const trouble = formTrouble(form)
  const isReady = isComplete(form) && !isBusy
  const plan = (): void => {
    if (isReady) onPlan()
  }
  return (
    <section className={css['form']} aria-label="What to acquire">
      <FieldGroup legend="Bucket">
        <TextField
          label="Address"
          value={form.address}
          onChange={(address) => set({ address })}
          placeholder="s3://BUCKET or s3://BUCKET/PREFIX"
          mono
          error={trouble.address}
          onEnter={plan}
          autoFocus
        />
        <FieldPair>
          <TextField
            label="Region of the bucket"
            value={form.bucketRegion}
            onChange={(bucketRegion) => set({ bucketRegion })}
            placeholder="us-east-1"
            mono
            error={trouble.bucketRegion}
          />
          <TextField
            label="Endpoint, if it is not AWS"
            value={form.endpoint}
            onChange={(endpoint) => set({ endpoint })}
            placeholder="https://…"
            mono
            error={trouble.endpoint}
          />
        </FieldPair>
      </FieldGroup>
      <FieldGroup legend="Keys">
        <Segments
          label="Keys"
          value={form.keys}
          onChange={(keys) => set({ keys })}
          options={[
            { id: 'profile', label: 'Profile of the AWS CLI' },
            { id: 'typed', label: 'Typed here' },
          ]}
        />
        {form.keys === 'profile' ? (
          <TextField label="Name of the profile" value={form.profile} onChange={(profile) => set({ profile })} mono />
        ) : (
          <>
            <TextField
              label="Access key id"
              value={form.accessKeyId}
              onChange={(accessKeyId) => set({ accessKeyId })}
              mono
            />
            <TextField
              label="Secret access key"
              value={form.secretAccessKey}
              onChange={(secretAccessKey) => set({ secretAccessKey })}
              isSecret
            />
            <TextField
              label="Session token, for the keys of a role"
              value={form.sessionToken}
              onChange={(sessionToken) => set({ sessionToken })}
              isSecret
            />
          </>
        )}
        <p className={css['hint']}>
          Only these keys are used; the machine is never asked for others. They are not stored, and of them only the
          access key id is written down.
        </p>
      </FieldGroup>
      <FieldGroup legend="Only a part of it">
        <FieldPair>
          <TextField
            label="Accounts"
            value={form.accounts}
            onChange={(accounts) => set({ accounts })}
            placeholder="all"
            mono
            error={trouble.accounts}
          />
          <TextField
            label="Regions of the calls"
            value={form.regions}
            onChange={(regions) => set({ regions })}
            placeholder="all"
            mono
          />
          <TextField
            label="Delivered from"
            value={form.from}
            onChange={(from) => set({ from })}
            placeholder="2023-07-10"
            mono
            error={trouble.from}
          />
          <TextField
            label="Events before"
            value={form.to}
            onChange={(to) => set({ to })}
            placeholder="2023-07-12"
            mono
            error={trouble.to}
          />
        </FieldPair>
        <Checkbox isSelected={form.olderVersions} onChange={(olderVersions) => set({ olderVersions })}>
          Also versions that were replaced or deleted
        </Checkbox>
      </FieldGroup>
      <div className={css['row']}>
        <Button tone="primary" icon={ListChecks} onPress={plan} isDisabled={!isReady}>
          Plan
        </Button>
        <span className={css['hint']}>A plan asks for lists only. This uses the network.</span>
      </div>
    </section>
  )
}
