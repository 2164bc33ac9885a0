import { useState } from 'react'
import type { OutputOf } from '#shared/contract/contract.ts'
import type { CaseHeader } from '#shared/contract/cases.ts'
import { bytes } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import { useEngine, useForget } from '#renderer/client/engine-context.tsx'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { CaseFields, headerTrouble } from '#renderer/features/start/case-fields.tsx'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { Facts } from '#renderer/ui/facts.tsx'
import { FieldPair, Form } from '#renderer/ui/form.tsx'
import { timeText } from '#shared/base/zone.ts'
import css from './dialogs.module.css'

type Props = { readonly host: OutputOf<'host.describe'> | null; readonly onClose: () => void }

/** The data of the case as it will be printed. What was there before goes to the custody log. */
export function CaseDialog({ host, onClose }: Props) {
  const engine = useEngine()
  const forget = useForget()
  const open = useOpenCase()
  const [header, setHeader] = useState<CaseHeader>(open.header)
  const [trouble, setTrouble] = useState<string | null>(null)
  const isReadOnly = open.readOnly !== null
  const set = (change: Partial<CaseHeader>): void => setHeader({ ...header, ...change })
  const save = async (): Promise<void> => {
    const reply = await engine.ask('cases.update', { caseId: open.caseId, header })
    if (!reply.ok) {
      setTrouble(reply.message)
      return
    }
    useWorkspace.getState().setOpen(reply.value)
    void forget(open.caseId)
    onClose()
  }
  return (
    <Dialog
      title="Case data"
      isOpen
      onClose={onClose}
      isDismissable={false}
      width="wide"
      actions={
        <>
          <Button tone="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button
            tone="primary"
            onPress={() => void save()}
            isDisabled={isReadOnly || headerTrouble(header) !== undefined}
          >
            Save
          </Button>
        </>
      }
    >
      <Form>
        {open.readOnly !== null && <p className={css['quiet']}>{open.readOnly}</p>}
        <CaseFields value={header} onChange={set} isDisabled={isReadOnly} />
        <FieldPair>
          <TextField
            label="Client or matter"
            value={header.clientMatter}
            onChange={(clientMatter) => set({ clientMatter })}
            isDisabled={isReadOnly}
          />
          <TextField
            label="Owner of the evidence"
            value={header.owner}
            onChange={(owner) => set({ owner })}
            isDisabled={isReadOnly}
          />
        </FieldPair>
        <TextField
          label="Authority: order, mandate or consent"
          rows={2}
          value={header.authority}
          onChange={(authority) => set({ authority })}
          isDisabled={isReadOnly}
        />
        <TextField
          label="Scope"
          rows={2}
          value={header.scope}
          onChange={(scope) => set({ scope })}
          isDisabled={isReadOnly}
        />
        <TextField
          label="Questions to be answered"
          rows={3}
          value={header.questions}
          onChange={(questions) => set({ questions })}
          isDisabled={isReadOnly}
        />
        {trouble !== null && (
          <p className={css['trouble']} role="alert">
            {trouble}
          </p>
        )}
        {/* Focusable, so that keys can scroll the dialog also when every field rests. */}
        <Facts label="About the case file">
          <dt>Case file</dt>
          <dd>
            {visible(open.fileName)}, {bytes(open.size.caseFile)}, made{' '}
            {timeText(open.createdMs - (open.createdMs % 1000))}
          </dd>
          <dt>Case id</dt>
          <dd>
            <code>{open.uuid}</code>
          </dd>
          <dt>Made with</dt>
          <dd>
            Trailcase {open.versions.trailcase} ({open.versions.commit}), SQLite {open.versions.sqlite}, Node{' '}
            {open.versions.node}, schema {open.versions.schema}
            {host === null ? '' : `, ${host.kind} window`}
          </dd>
        </Facts>
      </Form>
    </Dialog>
  )
}
