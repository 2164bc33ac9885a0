import { useState } from 'react'
import type { CaseInfo } from '#shared/contract/cases.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { useEngine } from '#renderer/client/engine-context.tsx'
import { usePackageWish } from '#renderer/client/package-wish.ts'
import type { Chosen } from '#renderer/client/window-services.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { PackageDialog } from '#renderer/features/handover/package-dialog.tsx'
import { ExaminerFields, rememberedExaminer, rememberExaminer } from '#renderer/features/start/examiner-fields.tsx'
import { fileNameFor } from '#renderer/features/start/file-name.ts'

type Props = { readonly host: OutputOf<'host.describe'> | null }

/** The package that somebody wants to look at, over whatever is shown. */
export function PackageHost({ host }: Props) {
  const chosen = usePackageWish((wish) => wish.chosen)
  return chosen && <Shown key={chosen.grant} host={host} chosen={chosen} />
}

function Shown({ host, chosen }: Props & { readonly chosen: Chosen }) {
  const engine = useEngine()
  const close = usePackageWish((wish) => wish.close)
  const [examiner, setExaminer] = useState(() =>
    host?.examiner == null ? rememberedExaminer() : { name: host.examiner, organisation: '', identifier: '' },
  )
  const opened = (info: CaseInfo): void => {
    rememberExaminer(examiner)
    const before = useWorkspace.getState().open
    useWorkspace.getState().setOpen(info)
    close()
    if (before && before.caseId !== info.caseId) void engine.ask('cases.close', { caseId: before.caseId })
  }
  return (
    <PackageDialog
      chosen={chosen}
      examiner={examiner}
      examinerFields={<ExaminerFields value={examiner} onChange={setExaminer} />}
      caseFileName={fileNameFor}
      onOpened={opened}
      onClose={close}
    />
  )
}
