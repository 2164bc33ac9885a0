import { useState } from 'react'
import type { CaseInfo } from '#shared/contract/cases.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { useEngine } from '#renderer/client/engine-context.tsx'
import { useWindow } from '#renderer/client/window-services.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Form } from '#renderer/ui/form.tsx'
import { CaseFields, headerTrouble, type ShortHeader } from './case-fields.tsx'
import { ExaminerFields, isNamed, rememberedExaminer, rememberExaminer } from './examiner-fields.tsx'
import { fileNameFor } from './file-name.ts'
import css from './start.module.css'

type Props = {
  readonly host: OutputOf<'host.describe'> | null
  readonly onClose: () => void
  readonly onOpened: (open: CaseInfo) => void
}

/** Asks what every case has and who works on it, then where to save it. */
export function NewCaseDialog({ host, onClose, onOpened }: Props) {
  const engine = useEngine()
  const { choose } = useWindow()
  const [header, setHeader] = useState<ShortHeader>({ title: '', number: '', zone: machineZone(), tlp: 'TLP:AMBER' })
  const [examiner, setExaminer] = useState(() =>
    host?.examiner == null ? rememberedExaminer() : { name: host.examiner, organisation: '', identifier: '' },
  )
  const [trouble, setTrouble] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const isReady = headerTrouble(header) === undefined && isNamed(examiner) && !isBusy

  const create = async (): Promise<void> => {
    if (!isReady) return
    const [place] = await choose({
      purpose: 'new-case',
      title: 'Where to save the case',
      suggestedName: fileNameFor(header.number, header.title),
    })
    if (!place) return
    setIsBusy(true)
    const made = await engine.ask('cases.create', { grant: place.grant, header, examiner })
    setIsBusy(false)
    if (!made.ok) {
      setTrouble(made.message)
      return
    }
    rememberExaminer(examiner)
    onOpened(made.value)
  }

  return (
    <Dialog
      title="New case"
      isOpen
      onClose={onClose}
      isDismissable={false}
      actions={
        <>
          <Button tone="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button tone="primary" onPress={() => void create()} isDisabled={!isReady}>
            Choose where to save
          </Button>
        </>
      }
    >
      <Form>
        <CaseFields value={header} onChange={(change) => setHeader({ ...header, ...change })} autoFocus />
        <ExaminerFields value={examiner} onChange={setExaminer} onEnter={() => void create()} />
        <p className={css['help']}>Everything can be changed later; who changed what stays in the custody log.</p>
        {trouble !== null && (
          <p className={css['wrong']} role="alert">
            {trouble}
          </p>
        )}
      </Form>
    </Dialog>
  )
}

const machineZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone
