import { useState } from 'react'
import {
  ArrowLeftRight,
  BriefcaseBusiness,
  DoorOpen,
  FileInput,
  FileText,
  GitCompareArrows,
  PackageCheck,
  PackageOpen,
  ShieldCheck,
  UserPen,
} from 'lucide-react'
import type { OutputOf } from '#shared/contract/contract.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import { useEngine } from '#renderer/client/engine-context.tsx'
import { usePackageWish } from '#renderer/client/package-wish.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { ConflictsDialog } from '#renderer/features/handover/conflict-list.tsx'
import { PackDialog } from '#renderer/features/handover/pack-dialog.tsx'
import { ReadBackDialog } from '#renderer/features/handover/read-back-dialog.tsx'
import { TransfersDialog } from '#renderer/features/handover/transfers-dialog.tsx'
import { Button } from '#renderer/ui/button.tsx'
import { MenuButton, type MenuAction } from '#renderer/ui/menu.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { CaseDialog } from './case-dialog.tsx'
import { useExaminer } from './examiner.tsx'
import { useIntake } from './intake.tsx'
import { VerifyDialog } from './verify-dialog.tsx'

/** The case by its number, and what can be done with the whole of it. */
export function CaseMenu({ host }: { readonly host: OutputOf<'host.describe'> | null }) {
  const open = useOpenCase()
  const examiner = useExaminer()
  const close = useCloseCase()
  const [shown, setShown] = useState<'data' | 'verify' | 'pack' | 'transfers' | 'conflicts' | 'readBack' | null>(null)
  const lookAtPackage = useLookAtPackage()
  const actions: readonly MenuAction[] = [
    { id: 'case-data', label: 'Case data', icon: FileText, onAction: () => setShown('data') },
    { id: 'case-examiner', label: 'Who works on it', icon: UserPen, onAction: examiner.ask },
    { id: 'case-verify', label: 'Check the case itself', icon: ShieldCheck, onAction: () => setShown('verify') },
  ]
  const handover: readonly MenuAction[] = [
    { id: 'case-pack', label: 'Hand the case over', icon: PackageCheck, keys: 'P', onAction: () => setShown('pack') },
    { id: 'case-package', label: 'Look at a package', icon: PackageOpen, keys: 'O', onAction: lookAtPackage },
    {
      id: 'case-read-back',
      label: 'Tags and comments from a file',
      icon: FileInput,
      keys: 'I',
      onAction: () => setShown('readBack'),
    },
    { id: 'case-transfers', label: 'Custody transfers', icon: ArrowLeftRight, onAction: () => setShown('transfers') },
    { id: 'case-conflicts', label: 'Conflicts', icon: GitCompareArrows, onAction: () => setShown('conflicts') },
  ]
  const leave: MenuAction = { id: 'case-close', label: 'Close the case', icon: DoorOpen, onAction: close }
  useKeyCommands(
    [...actions, ...handover, leave]
      .filter(({ id }) => id !== 'case-examiner')
      .map(({ id, label, keys, onAction }) => ({
        id,
        label,
        keys: keys === undefined ? [] : [keys],
        scope: 'Case',
        run: onAction,
      })),
  )
  const name =
    open.header.number !== '' ? open.header.number : open.header.title !== '' ? open.header.title : open.fileName
  return (
    <>
      <MenuButton
        label="Case"
        groups={[
          { id: 'case', heading: visible(cutMiddle(open.header.title || open.fileName, 40)), actions },
          { id: 'handover', heading: 'Hand over', actions: handover },
          { id: 'leave', actions: [leave] },
        ]}
      >
        <Button tone="quiet" icon={BriefcaseBusiness}>
          {visible(cutMiddle(name, 28))}
        </Button>
      </MenuButton>
      {shown === 'data' && <CaseDialog host={host} onClose={() => setShown(null)} />}
      {shown === 'pack' && <PackDialog onClose={() => setShown(null)} onTransfers={() => setShown('transfers')} />}
      {shown === 'conflicts' && <ConflictsDialog onClose={() => setShown(null)} />}
      {shown === 'readBack' && <ReadBackDialog onClose={() => setShown(null)} />}
      {shown === 'transfers' && <TransfersDialog onClose={() => setShown(null)} />}
      {shown === 'verify' && <VerifyDialog onClose={() => setShown(null)} />}
    </>
  )
}

/** Has the person choose a package, which is then looked at; an import is not disturbed by it. */
function useLookAtPackage(): () => void {
  const { choose } = useWindow()
  return () => {
    const look = async (): Promise<void> => {
      const [chosen] = await choose({ purpose: 'open-package', title: 'Look at a package' })
      if (chosen) usePackageWish.getState().show(chosen)
    }
    void look()
  }
}

/** Closes the case; a running import ends first and keeps what it stored. */
function useCloseCase(): () => void {
  const engine = useEngine()
  const { notify } = useWindow()
  const { caseId } = useOpenCase()
  const { end } = useIntake()
  return () => {
    const close = async (): Promise<void> => {
      await end()
      const reply = await engine.ask('cases.close', { caseId })
      if (!reply.ok) {
        notify({ tone: 'trouble', text: reply.message })
        return
      }
      useWorkspace.getState().setOpen(null)
    }
    void close()
  }
}
