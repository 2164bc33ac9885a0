import { Fragment, useEffect, useState } from 'react'
import { Printer } from 'lucide-react'
import { counted } from '#shared/base/count.ts'
import { displayUtc, utcMs } from '#shared/base/time.ts'
import { visible } from '#shared/base/visible.ts'
import type { Failure, OutputOf } from '#shared/contract/contract.ts'
import { useEngine } from '#renderer/client/engine-context.tsx'
import { useJob } from '#renderer/client/use-job.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Mark } from '#renderer/ui/mark.tsx'
import { PaperChoice, type Paper } from '#renderer/ui/paper-choice.tsx'
import { ProgressBar } from '#renderer/ui/progress-bar.tsx'
import { ErrorState } from '#renderer/ui/states.tsx'
import css from './help.module.css'

const TITLE = 'Validate this installation'
type Result = OutputOf<'validation.run'>
type Props = { readonly examiner: string; readonly onClose: () => void }

/** Runs the checks with known answers, shows each with what was found, and prints the dated page. No case is touched. */
export function ValidateDialog({ examiner, onClose }: Props) {
  const { state, start, cancel } = useJob('validation.run')
  useEffect(() => {
    void start({})
  }, [start])
  const close = (): void => {
    if (state.kind === 'running') cancel()
    onClose()
  }
  if (state.kind === 'done') return <Outcome result={state.value} examiner={examiner} onClose={onClose} />
  return (
    <Dialog
      title={TITLE}
      isOpen
      onClose={close}
      isDismissable={false}
      actions={<Button onPress={close}>{state.kind === 'running' ? 'Cancel' : 'Close'}</Button>}
    >
      {state.kind === 'failed' ? (
        <ErrorState
          title={state.failure.message}
          safe="No case was touched."
          advice="Close this and try again. If it stays, install the program again."
          code={state.failure.code}
        />
      ) : (
        <ProgressBar
          label={state.kind === 'running' && state.progress ? state.progress.check : 'Starting'}
          done={state.kind === 'running' ? (state.progress?.done ?? 0) : 0}
          total={state.kind === 'running' ? state.progress?.total : undefined}
          unit="checks"
        />
      )}
    </Dialog>
  )
}

function Outcome({ result, examiner, onClose }: Props & { readonly result: Result }) {
  const [paper, setPaper] = useState<Paper>('A4')
  const { print, failure } = usePrint(result, examiner)
  const failed = result.checks.filter((check) => !check.passed).length
  return (
    <Dialog
      title={TITLE}
      isOpen
      onClose={onClose}
      isDismissable={false}
      actions={
        <>
          <PaperChoice value={paper} onChange={setPaper} />
          <Button icon={Printer} onPress={() => void print(paper)}>
            Print the result
          </Button>
          <Button tone="primary" onPress={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className={css['result']}>
        <p role="status" aria-label="Result of the validation">
          <b>
            {failed === 0
              ? `All ${counted(result.checks.length, 'check')} gave the known answer.`
              : `${failed} of ${counted(result.checks.length, 'check')} failed. Do not rely on this installation: install the program again, and keep this result.`}
          </b>{' '}
          <span className={css['when']}>
            {displayUtc(utcMs(result.ranAt))}, {result.seconds.toFixed(1)} s
          </span>
        </p>
        {failure && (
          <ErrorState
            title={failure.message}
            safe="The result is still here."
            advice="Choose another place to save it."
            code={failure.code}
          />
        )}
        <div className={css['answers']} role="region" aria-label="Checks" tabIndex={0}>
          {result.checks.map((check) => (
            <Fragment key={check.id}>
              <Mark kind={check.passed ? 'proven' : 'altered'} word={check.passed ? 'passed' : 'failed'} />
              <span>{check.requirement}</span>
              <span className={css['answer']}>{check.expected}</span>
              {!check.passed && (
                <p className={css['failure']}>
                  {check.id} found: {visible(check.found)}
                </p>
              )}
            </Fragment>
          ))}
        </div>
      </div>
    </Dialog>
  )
}

function usePrint(result: Result, examiner: string) {
  const engine = useEngine()
  const { choose, notify } = useWindow()
  const [failure, setFailure] = useState<Failure | null>(null)
  const print = async (paper: Paper): Promise<void> => {
    const day = displayUtc(utcMs(result.ranAt)).slice(0, 10)
    const [place] = await choose({
      purpose: 'save',
      title: 'Where to save the result',
      suggestedName: `trailcase-validation-${day}.pdf`,
    })
    if (!place) return
    const saved = await engine.ask('validation.save', { grant: place.grant, paper, examiner })
    setFailure(saved.ok ? null : saved)
    if (saved.ok) notify({ tone: 'done', text: `Wrote ${visible(saved.value.name)}, SHA-256 ${saved.value.sha256}` })
  }
  return { print, failure }
}
