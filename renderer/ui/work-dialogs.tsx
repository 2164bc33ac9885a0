import type { ReactNode } from 'react'
import { Button } from './button.tsx'
import { Dialog } from './dialog.tsx'
import { ProgressBar, type ProgressBarProps } from './progress-bar.tsx'
import { ErrorState } from './states.tsx'

/** Long work that holds the window: how far it is. Escape and the close button cancel it, as the button of the bar does. */
export function WorkingDialog({
  title,
  onCancel,
  ...progress
}: ProgressBarProps & { readonly title: string; readonly onCancel: () => void }) {
  return (
    <Dialog title={title} isOpen onClose={onCancel} width="narrow" isDismissable={false}>
      <ProgressBar {...progress} onCancel={onCancel} />
    </Dialog>
  )
}

/** What came of long work, and the button that closes it; `beside` are the other things one can do with the result. */
export function DoneDialog({
  title,
  children,
  onClose,
  close = 'Close',
  beside,
  width = 'normal',
}: {
  readonly title: string
  readonly children: ReactNode
  readonly onClose: () => void
  readonly close?: string
  readonly beside?: ReactNode
  readonly width?: 'normal' | 'wide'
}) {
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      isDismissable={false}
      width={width}
      actions={
        <>
          {beside}
          <Button tone="primary" onPress={onClose}>
            {close}
          </Button>
        </>
      }
    >
      {children}
    </Dialog>
  )
}

/** Why long work failed, what is safe, and the way back to change what was asked. */
export function FailedDialog({
  title,
  failure,
  safe,
  advice,
  onBack,
  onClose = onBack,
}: {
  readonly title: string
  readonly failure: { readonly code: string; readonly message: string }
  readonly safe: string
  readonly advice: string
  readonly onBack: () => void
  /** Escape and the close button, where they do more than go back. */
  readonly onClose?: () => void
}) {
  return (
    <Dialog
      title={title}
      isOpen
      onClose={onClose}
      isDismissable={false}
      actions={<Button onPress={onBack}>Back</Button>}
    >
      <ErrorState title={failure.message} safe={safe} advice={advice} code={failure.code} />
    </Dialog>
  )
}
