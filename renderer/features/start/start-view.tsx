import { useEffect, useRef, useState } from 'react'
import { CircleHelp, FilePlus2, FlaskConical, FolderOpen, PackageOpen, type LucideIcon } from 'lucide-react'
import type { CaseInfo } from '#shared/contract/cases.ts'
import type { Failure, OutputOf } from '#shared/contract/contract.ts'
import type { Grant } from '#shared/contract/common.ts'
import { useEngine } from '#renderer/client/engine-context.tsx'
import { usePackageWish } from '#renderer/client/package-wish.ts'
import { useJob } from '#renderer/client/use-job.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { Keys } from '#renderer/ui/kbd.tsx'
import { ProgressBar } from '#renderer/ui/progress-bar.tsx'
import { ErrorState } from '#renderer/ui/states.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { NewCaseDialog } from './new-case-dialog.tsx'
import { RecentCases } from './recent-cases.tsx'
import css from './start.module.css'

type Host = OutputOf<'host.describe'>

export type StartViewProps = {
  readonly host: Host | null
  /** Why the case that was named at start, or the host itself, is not there. */
  readonly trouble: Failure | null
  readonly onOpened: (open: CaseInfo) => void
  readonly onHelp: () => void
}

/** What is seen before a case is open: make one, open one, or look at the sample. */
export function StartView({ host, trouble, onOpened, onHelp }: StartViewProps) {
  const engine = useEngine()
  const { choose } = useWindow()
  const [isNew, setIsNew] = useState(false)
  const [failure, setFailure] = useState(trouble)
  const [attempts, setAttempts] = useState(0)
  const [isOpening, setIsOpening] = useState(false)
  const sample = useSample(host, onOpened)

  const open = async (grant: Grant): Promise<void> => {
    setIsOpening(true)
    const opened = await engine.ask('cases.open', {
      grant,
      ...(host?.examiner != null && { examiner: { name: host.examiner } }),
    })
    setIsOpening(false)
    if (opened.ok) onOpened(opened.value)
    else {
      setFailure(opened)
      setAttempts(attempts + 1)
    }
  }
  const pick = async (): Promise<void> => {
    const [chosen] = await choose({ purpose: 'open-case', title: 'Open a case' })
    if (chosen) await open(chosen.grant)
  }
  const pickPackage = async (): Promise<void> => {
    const [chosen] = await choose({ purpose: 'open-package', title: 'Open a package' })
    if (chosen) usePackageWish.getState().show(chosen)
  }
  const isBusy = isOpening || sample.job.state.kind === 'running'
  const actions: readonly StartAction[] = [
    {
      id: 'new',
      key: 'n',
      label: 'New case',
      help: 'An empty case file, ready for evidence',
      icon: FilePlus2,
      run: () => setIsNew(true),
    },
    {
      id: 'open',
      key: 'o',
      label: 'Open a case',
      help: 'A .trailcase file from this machine',
      icon: FolderOpen,
      run: () => void pick(),
    },
    {
      id: 'package',
      key: 'p',
      label: 'Open a package',
      help: 'A case that a colleague handed over: looked at before anything is imported',
      icon: PackageOpen,
      run: () => void pickPackage(),
    },
    {
      id: 'sample',
      key: 's',
      label: 'Sample investigation',
      help: 'A made-up intrusion with altered and missing logs, to look around',
      icon: FlaskConical,
      run: sample.start,
    },
    {
      id: 'help',
      key: 'F1',
      label: 'Help',
      help: 'The manual, with search and examples',
      icon: CircleHelp,
      run: onHelp,
    },
  ]
  useKeyCommands(
    actions.map(({ id, key, label, run }) => ({
      id: `start-${id}`,
      label,
      keys: [key],
      scope: 'Start',
      run: () => !isBusy && run(),
    })),
  )
  const shown = sample.job.state.kind === 'failed' && !sample.job.state.stopped ? sample.job.state.failure : failure

  return (
    <main className={css['start']}>
      <div className={css['column']}>
        <header className={css['head']}>
          <h1>Trailcase</h1>
          <p>CloudTrail investigations on this machine. Nothing leaves it.</p>
        </header>
        {shown && (
          <ErrorState
            title={shown.message}
            safe="Nothing was changed."
            advice="Choose another case, or start a new one."
            code={shown.code}
          />
        )}
        <div className={css['body']}>
          <div className={css['actions']}>
            {actions.map((action) => (
              <Action key={action.id} action={action} isDisabled={isBusy} />
            ))}
            {sample.job.state.kind === 'running' && (
              <div className={css['progress']}>
                <ProgressBar
                  label={`Sample investigation: ${sample.job.state.progress?.phase ?? 'starting'}`}
                  done={sample.job.state.progress?.done ?? 0}
                  total={sample.job.state.progress?.total}
                  unit="files"
                  onCancel={sample.job.cancel}
                />
              </div>
            )}
          </div>
          <RecentCases key={attempts} isDisabled={isBusy} onOpen={(grant) => void open(grant)} />
        </div>
        {host && (
          <footer className={css['foot']}>
            Version {host.version}, {host.commit}
          </footer>
        )}
      </div>
      {isNew && <NewCaseDialog host={host} onClose={() => setIsNew(false)} onOpened={onOpened} />}
    </main>
  )
}

type StartAction = {
  readonly id: string
  readonly key: string
  readonly label: string
  readonly help: string
  readonly icon: LucideIcon
  readonly run: () => void
}

function Action({ action, isDisabled }: { readonly action: StartAction; readonly isDisabled: boolean }) {
  const { icon: Icon, label, help, key, run } = action
  return (
    <button type="button" className={css['action']} onClick={run} disabled={isDisabled}>
      <Icon aria-hidden size={18} strokeWidth={1.6} />
      <span className={css['actionLabel']}>{label}</span>
      <span className={css['actionHelp']}>{help}</span>
      <span className={css['actionKey']}>
        <Keys keys={key} />
      </span>
    </button>
  )
}

/** Makes the sample; its examiner is the one named at start, else the sample's own. */
function useSample(host: Host | null, onOpened: (open: CaseInfo) => void) {
  const job = useJob('cases.openSample')
  const opened = useRef(onOpened)
  useEffect(() => {
    opened.current = onOpened
  })
  const { start } = job
  return {
    job,
    start: () =>
      void start(host?.examiner == null ? {} : { examiner: { name: host.examiner } }).then(
        (reply) => reply.ok && opened.current(reply.value),
      ),
  }
}
