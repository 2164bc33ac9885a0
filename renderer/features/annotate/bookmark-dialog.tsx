import { useState } from 'react'
import type { BookmarkShown } from '#shared/contract/annotations.ts'
import { counted } from '#shared/base/count.ts'
import { visible } from '#shared/base/visible.ts'
import { targetWords, useAnnotations, useTargetIds, type EventTarget } from '#renderer/client/annotations.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { Form } from '#renderer/ui/form.tsx'
import { timeText } from '#shared/base/zone.ts'
import css from './annotate.module.css'

/** More exhibits at once are surely a slip of the hand: a tag is what marks many events. */
const MOST = 200

type BookmarkDialogProps = {
  readonly target: EventTarget
  /** The bookmark that stands on the event already. */
  readonly known: BookmarkShown | undefined
  readonly onClose: () => void
}

/** Title and note of a bookmark; saving a new one gives its permanent exhibit number. */
export function BookmarkDialog({ target, known, onClose }: BookmarkDialogProps) {
  const { change, undo } = useAnnotations()
  const { notify } = useWindow()
  const readIds = useTargetIds()
  const [title, setTitle] = useState(known?.title ?? '')
  const [note, setNote] = useState(known?.note ?? '')
  const [isBusy, setIsBusy] = useState(false)
  const many = target.kind === 'rows' ? target.count : 1
  const tooMany = many > MOST

  const save = async (): Promise<void> => {
    if (isBusy || tooMany) return
    setIsBusy(true)
    const ids = await readIds(target)
    const made: string[] = []
    if (known) {
      const reply = await change('bookmarks.set', { exhibit: known.exhibit, title, note })
      if (reply.ok) made.push(reply.value.exhibit)
    } else if (ids.ok)
      for (const event of ids.value) {
        const reply = await change('bookmarks.set', { event, title, note })
        if (!reply.ok) break
        made.push(reply.value.exhibit)
      }
    setIsBusy(false)
    if (!ids.ok) notify({ tone: 'trouble', text: ids.message })
    if (made.length === 0) return
    onClose()
    notify({
      tone: 'done',
      text:
        made.length === 1
          ? `${known ? 'Changed' : 'Bookmarked as'} ${made[0]!}`
          : `Bookmarked ${counted(made.length, 'event')}: ${made[0]!} to ${made.at(-1)!}`,
      ...(made.length === 1 && { action: { label: 'Undo', run: () => void undo() } }),
    })
  }
  const remove = async (): Promise<void> => {
    if (!known || isBusy) return
    setIsBusy(true)
    const reply = await change('bookmarks.remove', { exhibit: known.exhibit })
    setIsBusy(false)
    if (!reply.ok) return
    onClose()
    notify({
      tone: 'done',
      text: `Removed ${known.exhibit}; its number is not given again.`,
      action: { label: 'Undo', run: () => void undo() },
    })
  }
  return (
    <Dialog
      title={known ? `Exhibit ${known.exhibit}` : `Bookmark ${targetWords(target)}`}
      isOpen
      onClose={onClose}
      width="narrow"
      isDismissable={false}
      actions={
        <>
          {known && (
            <Button tone="danger" onPress={() => void remove()} isDisabled={isBusy}>
              Remove
            </Button>
          )}
          <Button tone="quiet" onPress={onClose}>
            Cancel
          </Button>
          <Button tone="primary" onPress={() => void save()} isDisabled={isBusy || tooMany}>
            {known ? 'Save' : 'Bookmark'}
          </Button>
        </>
      }
    >
      <Form>
        {tooMany ? (
          <p role="alert" className={css['trouble']}>
            {counted(many, 'event')} are selected. At most {MOST} can become exhibits at once; mark many events with a
            tag (t).
          </p>
        ) : (
          <>
            {target.kind === 'event' && <EventLine id={target.id} />}
            <p className={css['quiet']}>
              {known
                ? `Bookmarked by ${visible(known.by)} ${timeText(known.atMs)}`
                : many > 1
                  ? 'Each event gets an exhibit number of its own, which stays with it for good.'
                  : 'It gets an exhibit number, which stays with it for good.'}
            </p>
          </>
        )}
        <TextField
          label="Title"
          value={title}
          onChange={setTitle}
          placeholder="What it shows, in a few words"
          autoFocus
          onEnter={() => void save()}
        />
        <TextField
          label="Note"
          value={note}
          onChange={setNote}
          rows={5}
          description="**strong**, *emphasis*, `code`, - lists. Printed as it stands."
        />
      </Form>
    </Dialog>
  )
}

/** Which event it is, so that nobody marks another one than is meant. */
function EventLine({ id }: { readonly id: number }) {
  const { caseId } = useOpenCase()
  const details = useAsk('events.get', { caseId, id }, { keepsPrevious: false }).value
  if (!details) return <p className={css['event']}>Event {id}</p>
  const { timeMs } = details.row
  return (
    <p className={css['event']}>
      <b>{visible(eventNameOf(details.json))}</b> {timeMs === null ? 'no readable time' : timeText(timeMs)}
    </p>
  )
}

function eventNameOf(json: string): string {
  try {
    const record: unknown = JSON.parse(json)
    const name = typeof record === 'object' && record !== null && 'eventName' in record ? record.eventName : undefined
    return typeof name === 'string' ? name : 'no event name'
  } catch {
    return 'no event name'
  }
}
