import { useState } from 'react'
import { counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import { timeText } from '#shared/base/zone.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { useEngine, useForget } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'
import { Form } from '#renderer/ui/form.tsx'
import { Answered } from './answered.tsx'
import css from './handover.module.css'

export type Conflict = OutputOf<'annotations.state'>['conflicts'][number]

/** What two people wrote without knowledge of each other, and which of it is to stand. */
export function ConflictsDialog({ onClose }: { readonly onClose: () => void }) {
  const { caseId } = useOpenCase()
  const state = useAsk('annotations.state', { caseId })
  return (
    <Dialog title="Conflicts" isOpen onClose={onClose} width="wide" actions={<Button onPress={onClose}>Close</Button>}>
      <Answered asked={state}>
        {({ conflicts }) =>
          conflicts.length === 0 ? (
            <EmptyState title="No conflicts">
              Nobody changed the same field as somebody else without knowing of it, or somebody chose between them. A
              merge can bring conflicts; both versions then stand here.
            </EmptyState>
          ) : (
            <Form>
              <p className={css['quiet']}>
                {counted(conflicts.length, 'field')} with more than one version. The latest is shown in the case; all
                stay until somebody chooses, and what is not chosen stays in the history.
              </p>
              <ConflictList conflicts={conflicts} canChoose />
            </Form>
          )
        }
      </Answered>
    </Dialog>
  )
}

type ListProps = { readonly conflicts: readonly Conflict[]; readonly canChoose: boolean }

/** Conflicts with their versions side by side, the latest first. */
export function ConflictList({ conflicts, canChoose }: ListProps) {
  return (
    <ul className={css['transfers']} aria-label="Conflicts">
      {conflicts.map((conflict) => (
        <li key={`${conflict.target} ${conflict.field}`}>
          <b>
            {visible(conflict.what)}: {visible(conflict.field)}
          </b>
          <div className={css['versions']}>
            {conflict.values.map((version, n) => (
              <Version
                key={version.operation}
                conflict={conflict}
                version={version}
                isShown={n === 0}
                canChoose={canChoose}
              />
            ))}
          </div>
        </li>
      ))}
    </ul>
  )
}

type VersionProps = {
  readonly conflict: Conflict
  readonly version: Conflict['values'][number]
  readonly isShown: boolean
  readonly canChoose: boolean
}

function Version({ conflict, version, isShown, canChoose }: VersionProps) {
  const { caseId, readOnly } = useOpenCase()
  const engine = useEngine()
  const forget = useForget()
  const { notify } = useWindow()
  const [isBusy, setIsBusy] = useState(false)
  const { target, field } = conflict
  const choose = async (): Promise<void> => {
    setIsBusy(true)
    const reply = await engine.ask('annotations.resolve', { caseId, target, field, operation: version.operation })
    setIsBusy(false)
    if (reply.ok) await forget(caseId)
    else notify({ tone: 'trouble', text: reply.message })
  }
  return (
    <div className={css['version']}>
      <p className={css['quiet']}>
        {visible(version.by)}, {timeText(version.atMs - (version.atMs % 1000))}
        {isShown && ' (shown now)'}
      </p>
      <pre tabIndex={0} aria-label={`Version of ${visible(version.by)}`}>
        {wordsOf(version.value)}
      </pre>
      {canChoose && (
        <Button isDisabled={isBusy || readOnly !== null} onPress={() => void choose()}>
          Let this one stand
        </Button>
      )}
    </div>
  )
}

/** A value as people wrote it: text as text, anything else as JSON. */
function wordsOf(value: unknown): string {
  if (typeof value === 'string') return value === '' ? '(empty)' : visible(value)
  return value === null || value === undefined ? '(nothing)' : visible(JSON.stringify(value, undefined, 1))
}
