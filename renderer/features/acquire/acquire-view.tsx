import { useState } from 'react'
import { CloudDownload, FolderPlus, FolderSync } from 'lucide-react'
import { bytes, counted } from '#shared/base/count.ts'
import type { AcquireProgress, AcquisitionState } from '#shared/contract/acquire.ts'
import type { Failure } from '#shared/contract/contract.ts'
import { useEngine, useForget } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useJob } from '#renderer/client/use-job.ts'
import { useWindow, type Chosen } from '#renderer/client/window-services.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { ProgressBar } from '#renderer/ui/progress-bar.tsx'
import { EmptyState, ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import { AcquireForm } from './acquire-form.tsx'
import { emptyForm, isComplete, toInput } from './acquire-wish.ts'
import { ImportPanel } from './import-panel.tsx'
import { Outcome } from './outcome.tsx'
import { PlanView } from './plan-view.tsx'
import { Unseen } from '#renderer/ui/unseen.tsx'
import css from './acquire.module.css'

/** Fetching from S3: the form, the plan, how far it is, what came and what did not, and the import of it. */
export function AcquireView() {
  const engine = useEngine()
  const open = useOpenCase()
  const forget = useForget()
  const { choose } = useWindow()
  const [form, setForm] = useState(emptyForm)
  const [refused, setRefused] = useState<Failure | null>(null)
  const [isBusy, setIsBusy] = useState(false)
  const intake = useJob('acquire.import')
  const asked = useAsk('host.acquisition', {}, { everyMs: isBusy ? 400 : undefined })
  const now = asked.value
  const isRunning = now?.state === 'running' || now?.state === 'stopping'
  if (now && isRunning !== isBusy) setIsBusy(isRunning)

  const begin = async (place: Chosen | null): Promise<void> => {
    setRefused(null)
    intake.forget()
    const reply = await engine.ask('host.acquire', {
      ...toInput(form),
      examiner: open.examiner?.name ?? null,
      target: place?.grant ?? null,
    })
    if (!reply.ok) setRefused(reply)
    asked.again()
  }
  const fetchInto = async (purpose: 'save' | 'evidence'): Promise<void> => {
    const title = purpose === 'save' ? 'Which folder to make for the acquisition' : 'Which acquisition to continue'
    const { bucket } = toInput(form).wish
    const [place] = await choose({ purpose, title, ...(purpose === 'save' && { suggestedName: `acquired-${bucket}` }) })
    if (place) await begin(place)
  }
  const importIt = async (folder: NonNullable<AcquisitionState['folder']>): Promise<void> => {
    const reply = await intake.start({ caseId: open.caseId, grant: folder.grant })
    if (reply.ok) await forget(open.caseId)
  }

  return (
    <div className={css['place']}>
      <Unseen as="h1">Acquire from S3</Unseen>
      <AcquireForm form={form} onForm={setForm} onPlan={() => void begin(null)} isBusy={isRunning} />
      <div className={css['side']} tabIndex={0} role="region" aria-label="Acquisition">
        {refused && <Trouble failure={refused} />}
        {!now && (asked.failure ? <Trouble failure={asked.failure} /> : <Skeleton lines={4} />)}
        {now && <Standing now={now} onStop={() => void engine.ask('host.stopAcquiring', {})} />}
        {now?.folder && (
          <ImportPanel
            job={intake}
            folder={now.folder.label}
            readOnly={open.readOnly}
            onImport={() => now.folder && void importIt(now.folder)}
          />
        )}
        {now?.plan && !isRunning && (
          <div className={css['row']}>
            <Button
              tone={now.state === 'planned' ? 'primary' : 'quiet'}
              icon={FolderPlus}
              onPress={() => void fetchInto('save')}
              isDisabled={!isComplete(form) || now.plan.objects === 0}
            >
              Fetch into a new folder
            </Button>
            <Button
              tone="quiet"
              icon={FolderSync}
              onPress={() => void fetchInto('evidence')}
              isDisabled={!isComplete(form) || now.plan.objects === 0}
            >
              Continue in a folder
            </Button>
            {!isComplete(form) && <span className={css['hint']}>Fill in bucket and keys first.</span>}
          </div>
        )}
      </div>
    </div>
  )
}

/** Where it stands, from nothing to the outcome. */
function Standing({ now, onStop }: { readonly now: AcquisitionState; readonly onStop: () => void }) {
  switch (now.state) {
    case 'none':
      return (
        <EmptyState icon={CloudDownload} title="Nothing is planned yet">
          Trailcase fetches logs and digests byte for byte, with the signatures that other downloads lose. A plan says
          first how much that is. This is the only thing in Trailcase that uses a network, and it runs in a process of
          its own that no case is open in.
        </EmptyState>
      )
    case 'running':
    case 'stopping':
      return <Running progress={now.progress} isStopping={now.state === 'stopping'} onStop={onStop} />
    case 'failed':
      return (
        <>
          {now.failure && <Trouble failure={now.failure} />}
          {now.plan && <PlanView plan={now.plan} />}
        </>
      )
    case 'planned':
      return now.plan && <PlanView plan={now.plan} />
    case 'done':
      return now.result && <Outcome result={now.result} folder={now.folder?.label ?? ''} />
  }
}

function Running({
  progress,
  isStopping,
  onStop,
}: {
  readonly progress: AcquireProgress | null
  readonly isStopping: boolean
  readonly onStop: () => void
}) {
  if (progress === null || progress.phase === 'listing')
    return (
      <ProgressBar
        label={isStopping ? 'Stopping' : 'Listing the bucket'}
        done={progress?.listed ?? 0}
        unit="objects"
        onCancel={isStopping ? undefined : onStop}
      />
    )
  return (
    <ProgressBar
      label={
        isStopping
          ? 'Stopping: what is under way is noted'
          : progress.phase === 'closing'
            ? 'Writing the manifest'
            : 'Fetching'
      }
      done={progress.objects}
      total={progress.objectsTotal}
      unit="objects"
      detail={[
        `${bytes(Math.max(0, progress.bytes))} of ${bytes(progress.bytesTotal)}`,
        `${counted(progress.notFetched, 'object')} not to be had`,
        counted(progress.retries, 'request made again', 'requests made again'),
      ].join('  ·  ')}
      onCancel={isStopping ? undefined : onStop}
    />
  )
}

const Trouble = ({ failure }: { readonly failure: { readonly code: string; readonly message: string } }) => (
  <ErrorState
    title={failure.message}
    safe="Nothing in the case was changed. What was fetched before stays in its folder."
    advice="Mend what it says and plan again; fetching into the same folder continues."
    code={failure.code}
  />
)
