import { Plus, Trash2 } from 'lucide-react'
import { visible } from '#shared/base/visible.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import type { CaseHeader } from '#shared/contract/cases.ts'
import { useAnnotations } from '#renderer/client/annotations.ts'
import { useEngine, useForget } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Button, IconButton } from '#renderer/ui/button.tsx'
import { FieldGroup, Form } from '#renderer/ui/form.tsx'
import { Skeleton } from '#renderer/ui/states.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { timeText } from '#shared/base/zone.ts'
import { useDraft } from './use-draft.ts'
import css from './story.module.css'

type Texts = OutputOf<'report.texts'>

/** What the report says before and after the story: who is responsible, title, summary, limitations, distribution, revisions. */
export function ReportData({ isReadOnly }: { readonly isReadOnly: boolean }) {
  const open = useOpenCase()
  const texts = useAsk('report.texts', { caseId: open.caseId }).value
  return (
    <div className={css['blocks']}>
      <Form>
        <CaseLines isReadOnly={isReadOnly} />
        {texts ? <TextLines texts={texts} isReadOnly={isReadOnly} /> : <Skeleton lines={5} />}
      </Form>
    </div>
  )
}

/** What a final report needs and the case does not say yet. */
export const missingForFinal = (header: CaseHeader): readonly string[] => [
  ...(header.owner.trim() === '' ? ['the owner of the evidence'] : []),
  ...(header.authority.trim() === '' ? ['the authority for the examination'] : []),
]

function CaseLines({ isReadOnly }: { readonly isReadOnly: boolean }) {
  const engine = useEngine()
  const forget = useForget()
  const { notify } = useWindow()
  const { caseId, header } = useOpenCase()
  const write = async (change: Partial<CaseHeader>): Promise<void> => {
    const reply = await engine.ask('cases.update', { caseId, header: change })
    if (!reply.ok) {
      notify({ tone: 'trouble', text: reply.message })
      return
    }
    useWorkspace.getState().setOpen(reply.value)
    await forget(caseId)
  }
  const owner = useDraft(header.owner, (text) => void write({ owner: text }))
  const authority = useDraft(header.authority, (text) => void write({ authority: text }))
  const questions = useDraft(header.questions, (text) => void write({ questions: text }))
  return (
    <FieldGroup legend="Who is responsible">
      <div onBlur={owner.onBlur}>
        <TextField
          label="Owner of the evidence"
          value={owner.value}
          onChange={owner.onChange}
          isDisabled={isReadOnly}
        />
      </div>
      <div onBlur={authority.onBlur}>
        <TextField
          label="Authority: order, mandate or consent"
          value={authority.value}
          onChange={authority.onChange}
          rows={2}
          isDisabled={isReadOnly}
        />
      </div>
      <div onBlur={questions.onBlur}>
        <TextField
          label="Questions to be answered, one on each line"
          value={questions.value}
          onChange={questions.onChange}
          rows={3}
          isDisabled={isReadOnly}
        />
      </div>
    </FieldGroup>
  )
}

function TextLines({ texts, isReadOnly }: { readonly texts: Texts; readonly isReadOnly: boolean }) {
  const { change } = useAnnotations()
  const open = useOpenCase()
  const set = (fields: Partial<Texts>): void => void change('report.setTexts', fields)
  const title = useDraft(texts.title, (text) => set({ title: text }))
  const summary = useDraft(texts.summary, (text) => set({ summary: text }))
  const limitations = useDraft(texts.limitations.join('\n'), (text) => set({ limitations: linesOf(text) }))
  const revise = (): void => {
    const number = texts.revisions.reduce((most, one) => Math.max(most, one.number), 0) + 1
    set({
      revisions: [
        ...texts.revisions,
        { number, atMs: Date.now(), by: open.examiner?.name ?? '', change: number === 1 ? 'First report' : 'Revised' },
      ],
    })
  }
  return (
    <>
      <FieldGroup legend="Words of the report">
        <div onBlur={title.onBlur}>
          <TextField
            label="Title"
            value={title.value}
            onChange={title.onChange}
            placeholder={visible(open.header.title)}
            isDisabled={isReadOnly}
          />
        </div>
        <div onBlur={summary.onBlur}>
          <TextField
            label="Summary, at most a page"
            value={summary.value}
            onChange={summary.onChange}
            rows={8}
            isDisabled={isReadOnly}
          />
        </div>
        <div onBlur={limitations.onBlur}>
          <TextField
            label="Limitations, one on each line"
            value={limitations.value}
            onChange={limitations.onChange}
            rows={3}
            isDisabled={isReadOnly}
            description="Those that follow from the evidence are added by themselves."
          />
        </div>
      </FieldGroup>
      <FieldGroup legend="Distribution">
        {texts.distribution.map((one, n) => {
          const put = (field: Partial<Texts['distribution'][number]>): void =>
            set({ distribution: texts.distribution.map((other, i) => (i === n ? { ...other, ...field } : other)) })
          return (
            <div key={n} className={css['line']}>
              <Cell label="Name" value={one.name} onWrite={(name) => put({ name })} isReadOnly={isReadOnly} />
              <Cell
                label="Organisation"
                value={one.organisation}
                onWrite={(organisation) => put({ organisation })}
                isReadOnly={isReadOnly}
              />
              <Cell
                label="Purpose"
                value={one.purpose}
                onWrite={(purpose) => put({ purpose })}
                isReadOnly={isReadOnly}
              />
              <IconButton
                icon={Trash2}
                label="Take off the list"
                isDisabled={isReadOnly}
                onPress={() => set({ distribution: texts.distribution.filter((_, i) => i !== n) })}
              />
            </div>
          )
        })}
        <div>
          <Button
            icon={Plus}
            isDisabled={isReadOnly}
            onPress={() => set({ distribution: [...texts.distribution, { name: '', organisation: '', purpose: '' }] })}
          >
            Recipient
          </Button>
        </div>
      </FieldGroup>
      <FieldGroup legend="Revisions">
        {texts.revisions.map((one, n) => (
          <div key={one.number} className={css['revision']}>
            <span>
              {one.number}, {timeText(one.atMs)}, {visible(one.by)}
            </span>
            <Cell
              label={`What changed in revision ${one.number}`}
              value={one.change}
              onWrite={(text) =>
                set({ revisions: texts.revisions.map((other, i) => (i === n ? { ...other, change: text } : other)) })
              }
              isReadOnly={isReadOnly}
            />
          </div>
        ))}
        <div>
          <Button icon={Plus} isDisabled={isReadOnly} onPress={revise}>
            Revision
          </Button>
        </div>
      </FieldGroup>
    </>
  )
}

function Cell({
  label,
  value,
  onWrite,
  isReadOnly,
}: {
  readonly label: string
  readonly value: string
  readonly onWrite: (text: string) => void
  readonly isReadOnly: boolean
}) {
  const draft = useDraft(value, onWrite)
  return (
    <div onBlur={draft.onBlur}>
      <TextField label={label} value={draft.value} onChange={draft.onChange} isDisabled={isReadOnly} />
    </div>
  )
}

const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
