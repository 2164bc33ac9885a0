import { useState } from 'react'
import { cutMiddle } from '#shared/base/visible.ts'
import { placeName, viewQuestion, viewSubject } from '#shared/domain/view-words.ts'
import type { View } from '#shared/domain/view-address.ts'
import { useSavedSearches } from '#renderer/client/saved-searches.ts'
import { Button, Segments } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { Facts } from '#renderer/ui/facts.tsx'
import { Form } from '#renderer/ui/form.tsx'
import css from './searches.module.css'

type What = 'view' | 'search'

/** A name for what is shown. It goes with the case and its packages, and stands in the custody log. */
export function SaveDialog({ view, onClose }: { readonly view: View; readonly onClose: () => void }) {
  const saved = useSavedSearches()
  const [name, setName] = useState(() => cutMiddle(view.query.text.trim(), 80))
  const [note, setNote] = useState('')
  const [what, setWhat] = useState<What>('view')
  const same = saved.list?.find((one) => one.name === name.trim())
  const canSave = name.trim() !== '' && !saved.isReadOnly
  const save = async (): Promise<void> => {
    if (canSave && (await saved.saveView(name.trim(), note.trim(), view, what === 'view'))) onClose()
  }
  const subject = viewSubject(view)
  return (
    <Dialog
      title="Save in the case"
      isOpen
      onClose={onClose}
      isDismissable={false}
      actions={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button tone="primary" onPress={() => void save()} isDisabled={!canSave}>
            Save
          </Button>
        </>
      }
    >
      <Form>
        <TextField
          label="Name"
          value={name}
          onChange={setName}
          autoFocus
          onEnter={() => void save()}
          {...(same && { description: 'There is one of this name already. Both will be kept.' })}
        />
        <Segments
          label="What is saved"
          value={what}
          onChange={setWhat}
          options={[
            { id: 'view', label: 'This view, as it is shown' },
            { id: 'search', label: 'The search alone' },
          ]}
        />
        <Facts>
          {what === 'view' && (
            <>
              <dt>Place</dt>
              <dd>
                {placeName(view.place)}
                {subject !== '' && `, ${cutMiddle(subject, 160)}`}
              </dd>
            </>
          )}
          <dt>Search</dt>
          <dd>{viewQuestion(view)}</dd>
          {what === 'view' && (
            <>
              <dt>Selected</dt>
              <dd>{view.event === null ? 'no event' : 'the event whose details are open'}</dd>
            </>
          )}
        </Facts>
        <TextField label="Note" value={note} onChange={setNote} rows={2} />
        {saved.isReadOnly ? (
          <p className={css['warn']}>
            The case is open for reading only. Say who works on it, at the bottom right; then it can be saved.
          </p>
        ) : (
          <p className={css['quiet']}>
            It goes with the case and its packages, can be put into the story, and stands in the history under your
            name. What was asked is kept, not what was found.
          </p>
        )}
      </Form>
    </Dialog>
  )
}
