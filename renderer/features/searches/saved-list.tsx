import { useState } from 'react'
import { Database, GitCompareArrows, LayoutPanelLeft, Link2, ListFilter, Pencil, Trash2 } from 'lucide-react'
import { grouped } from '#shared/base/count.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import { timeText } from '#shared/base/zone.ts'
import { comparisonAbout } from '#shared/domain/comparison.ts'
import { viewToAddress } from '#shared/domain/view-address.ts'
import { placeName, viewQuestion, viewSubject } from '#shared/domain/view-words.ts'
import { useOpenSaved, type Saved, type useSavedSearches } from '#renderer/client/saved-searches.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Button, IconButton } from '#renderer/ui/button.tsx'
import { EmptyState, ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import { SearchField, TextField } from '#renderer/ui/text-field.tsx'
import { RowList, type Row } from './row-list.tsx'
import css from './searches.module.css'

type Props = { readonly saved: ReturnType<typeof useSavedSearches>; readonly onDone: () => void }

/** What a line says below its name. */
const wordsOf = ({ target }: Saved): string => {
  if (target.kind === 'sql') return visible(target.sql.replaceAll(/\s+/g, ' '))
  const subject = viewSubject(target.view)
  return subject === '' ? viewQuestion(target.view) : `${cutMiddle(subject, 80)} · ${viewQuestion(target.view)}`
}

const kindOf = ({ kind, target }: Saved): string =>
  target.kind === 'sql' ? 'SQL statement' : kind === 'view' ? `view of ${placeName(target.view.place)}` : 'search'

/** Searches, views and statements that were saved in the case under a name. */
export function SavedList({ saved, onDone }: Props) {
  const [wanted, setWanted] = useState('')
  const [renaming, setRenaming] = useState<Saved | null>(null)
  const open = useOpenSaved()
  const look = useWorkspace((w) => w.look)
  const zone = useZone()
  const { notify } = useWindow()
  const { list, failure, isReadOnly } = saved
  if (failure)
    return (
      <ErrorState
        title="What was saved cannot be listed"
        safe="Nothing in the case was changed."
        advice={failure.message}
      />
    )
  if (!list) return <Skeleton lines={5} label="Reading what was saved" />
  if (list.length === 0)
    return (
      <EmptyState icon={ListFilter} title="Nothing is saved in this case yet">
        Close this and press s, in the search box Ctrl+S: the search, or the view as it is shown, is kept under a name.
      </EmptyState>
    )
  const needle = wanted.trim().toLowerCase()
  const shown = list.filter((one) => `${one.name} ${one.note} ${wordsOf(one)} ${one.by}`.toLowerCase().includes(needle))
  const done = (act: () => unknown) => () => {
    act()
    onDone()
  }
  const rows = shown.map((one): Row => {
    const { target } = one
    const Icon = target.kind === 'sql' ? Database : one.kind === 'view' ? LayoutPanelLeft : ListFilter
    const name = visible(one.name)
    const rename = (): void => setRenaming(one)
    const remove = (): void => {
      focusDialog()
      void saved.remove(one)
    }
    return {
      id: one.id,
      onOpen: done(() => open(one)),
      ...(!isReadOnly && { keys: { F2: rename, Delete: remove } }),
      children: (
        <>
          <Icon aria-hidden size={14} className={css['icon']} />
          <span className={css['name']}>{name}</span>
          <span className={css['meta']}>
            {kindOf(one)} · {visible(one.by)} · {timeText(Math.floor(one.atMs / 1000) * 1000, zone)}
          </span>
          <span className={css['words']} title={wordsOf(one)}>
            {wordsOf(one)}
          </span>
          {one.note !== '' && <span className={css['words']}>{visible(one.note)}</span>}
        </>
      ),
      tools: (
        <>
          {target.kind === 'view' && (
            <>
              <IconButton
                size="small"
                icon={GitCompareArrows}
                label={`Compare what is shown with ${name}`}
                onPress={done(() => look({ place: 'events', about: comparisonAbout(one.query) }))}
              />
              <IconButton
                size="small"
                icon={Link2}
                label={`Copy the address of ${name}`}
                onPress={() => {
                  void navigator.clipboard.writeText(`#${viewToAddress(target.view)}`)
                  notify({
                    tone: 'done',
                    text: 'The address inside the window is in the clipboard. It opens the view in this case.',
                  })
                }}
              />
            </>
          )}
          <IconButton
            size="small"
            icon={Pencil}
            label={`Rename ${name}`}
            keys="F2"
            onPress={rename}
            isDisabled={isReadOnly}
          />
          <IconButton
            size="small"
            icon={Trash2}
            label={`Remove ${name}`}
            keys="Delete"
            onPress={remove}
            isDisabled={isReadOnly}
          />
        </>
      ),
    }
  })
  return (
    <div className={css['panel']}>
      <div className={css['bar']}>
        <SearchField label="Find a saved search" value={wanted} onChange={setWanted} autoFocus />
        <span className={css['quiet']} role="status">
          {grouped(shown.length)} of {grouped(list.length)}, the latest first
        </span>
      </div>
      {renaming && (
        <Rename
          key={renaming.id}
          name={renaming.name}
          onCancel={() => setRenaming(null)}
          onName={async (name) => {
            if (!(await saved.rename(renaming, name))) return
            focusDialog()
            setRenaming(null)
          }}
        />
      )}
      {rows.length === 0 ? (
        <EmptyState title="No saved search has this in its name or words">
          None of {grouped(list.length)} matches.
        </EmptyState>
      ) : (
        <RowList label="Saved searches" rows={rows} />
      )}
      {isReadOnly && (
        <p className={css['warn']}>The case is open for reading only: nothing can be renamed or removed.</p>
      )}
    </div>
  )
}

/** A line or a field that goes takes the focus with it: the keys of the dialog work on. */
function focusDialog(): void {
  const dialog = document.querySelector('[role=dialog]')
  if (dialog instanceof HTMLElement) dialog.focus()
}

function Rename({
  name,
  onName,
  onCancel,
}: {
  readonly name: string
  readonly onName: (name: string) => Promise<void>
  readonly onCancel: () => void
}) {
  const [next, setNext] = useState(name)
  const take = (): void => {
    if (next.trim() !== '') void onName(next.trim())
  }
  return (
    <div className={css['rename']} role="group" aria-label="Rename">
      <TextField label="New name" value={next} onChange={setNext} autoFocus onEnter={take} />
      <Button onPress={onCancel}>Cancel</Button>
      <Button tone="primary" onPress={take} isDisabled={next.trim() === ''}>
        Rename
      </Button>
    </div>
  )
}
