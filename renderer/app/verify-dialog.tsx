import { Fragment, useEffect } from 'react'
import { counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { useForget } from '#renderer/client/engine-context.tsx'
import { useJob } from '#renderer/client/use-job.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Mark } from '#renderer/ui/mark.tsx'
import { ProgressBar } from '#renderer/ui/progress-bar.tsx'
import { ErrorState } from '#renderer/ui/states.tsx'
import { Form } from '#renderer/ui/form.tsx'
import css from './dialogs.module.css'

type Checks = OutputOf<'cases.verify'>
type CheckName = Checks['checks'][number]['name']

const NAMES: Readonly<Record<CheckName, string>> = {
  database: 'The case file is a sound database',
  originals: 'The kept originals have the hashes noted at import',
  columns: 'What is searched agrees with the originals',
  custody: 'The custody log is an unbroken chain',
  annotations: 'Tags, bookmarks and findings agree with their history',
}

const checkName = (check: string): string => (check in NAMES ? NAMES[check as CheckName] : visible(check))

/** Checks the case against itself: nothing in it is taken on trust. */
export function VerifyDialog({ onClose }: { readonly onClose: () => void }) {
  const { caseId } = useOpenCase()
  const forget = useForget()
  const { state, start, cancel } = useJob('cases.verify')
  useEffect(() => {
    void start({ caseId }).then(() => forget(caseId))
  }, [start, forget, caseId])
  const close = (): void => {
    if (state.kind === 'running') cancel()
    onClose()
  }
  return (
    <Dialog
      title="Check the case itself"
      isOpen
      onClose={close}
      isDismissable={false}
      actions={<Button onPress={close}>{state.kind === 'running' ? 'Cancel' : 'Close'}</Button>}
    >
      {state.kind === 'done' ? (
        <Outcome checks={state.value} />
      ) : state.kind === 'failed' ? (
        <ErrorState
          title={state.failure.message}
          safe="Nothing in the case was changed."
          advice="Close this and try again."
          code={state.failure.code}
        />
      ) : (
        <ProgressBar
          label={state.kind === 'running' && state.progress ? checkName(state.progress.check) : 'Starting'}
          done={state.kind === 'running' ? (state.progress?.done ?? 0) : 0}
          total={state.kind === 'running' ? state.progress?.total : undefined}
          unit="checked"
        />
      )}
    </Dialog>
  )
}

function Outcome({ checks }: { readonly checks: Checks }) {
  const failed = checks.checks.filter((check) => check.failed > 0).length
  return (
    <Form>
      <p>
        <b>
          {checks.clean
            ? 'Every check passed.'
            : `${counted(failed, 'check')} of ${checks.checks.length} failed. Work on a copy, and compare it with the medium that the evidence came from.`}
        </b>
      </p>
      <div className={css['checks']}>
        {checks.checks.map((check) => (
          <Fragment key={check.name}>
            <Mark kind={check.failed === 0 ? 'proven' : 'altered'} word={check.failed === 0 ? 'passed' : 'failed'} />
            <span>{NAMES[check.name]}</span>
            <span className={css['number']}>
              {check.failed === 0
                ? `${grouped(check.checked)} checked`
                : `${grouped(check.failed)} of ${grouped(check.checked)}`}
            </span>
            {check.failures.length > 0 && (
              <ul className={css['failures']}>
                {check.failures.map((failure, n) => (
                  <li key={n}>{visible(failure)}</li>
                ))}
              </ul>
            )}
          </Fragment>
        ))}
      </div>
    </Form>
  )
}
