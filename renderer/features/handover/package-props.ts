import type { ReactNode } from 'react'
import type { CaseInfo } from '#shared/contract/cases.ts'
import type { AskOf } from '#shared/contract/contract.ts'
import type { Chosen } from '#renderer/client/window-services.ts'

export type PackageDialogProps = {
  readonly chosen: Chosen
  /** Who unpacks, and the fields that ask for it. */
  readonly examiner: AskOf<'packages.unpack'>['examiner']
  readonly examinerFields: ReactNode
  /** A file name for the case that is made. */
  readonly caseFileName: (number: string, title: string) => string
  readonly onOpened: (info: CaseInfo) => void
  readonly onClose: () => void
}
