import { useState } from 'react'
import { Copy, Plus, Printer, Trash2 } from 'lucide-react'
import { bytes, counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { OutputOf, ProgressOf } from '#shared/contract/contract.ts'
import type { AnnotationStateShown } from '#shared/contract/annotations.ts'
import { useForget } from '#renderer/client/engine-context.tsx'
import type { Job } from '#renderer/client/use-job.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Button, IconButton, Segments } from '#renderer/ui/button.tsx'
import { Checkbox } from '#renderer/ui/checkbox.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Select } from '#renderer/ui/select.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { Facts } from '#renderer/ui/facts.tsx'
import { FieldPair, Form } from '#renderer/ui/form.tsx'
import { PaperChoice, type Paper } from '#renderer/ui/paper-choice.tsx'
import { DoneDialog, FailedDialog, WorkingDialog } from '#renderer/ui/work-dialogs.tsx'
import { missingForFinal } from './report-data.tsx'
import { reportFileName, reportInput, type Wish } from './wish.ts'
import css from './story.module.css'

type PrintDialogProps = {
  readonly wish: Wish
  readonly onWish: (wish: Wish) => void
  readonly said: AnnotationStateShown
  readonly job: Job<'report.make'>
  readonly onClose: () => void
}
type Step = ProgressOf<'report.make'>['step']

const STEPS: Readonly<Record<Step, { readonly label: string; readonly unit: string }>> = {
  originals: { label: 'Hashing the originals again', unit: 'originals' },
  digests: { label: 'Judging the digests again', unit: 'digests' },
  custody: { label: 'Computing the custody log again', unit: 'entries' },
  gathering: { label: 'Gathering the report', unit: 'parts' },
  drawing: { label: 'Writing the pages', unit: 'rows and blocks' },
}

/** What is printed, how, and where to; then how far it is, and the file with its hash. */
export function PrintDialog(props: PrintDialogProps) {
  const { job, onClose } = props
  const { state } = job
  const close = (): void => {
    job.forget()
    onClose()
  }
  if (state.kind === 'running') {
    const step = state.progress && STEPS[state.progress.step]
    return (
      <WorkingDialog
        title="Printing"
        label={state.stopping ? 'Stopping' : (step?.label ?? 'Starting')}
        done={state.progress?.done ?? 0}
        total={state.progress?.total}
        unit={step?.unit ?? 'parts'}
        onCancel={job.cancel}
      />
    )
  }
  if (state.kind === 'done')
    return (
      <DoneDialog title="The report is written" onClose={close}>
        <Made made={state.value} />
      </DoneDialog>
    )
  if (state.kind === 'failed' && !state.stopped)
    return (
      <FailedDialog
        title="The report was not written"
        failure={state.failure}
        safe="Nothing in the case was changed."
        advice="Choose another file, or try again."
        onBack={job.forget}
        onClose={close}
      />
    )
  return <PrintForm {...props} onClose={close} />
}

function PrintForm({ wish, onWish, said, job, onClose }: PrintDialogProps) {
  const open = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const forget = useForget()
  const { choose } = useWindow()
  const [format, setFormat] = useState<'pdf' | 'html'>('pdf')
  const [paper, setPaper] = useState<Paper>('A4')
  const set = (change: Partial<Wish>): void => onWish({ ...wish, ...change })
  const missing = missingForFinal(open.header)
  const print = async (): Promise<void> => {
    const [place] = await choose({
      purpose: 'save',
      title: 'Where to save the report',
      suggestedName: reportFileName(open.header.number, format),
    })
    if (!place) return
    const reply = await job.start({
      caseId: open.caseId,
      grant: place.grant,
      format,
      paper,
      ...reportInput(wish, query),
    })
    if (reply.ok) await forget(open.caseId)
  }
  return (
    <Dialog
      title="Print the report"
      isOpen
      onClose={onClose}
      isDismissable={false}
      actions={
        <>
          <Button tone="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button
            tone="primary"
            icon={Printer}
            isDisabled={open.readOnly !== null || (wish.scope === 'tag' && wish.tag === '')}
            onPress={() => void print()}
          >
            Choose the file and print
          </Button>
        </>
      }
    >
      <Form>
        {open.readOnly !== null && <p className={css['gone']}>{open.readOnly}</p>}
        <FieldPair>
          <Select
            label="Events in the timeline"
            value={wish.scope}
            onChange={(scope) => set({ scope })}
            options={[
              { id: 'bookmarks', label: `All ${counted(said.bookmarks.length, 'exhibit')}` },
              { id: 'tag', label: 'Events with a tag' },
              { id: 'query', label: 'All events of the query' },
            ]}
          />
          {wish.scope === 'tag' && (
            <Select
              label="Tag"
              value={wish.tag}
              onChange={(tag) => set({ tag })}
              options={[
                { id: '', label: 'Choose a tag' },
                ...said.tags.map((tag) => ({
                  id: tag.name,
                  label: visible(tag.name),
                  detail: counted(tag.events, 'event'),
                })),
              ]}
            />
          )}
        </FieldPair>
        <div className={css['row']}>
          <Segments
            label="Format"
            value={format}
            onChange={setFormat}
            options={[
              { id: 'pdf', label: 'PDF' },
              { id: 'html', label: 'HTML' },
            ]}
          />
          {format === 'pdf' && <PaperChoice value={paper} onChange={setPaper} />}
          <Segments
            label="Status"
            value={wish.draft ? 'draft' : 'final'}
            onChange={(status) => set({ draft: status === 'draft' })}
            options={[
              { id: 'draft', label: 'Draft' },
              { id: 'final', label: 'Final' },
            ]}
          />
          <Segments
            label="Order"
            value={wish.newestFirst ? 'newest' : 'oldest'}
            onChange={(order) => set({ newestFirst: order === 'newest' })}
            options={[
              { id: 'oldest', label: 'Oldest first' },
              { id: 'newest', label: 'Newest first' },
            ]}
          />
        </div>
        {!wish.draft && missing.length > 0 && (
          <p className={css['gone']}>
            It will be marked DRAFT: the case does not name {missing.join(' and ')} (Report data).
          </p>
        )}
        <Checkbox isSelected={wish.certificate} onChange={(certificate) => set({ certificate })}>
          Draft certificate for FRE 902(13)/(14)
        </Checkbox>
        <fieldset className={css['exhibits']}>
          <legend>Values to leave out, wherever they stand</legend>
          {wish.redactions.map((one, n) => {
            const put = (field: Partial<typeof one>): void =>
              set({ redactions: wish.redactions.map((other, i) => (i === n ? { ...other, ...field } : other)) })
            return (
              <div key={n} className={css['line']}>
                <TextField label="Value" mono value={one.value} onChange={(value) => put({ value })} />
                <TextField
                  label="Reason"
                  value={one.reason}
                  onChange={(reason) => put({ reason })}
                  error={one.value !== '' && one.reason.trim() === '' ? 'Say why; it stands in the report.' : undefined}
                />
                <IconButton
                  icon={Trash2}
                  label="Do not leave it out"
                  onPress={() => set({ redactions: wish.redactions.filter((_, i) => i !== n) })}
                />
              </div>
            )
          })}
          <div>
            <Button icon={Plus} onPress={() => set({ redactions: [...wish.redactions, { value: '', reason: '' }] })}>
              Value
            </Button>
          </div>
        </fieldset>
        <p className={css['quiet']}>
          Before printing, originals are hashed, digests judged and the custody log computed again; failures stand on
          every page.
        </p>
      </Form>
    </Dialog>
  )
}

function Made({ made }: { readonly made: OutputOf<'report.make'> }) {
  const { notify } = useWindow()
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(made.sha256)
    notify({ tone: 'done', text: 'The SHA-256 is in the clipboard.' })
  }
  return (
    <Facts>
      <dt>file</dt>
      <dd>{visible(made.file)}</dd>
      <dt>size</dt>
      <dd>
        {bytes(made.bytes)}
        {made.pages !== null && `, ${counted(made.pages, 'page')}`}
      </dd>
      <dt>SHA-256</dt>
      <dd className={css['hash']}>
        <code>{made.sha256}</code>
        <IconButton size="small" icon={Copy} label="Copy the SHA-256" onPress={() => void copy()} />
      </dd>
      <dt>report</dt>
      <dd>
        {made.status}, {made.reportId}
        {made.missing.length > 0 && `; a draft because the case does not name ${made.missing.join(' and ')}`}
      </dd>
      {made.integrityFailed && (
        <>
          <dt>integrity</dt>
          <dd className={css['gone']}>A check failed. The report says so on every page.</dd>
        </>
      )}
    </Facts>
  )
}
