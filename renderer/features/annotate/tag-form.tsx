import { useState } from 'react'
import { attackTechnique } from '#shared/domain/annotation.ts'
import type { AnnotationStateShown } from '#shared/contract/annotations.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Select } from '#renderer/ui/select.tsx'
import { TAG_STYLE_NAMES, TAG_STYLES, TagShape } from '#renderer/ui/tag-chip.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { tactics, techniques } from './attack.ts'
import css from './annotate.module.css'

export type Tag = AnnotationStateShown['tags'][number]
export type TagLook = { readonly colour: number; readonly tactic: string; readonly techniques: string[] }
/** What a person has written so far; technique ids as one line of text. */
export type TagDraft = { readonly colour: number; readonly tactic: string; readonly technique: string }

/** The look that was written, and the first id that is no technique id. */
export function lookOf({ colour, tactic, technique }: TagDraft): { look: TagLook; wrong: string | undefined } {
  const ids = technique
    .toUpperCase()
    .split(/[\s,]+/)
    .filter((one) => one !== '')
  return { look: { colour, tactic, techniques: ids }, wrong: ids.find((id) => !attackTechnique.test(id)) }
}

/** Colour with shape, tactic and techniques of a tag. */
export function TagFields({
  draft,
  onDraft,
}: {
  readonly draft: TagDraft
  readonly onDraft: (draft: TagDraft) => void
}) {
  const { look, wrong } = lookOf(draft)
  return (
    <>
      <div className={css['looks']} role="radiogroup" aria-label="Colour and shape">
        {TAG_STYLES.map((style, n) => (
          <button
            key={style}
            type="button"
            role="radio"
            aria-checked={n === draft.colour}
            aria-label={TAG_STYLE_NAMES[style]}
            title={TAG_STYLE_NAMES[style]}
            className={n === draft.colour ? css['lookOn'] : css['look']}
            onClick={() => onDraft({ ...draft, colour: n })}
          >
            <TagShape look={style} size={14} />
          </button>
        ))}
      </div>
      <Select
        label="ATT&CK tactic"
        value={draft.tactic}
        onChange={(tactic) => onDraft({ ...draft, tactic })}
        options={[{ id: '', label: 'none' }, ...tactics.map(([id, label]) => ({ id, label, detail: id }))]}
      />
      <TextField
        label="ATT&CK techniques"
        value={draft.technique}
        onChange={(technique) => onDraft({ ...draft, technique })}
        mono
        placeholder="T1078.004, T1537"
        error={wrong === undefined ? undefined : `${wrong} is no technique id; write it like T1537 or T1078.004.`}
      />
      <div className={css['offers']} role="group" aria-label="Techniques seen in CloudTrail">
        {techniques
          .filter(([id]) => !look.techniques.includes(id))
          .slice(0, 25)
          .map(([id, label]) => (
            <button
              key={id}
              type="button"
              onClick={() => onDraft({ ...draft, technique: [...look.techniques, id].join(', ') })}
            >
              <code>{id}</code> {label}
            </button>
          ))}
      </div>
    </>
  )
}

/** Changes how a known tag looks and what it stands for, or retires it: events keep a retired tag, it is only no longer offered. */
export function ChangeTag({
  tag,
  onChange,
}: {
  readonly tag: Tag
  readonly onChange: (change: Partial<TagLook> & { readonly retired?: boolean }) => void
}) {
  const [isOpen, setIsOpen] = useState(false)
  const [draft, setDraft] = useState<TagDraft>({
    colour: tag.colour,
    tactic: tag.tactic,
    technique: tag.techniques.join(', '),
  })
  const { look, wrong } = lookOf(draft)
  const retire = (
    <Button tone="quiet" onPress={() => onChange({ retired: !tag.retired })}>
      {tag.retired ? 'Offer it again' : 'Retire the tag'}
    </Button>
  )
  if (!isOpen)
    return (
      <div className={css['looks']}>
        <Button tone="quiet" onPress={() => setIsOpen(true)}>
          Change the tag
        </Button>
        {retire}
      </div>
    )
  return (
    <fieldset className={css['new']}>
      <legend>{tag.retired ? 'Tag, retired' : 'Tag'}</legend>
      <TagFields draft={draft} onDraft={setDraft} />
      <div className={css['looks']}>
        <Button onPress={() => onChange(look)} isDisabled={wrong !== undefined}>
          Save the tag
        </Button>
        {retire}
      </div>
    </fieldset>
  )
}
