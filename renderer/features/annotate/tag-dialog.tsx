import { useState } from 'react'
import { counted, grouped } from '#shared/base/count.ts'
import { tagKey, TAG_NAME_LENGTH } from '#shared/domain/annotation.ts'
import { targetWords, type EventTarget } from '#renderer/client/annotations.ts'
import { Button, Segments } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { TAG_STYLES, TagChip } from '#renderer/ui/tag-chip.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { Form } from '#renderer/ui/form.tsx'
import { ChangeTag, lookOf, TagFields, type Tag, type TagDraft, type TagLook } from './tag-form.tsx'
import css from './annotate.module.css'

export type TagWish = {
  readonly name: string
  readonly remove: boolean
  /** All events of the query instead of those that are meant by row. */
  readonly wholeQuery: boolean
  /** For a tag that is not there yet. */
  readonly define: TagLook | undefined
}

type TagDialogProps = {
  readonly target: EventTarget
  readonly tags: readonly Tag[]
  readonly recent: readonly string[]
  /** How many events the query has. */
  readonly found: number | undefined
  readonly onWish: (wish: TagWish) => void
  /** Another look or meaning for a known tag, or its retirement. */
  readonly onChange: (name: string, change: Partial<TagLook> & { readonly retired?: boolean }) => void
  readonly onClose: () => void
}

/** Chooses a tag, or makes one with its colour, shape and ATT&CK ids, for the events that are meant; changes or retires a known one. */
export function TagDialog({ target, tags, recent, found, onWish, onChange, onClose }: TagDialogProps) {
  const [name, setName] = useState('')
  const [scope, setScope] = useState<'rows' | 'query'>(target.kind === 'none' ? 'query' : 'rows')
  const [draft, setDraft] = useState<TagDraft>({ colour: tags.length % TAG_STYLES.length, tactic: '', technique: '' })
  const written = name.trim()
  const known = tags.find((tag) => tagKey(tag.name) === tagKey(written))
  const { look, wrong } = lookOf(draft)
  const isTooLong = written.length > TAG_NAME_LENGTH
  const isReady = written !== '' && !isTooLong && (known !== undefined || wrong === undefined)
  const offered = [...tags]
    .filter((tag) => !tag.retired && tagKey(tag.name).includes(tagKey(written)))
    .sort((a, b) => place(recent, a) - place(recent, b) || b.events - a.events)
    .slice(0, 24)

  const wish = (wanted: string, remove: boolean): void => {
    const isKnown = tags.some((tag) => tagKey(tag.name) === tagKey(wanted))
    onWish({
      name: wanted,
      remove,
      wholeQuery: scope === 'query',
      define: isKnown ? undefined : look,
    })
  }
  return (
    <Dialog
      title={`Tag ${scope === 'query' ? counted(found ?? 0, 'event') : targetWords(target)}`}
      isOpen
      onClose={onClose}
      isDismissable={false}
      actions={
        <>
          <Button onPress={() => wish(written, true)} isDisabled={known === undefined}>
            Take the tag off
          </Button>
          <Button tone="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button tone="primary" onPress={() => wish(known?.name ?? written, false)} isDisabled={!isReady}>
            {known || written === '' ? 'Tag' : 'Make the tag and tag'}
          </Button>
        </>
      }
    >
      <Form>
        {target.kind !== 'none' && (
          <Segments
            label="Which events"
            value={scope}
            onChange={setScope}
            options={[
              { id: 'rows', label: target.kind === 'event' ? 'This event' : `${grouped(target.count)} selected` },
              { id: 'query', label: `All ${grouped(found ?? 0)} of the query` },
            ]}
          />
        )}
        <TextField
          label="Tag"
          value={name}
          onChange={setName}
          autoFocus
          placeholder="Name of a tag, new or known"
          onEnter={() => isReady && wish(known?.name ?? written, false)}
          error={isTooLong ? `A tag name has at most ${TAG_NAME_LENGTH} characters.` : undefined}
        />
        {offered.length > 0 && (
          <div className={css['tags']} role="group" aria-label="Tags of this case">
            {offered.map((tag) => {
              const at = recent.findIndex((one) => tagKey(one) === tagKey(tag.name))
              return (
                <TagChip
                  key={tag.name}
                  name={tag.name}
                  look={TAG_STYLES[tag.colour] ?? 1}
                  count={`${grouped(tag.events)}${at >= 0 ? `  key ${at + 1}` : ''}`}
                  onPress={() => wish(tag.name, false)}
                />
              )
            })}
          </div>
        )}
        {written !== '' && !known && (
          <fieldset className={css['new']}>
            <legend>New tag</legend>
            <TagFields draft={draft} onDraft={setDraft} />
          </fieldset>
        )}
        {known && <ChangeTag key={known.name} tag={known} onChange={(change) => onChange(known.name, change)} />}
      </Form>
    </Dialog>
  )
}

const place = (recent: readonly string[], tag: Tag): number => {
  const at = recent.findIndex((one) => tagKey(one) === tagKey(tag.name))
  return at < 0 ? recent.length : at
}
