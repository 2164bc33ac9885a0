import { FilePlus } from 'lucide-react'
import { bytes, counted, grouped } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import { dropReasonWords } from '#shared/domain/annotation-import.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Checkbox } from '#renderer/ui/checkbox.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Facts } from '#renderer/ui/facts.tsx'
import { Form } from '#renderer/ui/form.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { CopyLine } from './copy-line.tsx'
import type { ReadBackWish } from './read-back-form.tsx'
import { readBackSentence, rowsSentence, type Found } from './read-back-words.ts'
import css from './handover.module.css'

/** Tags that are listed; a file can have a thousand. */
const LISTED = 50

type Props = {
  readonly found: Found
  readonly wish: ReadBackWish
  readonly onWish: (wish: ReadBackWish) => void
  /** Looks at the file again, asked otherwise. */
  readonly onLook: (wish: ReadBackWish) => void
  readonly onBack: () => void
  readonly onAdd: () => void
}

/** What a file would add, row by row where it cannot be used, before anything is written. */
export function ReadBackFound({ found, wish, onWish, onLook, onBack, onAdd }: Props) {
  const { readOnly } = useOpenCase()
  const { tags, bookmarks, notes, left } = found
  const isNothing = tags.length + bookmarks + notes === 0
  const hasZoneless = wish.zoneless === 'utc' || left.reasons.some(({ reason }) => reason === 'NO_ZONE')
  return (
    <Dialog
      title="What the file would add"
      isOpen
      onClose={onBack}
      isDismissable={false}
      width="wide"
      actions={
        <>
          <span className={css['why']} role="status">
            {readOnly ?? ''}
          </span>
          <Button tone="quiet" onPress={onBack}>
            Back
          </Button>
          <Button tone="primary" icon={FilePlus} isDisabled={readOnly !== null || isNothing} onPress={onAdd}>
            Add to the case
          </Button>
        </>
      }
    >
      <Form>
        <p>
          <b>{readBackSentence(found)}</b>
        </p>
        <Facts label="What the file holds">
          <dt>File</dt>
          <dd>
            {visible(found.file)}, {bytes(found.bytes)}
          </dd>
          <dt>SHA-256</dt>
          <dd>
            <CopyLine what="the SHA-256" text={found.sha256} />
          </dd>
          <dt>Rows</dt>
          <dd>{rowsSentence(found)}</dd>
          {tags.length > 0 && (
            <>
              <dt>Tags</dt>
              <dd>
                {tags
                  .slice(0, LISTED)
                  .map(
                    ({ name, events, isNew }) =>
                      `${visible(name)}${isNew ? ' (new)' : ''} on ${counted(events, 'event')}`,
                  )
                  .join(', ')}
                {tags.length > LISTED && ` and ${counted(tags.length - LISTED, 'more tag')}`}
              </dd>
            </>
          )}
        </Facts>
        {bookmarks + notes > 0 && (
          <TextField
            label="Who wrote the comments"
            value={wish.author}
            onChange={(author) => onWish({ ...wish, author })}
            description="Stands below each of them, with the name of the file and its SHA-256."
          />
        )}
        {hasZoneless && (
          <Checkbox
            isSelected={wish.zoneless === 'utc'}
            onChange={(isUtc) => onLook({ ...wish, zoneless: isUtc ? 'utc' : 'refuse' })}
          >
            Times without a zone are UTC
          </Checkbox>
        )}
        <Left left={left} />
      </Form>
    </Dialog>
  )
}

function Left({ left }: { readonly left: Found['left'] }) {
  if (left.total === 0) return null
  return (
    <section aria-label="Rows that are not used">
      <h3 className={css['heading']}>{counted(left.total, 'row')} not used</h3>
      <p className={css['quiet']}>
        {left.reasons.map(({ reason, count }) => `${dropReasonWords[reason]}: ${counted(count, 'row')}`).join('; ')}
      </p>
      <ul className={css['problems']} tabIndex={0} aria-label="The first of them">
        {left.first.map(({ line, reason, detail }) => (
          <li key={`${line} ${reason}`}>
            line {grouped(line)}: {detail}
          </li>
        ))}
      </ul>
      {left.first.length < left.total && (
        <p className={css['quiet']}>
          the first {grouped(left.first.length)} of {grouped(left.total)}
        </p>
      )}
    </section>
  )
}
