import { useState } from 'react'
import { counted, grouped } from '#shared/base/count.ts'
import { attackTechnique, tagKey, TAG_NAME_LENGTH } from '#shared/domain/annotation.ts'
import type { AnnotationStateShown } from '#shared/contract/annotations.ts'
import { targetWords, type EventTarget } from '#renderer/client/annotations.ts'
import { Button, Segments } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Select } from '#renderer/ui/select.tsx'
import { TAG_STYLE_NAMES, TAG_STYLES, TagChip, TagShape } from '#renderer/ui/tag-chip.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { Form } from '#renderer/ui/form.tsx'
import { tactics, techniques } from './attack.ts'
import css from './annotate.module.css'

type Tag = AnnotationStateShown['tags'][number]
export type NewTag = { readonly colour: number; readonly tactic: string; readonly techniques: string[] }
export type TagWish = {
  readonly name: string
  readonly remove: boolean
  /** All events of the query instead of those that are meant by row. */
  readonly wholeQuery: boolean
  /** For a tag that is not there yet. */
  readonly define: NewTag | undefined
}

type TagDialogProps = {
  readonly target: EventTarget
  readonly tags: readonly Tag[]
  readonly recent: readonly string[]
  /** How many events the query has. */
  readonly found: number | undefined
  readonly onWish: (wish: TagWish) => void
  readonly onClose: () => void
}

/** Chooses a tag, or makes one with its colour, shape and ATT&CK ids, for the events that are meant. */
export function TagDialog({ target, tags, recent, found, onWish, onClose }: TagDialogProps) {
  const [name, setName] = useState('')
  const [scope, setScope] = useState<'rows' | 'query'>(target.kind === 'none' ? 'query' : 'rows')
  const [colour, setColour] = useState(tags.length % TAG_STYLES.length)
  const [tactic, setTactic] = useState('')
  const [technique, setTechnique] = useState('')
  const written = name.trim()
  const known = tags.find((tag) => tagKey(tag.name) === tagKey(written))
  const ids = technique
    .toUpperCase()
    .split(/[\s,]+/)
    .filter((one) => one !== '')
  const wrong = ids.find((id) => !attackTechnique.test(id))
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
      define: isKnown ? undefined : { colour, tactic, techniques: ids },
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
            <div className={css['looks']} role="radiogroup" aria-label="Colour and shape">
              {TAG_STYLES.map((look, n) => (
                <button
                  key={look}
                  type="button"
                  role="radio"
                  aria-checked={n === colour}
                  aria-label={TAG_STYLE_NAMES[look]}
                  title={TAG_STYLE_NAMES[look]}
                  className={n === colour ? css['lookOn'] : css['look']}
                  onClick={() => setColour(n)}
                >
                  <TagShape look={look} size={14} />
                </button>
              ))}
            </div>
            <Select
              label="ATT&CK tactic"
              value={tactic}
              onChange={setTactic}
              options={[{ id: '', label: 'none' }, ...tactics.map(([id, label]) => ({ id, label, detail: id }))]}
            />
            <TextField
              label="ATT&CK techniques"
              value={technique}
              onChange={setTechnique}
              mono
              placeholder="T1078.004, T1537"
              error={wrong === undefined ? undefined : `${wrong} is no technique id; write it like T1537 or T1078.004.`}
            />
            <div className={css['offers']} role="group" aria-label="Techniques seen in CloudTrail">
              {techniques
                .filter(([id]) => !ids.includes(id))
                .slice(0, 25)
                .map(([id, label]) => (
                  <button key={id} type="button" onClick={() => setTechnique([...ids, id].join(', '))}>
                    <code>{id}</code> {label}
                  </button>
                ))}
            </div>
          </fieldset>
        )}
      </Form>
    </Dialog>
  )
}

const place = (recent: readonly string[], tag: Tag): number => {
  const at = recent.findIndex((one) => tagKey(one) === tagKey(tag.name))
  return at < 0 ? recent.length : at
}
