import { useRef, type KeyboardEvent } from 'react'
import { ArrowDown, ArrowUp, BookmarkCheck, Flag, ListFilter, Pilcrow, Plus, Trash2 } from 'lucide-react'
import { visible } from '#shared/base/visible.ts'
import type { AnnotationStateShown } from '#shared/contract/annotations.ts'
import type { StoryBlock } from '#shared/domain/annotation.ts'
import { queryWords } from '#shared/domain/query/query-words.ts'
import { savedTarget } from '#shared/domain/saved-view.ts'
import { useAnnotations } from '#renderer/client/annotations.ts'
import { useOpenSaved } from '#renderer/client/saved-searches.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Badge } from '#renderer/ui/badge.tsx'
import { Button, IconButton } from '#renderer/ui/button.tsx'
import { MenuButton, type MenuAction } from '#renderer/ui/menu.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { timeText } from '#shared/base/zone.ts'
import { moved, newBlockId, withBlock } from './order.ts'
import { useDraft } from './use-draft.ts'
import css from './story.module.css'

type BlocksProps = {
  readonly said: AnnotationStateShown
  readonly isReadOnly: boolean
  readonly onFinding: (id: string) => void
}

/** The story, block by block: prose, findings, exhibits and saved views, in the order in which they are read and printed. */
export function StoryBlocks({ said, isReadOnly, onFinding }: BlocksProps) {
  const { change } = useAnnotations()
  const list = useRef<HTMLOListElement>(null)
  const { story } = said
  const write = (blocks: readonly StoryBlock[]): void => void change('story.set', { blocks: [...blocks] })
  const add = (block: StoryBlock): void => write([...story, block])
  const move = (at: number, by: -1 | 1): void => {
    const id = story[at]?.id
    void change('story.set', { blocks: [...moved(story, at, by)] }).then(() => focusBlock(list.current, id))
  }
  const onKeyDown = (event: KeyboardEvent, at: number): void => {
    if (!event.altKey || isReadOnly || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    move(at, event.key === 'ArrowUp' ? -1 : 1)
  }
  return (
    <div className={css['blocks']}>
      {story.length === 0 && (
        <EmptyState icon={Pilcrow} title="Nothing is told yet">
          Add prose, findings, exhibits and saved views in the order in which they should be read. All exhibits stand in
          the printed timeline either way.
        </EmptyState>
      )}
      <ol ref={list} aria-label="Story">
        {story.map((block, n) => (
          <li
            key={block.id}
            data-block={block.id}
            tabIndex={-1}
            className={css['block']}
            onKeyDown={(event) => onKeyDown(event, n)}
          >
            <div className={css['blockTools']}>
              <IconButton
                size="small"
                icon={ArrowUp}
                label="Move up"
                keys="Alt+ArrowUp"
                isDisabled={isReadOnly || n === 0}
                onPress={() => move(n, -1)}
              />
              <IconButton
                size="small"
                icon={ArrowDown}
                label="Move down"
                keys="Alt+ArrowDown"
                isDisabled={isReadOnly || n === story.length - 1}
                onPress={() => move(n, 1)}
              />
              <IconButton
                size="small"
                icon={Trash2}
                label="Take out of the story"
                isDisabled={isReadOnly}
                onPress={() => write(story.filter((one) => one.id !== block.id))}
              />
            </div>
            <BlockBody
              block={block}
              said={said}
              isReadOnly={isReadOnly}
              onFinding={onFinding}
              onWrite={(next) => write(withBlock(story, next))}
            />
          </li>
        ))}
      </ol>
      {!isReadOnly && <AddBlock said={said} onAdd={add} onFinding={onFinding} />}
    </div>
  )
}

function focusBlock(list: HTMLElement | null, id: string | undefined): void {
  const block = [...(list?.children ?? [])].find((one) => one instanceof HTMLElement && one.dataset['block'] === id)
  if (block instanceof HTMLElement) block.focus()
}

type BodyProps = BlocksProps & { readonly block: StoryBlock; readonly onWrite: (block: StoryBlock) => void }

function BlockBody({ block, said, isReadOnly, onFinding, onWrite }: BodyProps) {
  const openSaved = useOpenSaved()
  switch (block.kind) {
    case 'prose':
      return (
        <Prose
          label="Prose"
          value={block.text}
          rows={5}
          isReadOnly={isReadOnly}
          onWrite={(text) => onWrite({ ...block, text })}
        />
      )
    case 'finding': {
      const finding = said.findings.find((one) => one.id === block.finding)
      if (!finding) return <Gone what="finding" />
      return (
        <div className={css['reference']}>
          <Flag aria-hidden size={14} />
          <button type="button" className={css['link']} onClick={() => onFinding(finding.id)}>
            {visible(finding.title) || 'Finding without a title'}
          </button>
          <Badge>{finding.kind}</Badge>
          <Badge>{finding.confidence} confidence</Badge>
        </div>
      )
    }
    case 'exhibit': {
      const bookmark = said.bookmarks.find((one) => one.exhibit === block.exhibit)
      return (
        <div className={css['stack']}>
          {bookmark ? <ExhibitLine bookmark={bookmark} /> : <Gone what={`exhibit ${block.exhibit}`} />}
          <Prose
            label="Words to the exhibit"
            value={block.text}
            rows={2}
            isReadOnly={isReadOnly}
            onWrite={(text) => onWrite({ ...block, text })}
          />
        </div>
      )
    }
    case 'view': {
      const search = said.searches.find((one) => one.id === block.search)
      return (
        <div className={css['stack']}>
          {search ? (
            <div className={css['reference']}>
              <ListFilter aria-hidden size={14} />
              <button
                type="button"
                className={css['link']}
                onClick={() => void openSaved({ id: search.id, target: savedTarget(search) })}
              >
                {visible(search.name)}
              </button>
              <code>{queryWords(search.query) || 'all events'}</code>
            </div>
          ) : (
            <Gone what="saved view" />
          )}
          <Prose
            label="Words to the view"
            value={block.text}
            rows={2}
            isReadOnly={isReadOnly}
            onWrite={(text) => onWrite({ ...block, text })}
          />
        </div>
      )
    }
  }
}

const Gone = ({ what }: { readonly what: string }) => (
  <p className={css['gone']}>The {visible(what)} that stood here was removed. Its history is in the custody log.</p>
)

export function ExhibitLine({ bookmark }: { readonly bookmark: AnnotationStateShown['bookmarks'][number] }) {
  const { event } = bookmark
  return (
    <div className={css['reference']}>
      <BookmarkCheck aria-hidden size={14} />
      <button
        type="button"
        className={css['link']}
        disabled={!event}
        onClick={() => event && useWorkspace.getState().look({ place: 'events', event: event.id })}
      >
        {bookmark.exhibit}
      </button>
      <span className={css['exhibitWords']}>
        {visible(bookmark.title === '' ? (event?.eventName ?? 'evidence is not in this case') : bookmark.title)}
      </span>
      {event?.timeMs != null && <time className={css['quiet']}>{timeText(event.timeMs)}</time>}
    </div>
  )
}

function Prose({
  label,
  value,
  rows,
  isReadOnly,
  onWrite,
}: {
  readonly label: string
  readonly value: string
  readonly rows: number
  readonly isReadOnly: boolean
  readonly onWrite: (text: string) => void
}) {
  const draft = useDraft(value, onWrite)
  return (
    <div onBlur={draft.onBlur}>
      <TextField label={label} value={draft.value} onChange={draft.onChange} rows={rows} isDisabled={isReadOnly} />
    </div>
  )
}

function AddBlock({
  said,
  onAdd,
  onFinding,
}: {
  readonly said: AnnotationStateShown
  readonly onAdd: (block: StoryBlock) => void
  readonly onFinding: (id: string) => void
}) {
  const { change } = useAnnotations()
  const placed = new Set(
    said.story.map((block) =>
      block.kind === 'finding' ? block.finding : block.kind === 'exhibit' ? block.exhibit : '',
    ),
  )
  const newFinding = async (): Promise<void> => {
    const made = await change('findings.set', { title: 'New finding' })
    if (!made.ok) return
    onAdd({ id: newBlockId(), kind: 'finding', finding: made.value.id })
    onFinding(made.value.id)
  }
  const findings: readonly MenuAction[] = [
    { id: 'new', label: 'Write a new finding', onAction: () => void newFinding() },
    ...said.findings
      .filter((one) => !placed.has(one.id))
      .map((one) => ({
        id: one.id,
        label: visible(one.title),
        onAction: () => onAdd({ id: newBlockId(), kind: 'finding', finding: one.id }),
      })),
  ]
  const exhibits: readonly MenuAction[] = said.bookmarks
    .filter((one) => !placed.has(one.exhibit))
    .map((one) => ({
      id: one.id,
      label: visible(`${one.exhibit} ${one.title === '' ? (one.event?.eventName ?? '') : one.title}`),
      onAction: () => onAdd({ id: newBlockId(), kind: 'exhibit', exhibit: one.exhibit, text: '' }),
    }))
  // Statements of the SQL console have no events that could be printed.
  const viewable = said.searches.filter((one) => savedTarget(one).kind === 'view')
  const views: readonly MenuAction[] = viewable.map((one) => ({
    id: one.id,
    label: visible(one.name),
    onAction: () => onAdd({ id: newBlockId(), kind: 'view', search: one.id, text: '' }),
  }))
  return (
    <div className={css['add']} role="group" aria-label="Add to the story">
      <Button icon={Pilcrow} onPress={() => onAdd({ id: newBlockId(), kind: 'prose', text: '' })}>
        Prose
      </Button>
      <MenuButton label="Findings" groups={[{ id: 'findings', actions: findings }]}>
        <Button icon={Flag}>Finding</Button>
      </MenuButton>
      <MenuButton
        label="Exhibits"
        groups={[
          {
            id: 'exhibits',
            actions: exhibits.length > 0 ? exhibits : [nothing('No further exhibit: bookmark events with b')],
          },
        ]}
      >
        <Button icon={BookmarkCheck}>Exhibit</Button>
      </MenuButton>
      <MenuButton
        label="Saved views"
        groups={[{ id: 'views', actions: views.length > 0 ? views : [nothing('No search or view is saved yet')] }]}
      >
        <Button icon={ListFilter}>Saved view</Button>
      </MenuButton>
      <Plus aria-hidden size={14} className={css['quiet']} />
    </div>
  )
}

const nothing = (label: string): MenuAction => ({ id: 'nothing', label, isDisabled: true, onAction: () => undefined })
