import { FileInput } from 'lucide-react'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { FieldGroup, FieldPair, Form } from '#renderer/ui/form.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import css from './handover.module.css'

export type ReadBackWish = {
  readonly author: string
  readonly zoneless: 'refuse' | 'utc'
  /** Headings that differ; empty for the usual ones. */
  readonly columns: { readonly eventID: string; readonly tags: string; readonly comment: string }
}

export const startReadBack: ReadBackWish = {
  author: '',
  zoneless: 'refuse',
  columns: { eventID: '', tags: '', comment: '' },
}

type Props = {
  readonly wish: ReadBackWish
  readonly onWish: (wish: ReadBackWish) => void
  readonly onChoose: () => void
  readonly onClose: () => void
}

/** Which files can be read back, and what must be said where they differ from an export. */
export function ReadBackForm({ wish, onWish, onChoose, onClose }: Props) {
  const { columns } = wish
  const heading = (name: keyof typeof columns, label: string, usual: string) => (
    <TextField
      label={label}
      value={columns[name]}
      placeholder={usual}
      onChange={(value) => onWish({ ...wish, columns: { ...columns, [name]: value } })}
      mono
    />
  )
  return (
    <Dialog
      title="Tags and comments from a file"
      isOpen
      onClose={onClose}
      isDismissable={false}
      actions={
        <>
          <Button tone="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button tone="primary" icon={FileInput} onPress={onChoose} autoFocus>
            Choose the file
          </Button>
        </>
      }
    >
      <Form>
        <p>
          A Timesketch file (CSV or JSON lines), or the table that <i>Export events</i> writes as CSV, after a colleague
          wrote tags and comments into it. First you see what it would add; nothing is ever taken away.
        </p>
        <FieldGroup legend="Headings, where they differ from an export">
          {heading('eventID', 'Event', 'event_id')}
          <FieldPair>
            {heading('tags', 'Tags', 'tags or tag')}
            {heading('comment', 'Comment', 'comment')}
          </FieldPair>
        </FieldGroup>
        <p className={css['quiet']}>
          Save a CSV as UTF-8. Events are known by their place in the evidence, else by their eventID.
        </p>
      </Form>
    </Dialog>
  )
}
