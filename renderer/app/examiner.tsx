import { createContext, use, useMemo, useState, type ReactNode } from 'react'
import { useEngine } from '#renderer/client/engine-context.tsx'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import {
  ExaminerFields,
  isNamed,
  rememberedExaminer,
  rememberExaminer,
} from '#renderer/features/start/examiner-fields.tsx'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { Form } from '#renderer/ui/form.tsx'
import css from './dialogs.module.css'

type Examiner = { readonly ask: () => void }

const ExaminerContext = createContext<Examiner | null>(null)

/** Asks once per case who works on it. Whoever does not say can read everything and change nothing. */
export function ExaminerProvider({ children }: { readonly children: ReactNode }) {
  const open = useOpenCase()
  const [isAsking, setIsAsking] = useState(open.readOnly !== null)
  const examiner = useMemo<Examiner>(() => ({ ask: () => setIsAsking(true) }), [])
  useKeyCommands([{ id: 'examiner', label: 'Say who works on this case', keys: [], scope: 'Case', run: examiner.ask }])
  return (
    <ExaminerContext value={examiner}>
      {children}
      {isAsking && <ExaminerDialog onClose={() => setIsAsking(false)} />}
    </ExaminerContext>
  )
}

export function useExaminer(): Examiner {
  const examiner = use(ExaminerContext)
  if (!examiner) throw new Error('This should not happen: the examiner is asked for outside the workbench')
  return examiner
}

function ExaminerDialog({ onClose }: { readonly onClose: () => void }) {
  const engine = useEngine()
  const open = useOpenCase()
  const setOpen = useWorkspace((w) => w.setOpen)
  const [examiner, setExaminer] = useState(() => open.examiner ?? rememberedExaminer())
  const [trouble, setTrouble] = useState<string | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const save = async (): Promise<void> => {
    if (!isNamed(examiner) || isBusy) return
    setIsBusy(true)
    const reply = await engine.ask('cases.setExaminer', { caseId: open.caseId, examiner })
    setIsBusy(false)
    if (!reply.ok) {
      setTrouble(reply.message)
      return
    }
    rememberExaminer(examiner)
    setOpen(reply.value)
    onClose()
  }
  return (
    <Dialog
      title="Who works on this case?"
      isOpen
      onClose={onClose}
      width="narrow"
      isDismissable={false}
      actions={
        <>
          <Button tone="quiet" onPress={onClose}>
            {open.readOnly === null ? 'Cancel' : 'Only read'}
          </Button>
          <Button tone="primary" onPress={() => void save()} isDisabled={!isNamed(examiner) || isBusy}>
            Work on the case
          </Button>
        </>
      }
    >
      <Form>
        <p className={css['quiet']}>
          The name goes to the custody log with everything that is changed from now on.
          {open.readOnly === null ? '' : ' Without it the case can be read, and nothing in it can be changed.'}
        </p>
        <ExaminerFields value={examiner} onChange={setExaminer} onEnter={() => void save()} autoFocus />
        {trouble !== null && (
          <p className={css['trouble']} role="alert">
            {trouble}
          </p>
        )}
      </Form>
    </Dialog>
  )
}
