import { useState } from 'react'
import { ChevronDown, ChevronRight, Flag, Trash2 } from 'lucide-react'
import { counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import type { AnnotationStateShown } from '#shared/contract/annotations.ts'
import { confidences, findingKinds } from '#shared/domain/annotation.ts'
import { useAnnotations } from '#renderer/client/annotations.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { Badge } from '#renderer/ui/badge.tsx'
import { Button, Segments } from '#renderer/ui/button.tsx'
import { Checkbox } from '#renderer/ui/checkbox.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { timeText } from '#shared/base/zone.ts'
import { useDraft } from './use-draft.ts'
import css from './story.module.css'

type Finding = AnnotationStateShown['findings'][number]
type FindingsProps = {
  readonly said: AnnotationStateShown
  readonly isReadOnly: boolean
  /** The finding that is open for writing. */
  readonly open: string | null
  readonly onOpen: (id: string | null) => void
}

const KIND_WORDS = {
  fact: 'what the evidence itself shows',
  inference: 'what follows from the evidence',
  hypothesis: 'what may explain it, not shown yet',
} as const

/** Findings: what is claimed, how sure, on which exhibits, and what else could explain it. */
export function Findings({ said, isReadOnly, open, onOpen }: FindingsProps) {
  const { change } = useAnnotations()
  const add = async (): Promise<void> => {
    const made = await change('findings.set', { title: 'New finding' })
    if (made.ok) onOpen(made.value.id)
  }
  return (
    <div className={css['blocks']}>
      {said.findings.length === 0 && (
        <EmptyState icon={Flag} title="No finding is written yet">
          A finding says what happened, whether that is fact, inference or hypothesis, and on which exhibits it stands.
        </EmptyState>
      )}
      <ul aria-label="Findings">
        {said.findings.map((finding) => (
          <li key={finding.id} className={css['block']}>
            <button
              type="button"
              className={css['findingHead']}
              aria-expanded={finding.id === open}
              onClick={() => onOpen(finding.id === open ? null : finding.id)}
            >
              {finding.id === open ? <ChevronDown aria-hidden size={14} /> : <ChevronRight aria-hidden size={14} />}
              <span className={css['findingTitle']}>{visible(finding.title) || 'Without a title'}</span>
              <Badge>{finding.kind}</Badge>
              <span className={css['quiet']}>{counted(finding.exhibits.length, 'exhibit')}</span>
            </button>
            {finding.id === open && (
              <FindingEditor key={finding.id} finding={finding} said={said} isReadOnly={isReadOnly} />
            )}
          </li>
        ))}
      </ul>
      {!isReadOnly && (
        <div className={css['add']}>
          <Button icon={Flag} onPress={() => void add()}>
            New finding
          </Button>
        </div>
      )}
    </div>
  )
}

function FindingEditor({
  finding,
  said,
  isReadOnly,
}: {
  readonly finding: Finding
  readonly said: AnnotationStateShown
  readonly isReadOnly: boolean
}) {
  const { change, undo } = useAnnotations()
  const { notify } = useWindow()
  const [filter, setFilter] = useState('')
  const set = (fields: Partial<Omit<Finding, 'id' | 'by' | 'atMs'>>): void =>
    void change('findings.set', { id: finding.id, ...fields })
  const title = useDraft(finding.title, (text) => set({ title: text }))
  const statement = useDraft(finding.statement, (text) => set({ statement: text }))
  const alternatives = useDraft(finding.alternatives.join('\n'), (text) =>
    set({
      alternatives: text
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== ''),
    }),
  )
  const remove = async (): Promise<void> => {
    const reply = await change('findings.remove', { id: finding.id })
    if (reply.ok)
      notify({
        tone: 'done',
        text: 'The finding is removed; its history stays.',
        action: { label: 'Undo', run: () => void undo() },
      })
  }
  const offered = said.bookmarks.filter((one) =>
    visible(`${one.exhibit} ${one.title} ${one.event?.eventName ?? ''}`)
      .toLowerCase()
      .includes(filter.toLowerCase()),
  )
  const missing = finding.exhibits.filter((exhibit) => !said.bookmarks.some((one) => one.exhibit === exhibit))
  return (
    <div className={css['finding']}>
      <div onBlur={title.onBlur}>
        <TextField label="Title" value={title.value} onChange={title.onChange} isDisabled={isReadOnly} />
      </div>
      <div className={css['choice']}>
        <Segments
          label="Kind of finding"
          value={finding.kind}
          onChange={(kind) => !isReadOnly && set({ kind })}
          options={findingKinds.map((id) => ({ id, label: id }))}
        />
        <span className={css['quiet']}>{KIND_WORDS[finding.kind]}</span>
      </div>
      <div className={css['choice']}>
        <Segments
          label="Confidence"
          value={finding.confidence}
          onChange={(confidence) => !isReadOnly && set({ confidence })}
          options={confidences.map((id) => ({ id, label: id }))}
        />
        <span className={css['quiet']}>confidence</span>
      </div>
      <div onBlur={statement.onBlur}>
        <TextField
          label="Statement"
          value={statement.value}
          onChange={statement.onChange}
          rows={5}
          isDisabled={isReadOnly}
          description="**strong**, *emphasis*, `code`, - lists"
        />
      </div>
      <div onBlur={alternatives.onBlur}>
        <TextField
          label="Other explanations, one on each line"
          value={alternatives.value}
          onChange={alternatives.onChange}
          rows={3}
          isDisabled={isReadOnly}
          description="What else could have caused these events, and why it is less likely."
        />
      </div>
      <fieldset className={css['exhibits']}>
        <legend>
          Exhibits it stands on: {finding.exhibits.length} of {said.bookmarks.length}
        </legend>
        {said.bookmarks.length > 8 && <TextField label="Find an exhibit" value={filter} onChange={setFilter} />}
        {said.bookmarks.length === 0 && (
          <p className={css['quiet']}>There are no exhibits yet: bookmark events with b.</p>
        )}
        {offered.map((one) => (
          <Checkbox
            key={one.id}
            isSelected={finding.exhibits.includes(one.exhibit)}
            isDisabled={isReadOnly}
            onChange={(on) =>
              set({
                exhibits: on
                  ? [...finding.exhibits, one.exhibit]
                  : finding.exhibits.filter((exhibit) => exhibit !== one.exhibit),
              })
            }
          >
            <b>{one.exhibit}</b> {visible(one.title === '' ? (one.event?.eventName ?? '') : one.title)}{' '}
            <span className={css['quiet']}>{one.event?.timeMs != null && timeText(one.event.timeMs)}</span>
          </Checkbox>
        ))}
        {missing.length > 0 && <p className={css['gone']}>No longer in the case: {missing.join(', ')}</p>}
      </fieldset>
      {finding.kind === 'fact' && finding.exhibits.length === 0 && (
        <p className={css['gone']}>A fact needs an exhibit that shows it.</p>
      )}
      <div className={css['findingFoot']}>
        <span className={css['quiet']}>
          {visible(finding.by)}, {timeText(finding.atMs)}
        </span>
        <Button tone="danger" icon={Trash2} isDisabled={isReadOnly} onPress={() => void remove()}>
          Remove
        </Button>
      </div>
    </div>
  )
}
