import { useState } from 'react'
import { FolderPlus } from 'lucide-react'
import { counted } from '#shared/base/count.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { AddEvidence } from './add-evidence.tsx'
import { FileBrowser } from './file-browser.tsx'
import type { FileFilter } from './file-filter.ts'
import type { IntakeJob } from './intake-job.ts'
import { IntakeState } from './intake-state.tsx'
import { SourceTable } from './source-table.tsx'
import { FileSum, RecordSum } from './sums.tsx'
import { Unseen } from '#renderer/ui/unseen.tsx'
import css from './evidence.module.css'

/** What was handed over, and what became of every file of it. */
export function EvidenceFiles({ intake }: { readonly intake: IntakeJob }) {
  return (
    <>
      <Unseen as="h1">Files of the evidence</Unseen>
      <Files intake={intake} />
    </>
  )
}

function Files({ intake }: { readonly intake: IntakeJob }) {
  const open = useOpenCase()
  const [isAdding, setIsAdding] = useState(false)
  const [filter, setFilter] = useState<FileFilter>({ outcome: 'all', kind: 'all', text: '' })
  const sources = useAsk('sources.list', { caseId: open.caseId }, { everyMs: intake.isRunning ? 2000 : undefined })
  const canAdd = open.readOnly === null && !intake.isRunning
  const add = (): void => {
    intake.job.forget()
    setIsAdding(true)
  }
  useKeyCommands(
    canAdd ? [{ id: 'add-evidence', label: 'Add evidence', keys: ['a'], scope: 'Evidence', run: add }] : [],
  )

  const start: IntakeJob['start'] = (input) => {
    setIsAdding(false)
    intake.start(input)
  }
  const list = sources.value?.sources ?? []
  if (sources.failure && !sources.value) {
    return (
      <div className={css['lonely']}>
        <ErrorState
          title={sources.failure.message}
          safe="Nothing in the case was changed."
          advice="Ask again; if it comes back, check the case itself in the case menu."
          code={sources.failure.code}
          actions={<Button onPress={sources.again}>Ask again</Button>}
        />
      </div>
    )
  }
  if (!sources.value) {
    return (
      <div className={css['lonely']}>
        <Skeleton lines={5} />
      </div>
    )
  }
  if (list.length === 0 && intake.job.state.kind !== 'running') {
    return (
      <div className={css['first']}>
        <IntakeState intake={intake} onShow={setFilter} />
        <h2 className={css['firstTitle']}>No evidence in this case yet</h2>
        <p className={css['quiet']}>
          Hand over a copy of the trail’s bucket, with the CloudTrail-Digest folder. Public keys and captured digest
          signatures go in with it: they let the digests be proven without a network.
        </p>
        {open.readOnly === null ? <AddEvidence onStart={start} /> : <p>{open.readOnly}</p>}
      </div>
    )
  }
  return (
    <section className={css['evidence']} aria-label="Files of the evidence">
      <header className={css['ledger']}>
        <div className={css['sums']}>
          <FileSum counts={open.entries} onShow={(outcome) => setFilter({ ...filter, outcome })} />
          <RecordSum counts={open.records} />
        </div>
        <Button icon={FolderPlus} onPress={add} isDisabled={!canAdd} keys="a">
          Add evidence
        </Button>
      </header>
      <IntakeState intake={intake} onShow={setFilter} />
      <SourceTable sources={list} isImporting={intake.isRunning} />
      <FileBrowser filter={filter} onFilter={setFilter} isImporting={intake.isRunning} />
      {isAdding && (
        <Dialog title="Add evidence" isOpen onClose={() => setIsAdding(false)} width="wide" isDismissable={false}>
          <p className={css['quiet']}>
            {counted(list.length, 'source')} so far. What is in the case already is found again by its content and
            counted as duplicate, so nothing comes in twice.
          </p>
          <AddEvidence onStart={start} />
        </Dialog>
      )}
    </section>
  )
}
