import { useEffect, useState } from 'react'
import { counted, grouped } from '#shared/base/count.ts'
import type { AskOf } from '#shared/contract/contract.ts'
import { targetWords, useAnnotations, useEventTarget, usePointed, useTargetIds } from '#renderer/client/annotations.ts'
import { useForget } from '#renderer/client/engine-context.tsx'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useJob, type Job } from '#renderer/client/use-job.ts'
import { useWindow } from '#renderer/client/window-services.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { ProgressBar } from '#renderer/ui/progress-bar.tsx'
import { takesText, useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { BookmarkDialog } from './bookmark-dialog.tsx'
import { useRecentTags } from './recent-tags.ts'
import { TagDialog, type TagWish } from './tag-dialog.tsx'
import type { TagLook } from './tag-form.tsx'

type TagJobs = { readonly apply: Job<'tags.apply'>; readonly remove: Job<'tags.remove'> }

/**
 * The keys that mark evidence, and their dialogs: `b` bookmarks, `t` tags, 1 to 9 give the last tags, Mod+z takes back, Mod+Shift+z does again.
 * Mounted once beside the places, so that work on a million events goes on when the place is changed.
 */
export function Annotate() {
  const open = useOpenCase()
  const place = useWorkspace((w) => w.view.place)
  const query = useWorkspace((w) => w.view.query)
  const target = useEventTarget()
  const { state, change, undo, redo } = useAnnotations()
  const { notify } = useWindow()
  const forget = useForget()
  const readIds = useTargetIds()
  const [dialog, setDialog] = useState<'bookmark' | 'tag' | null>(null)
  const [recent, rememberTag] = useRecentTags(open.uuid)
  const jobs: TagJobs = { apply: useJob('tags.apply'), remove: useJob('tags.remove') }
  const found = useAsk(
    'events.find',
    dialog === 'tag' ? { caseId: open.caseId, query, offset: 0, limit: 0, fields: [] } : null,
  ).value
  useDropStale(place)

  const mayChange = (): boolean => {
    if (open.readOnly === null) return true
    notify({ tone: 'trouble', text: open.readOnly })
    return false
  }
  const begin = (which: 'bookmark' | 'tag'): void => {
    if (!mayChange()) return
    if (which === 'bookmark' && target.kind === 'none') {
      notify({ tone: 'note', text: 'Go to an event first (Events, arrow keys), then b bookmarks it.' })
      return
    }
    setDialog(which)
  }

  const tag = async ({ name, remove, wholeQuery, define }: TagWish): Promise<void> => {
    setDialog(null)
    if (define) {
      const made = await change('tags.define', { name, ...define })
      if (!made.ok) return
    }
    const ids = wholeQuery ? undefined : await readIds(target)
    if (ids?.ok === false) {
      notify({ tone: 'trouble', text: ids.message })
      return
    }
    if (ids?.value.length === 0) {
      notify({
        tone: 'note',
        text: 'No event is chosen: go to one, select some with x, or tag all events of the query.',
      })
      return
    }
    const events: AskOf<'tags.apply'>['events'] = ids
      ? { kind: 'events', ids: [...ids.value] }
      : { kind: 'query', query }
    const reply = await jobs[remove ? 'remove' : 'apply'].start({ caseId: open.caseId, tag: name, events })
    if (!reply.ok) {
      if (reply.code !== 'cancelled') notify({ tone: 'trouble', text: reply.message })
      await forget(open.caseId)
      return
    }
    if (!remove) rememberTag(name)
    await forget(open.caseId)
    const { changed, already, act } = reply.value
    const words = remove
      ? `Took “${name}” off ${counted(changed, 'event')}`
      : `Tagged ${counted(changed, 'event')} with “${name}”`
    notify({
      tone: 'done',
      text: `${words}${already > 0 ? `; ${grouped(already)} ${remove ? 'did not carry' : 'carried'} it already` : ''}`,
      ...(act !== null && { action: { label: 'Undo', run: () => void undo(act) } }),
    })
  }
  const changeTag = async (name: string, wanted: Partial<TagLook> & { readonly retired?: boolean }): Promise<void> => {
    const made = await change('tags.define', { name, ...wanted })
    if (!made.ok) return
    setDialog(null)
    const words =
      wanted.retired === undefined
        ? `Changed the tag “${name}”`
        : wanted.retired
          ? `Retired the tag “${name}”; events keep it`
          : `The tag “${name}” is offered again`
    notify({ tone: 'done', text: words })
  }
  const tagByKey = (n: number): void => {
    const name = recent[n - 1]
    if (name === undefined) {
      notify({
        tone: 'note',
        text:
          n === 1
            ? 'No tag was used here yet; t gives the first.'
            : `There are only ${recent.length} recent tags; t lists all.`,
      })
      return
    }
    if (mayChange()) void tag({ name, remove: false, wholeQuery: false, define: undefined })
  }

  useKeyCommands([
    { id: 'bookmark', label: 'Bookmark the event', keys: ['b'], scope: 'Evidence', run: () => begin('bookmark') },
    {
      id: 'tag',
      label: 'Tag the event, the selection or all events of the query',
      keys: ['t'],
      scope: 'Evidence',
      run: () => begin('tag'),
    },
    ...Array.from({ length: 9 }, (_, i) => ({
      id: `tag-${i + 1}`,
      label: recent[i] === undefined ? `Recent tag ${i + 1}` : `Tag with ${recent[i]}`,
      keys: [String(i + 1)],
      scope: 'Evidence',
      run: () => tagByKey(i + 1),
    })),
    { id: 'undo', label: 'Take back what was marked last', keys: [], scope: 'Evidence', run: () => void undo() },
    { id: 'redo', label: 'Do again what was taken back', keys: [], scope: 'Evidence', run: () => void redo() },
    // Listed here, handled below: a text field keeps its own undo.
    { id: 'undo-key', label: 'Take back what was marked last', keys: ['Mod+z'], scope: 'Evidence' },
    { id: 'redo-key', label: 'Do again what was taken back', keys: ['Mod+Shift+z'], scope: 'Evidence' },
  ])
  useUndoKeys(
    () => void undo(),
    () => void redo(),
  )

  const known = target.kind === 'event' ? state?.bookmarks.find((one) => one.event?.id === target.id) : undefined
  return (
    <>
      {dialog === 'bookmark' && <BookmarkDialog target={target} known={known} onClose={() => setDialog(null)} />}
      {dialog === 'tag' && (
        <TagDialog
          target={target}
          tags={state?.tags ?? []}
          recent={recent}
          found={found?.total}
          onWish={(wish) => void tag(wish)}
          onChange={(name, wanted) => void changeTag(name, wanted)}
          onClose={() => setDialog(null)}
        />
      )}
      <TagProgress jobs={jobs} label={`Tagging ${targetWords(target)}`} />
    </>
  )
}

/** What a list pointed at says nothing once another place is shown. */
function useDropStale(place: string): void {
  useEffect(() => () => usePointed.getState().point({ active: null, selected: null }), [place])
}

function useUndoKeys(undo: () => void, redo: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      const isZ = (event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'z'
      if (!isZ || event.defaultPrevented || takesText(event.target) || document.querySelector('[data-keys-rest]'))
        return
      event.preventDefault()
      if (event.shiftKey) redo()
      else undo()
    }
    window.addEventListener('keydown', listen)
    return () => window.removeEventListener('keydown', listen)
  }, [undo, redo])
}

/** Shown only for work that lasts: how far it is, and Cancel. */
function TagProgress({ jobs, label }: { readonly jobs: TagJobs; readonly label: string }) {
  const job = jobs.apply.state.kind === 'running' ? jobs.apply : jobs.remove
  const [isLong, setIsLong] = useState(false)
  const isRunning = job.state.kind === 'running'
  useEffect(() => {
    if (!isRunning) return
    const timer = setTimeout(() => setIsLong(true), 700)
    return () => {
      clearTimeout(timer)
      setIsLong(false)
    }
  }, [isRunning])
  if (job.state.kind !== 'running' || !isLong) return null
  const { progress } = job.state
  return (
    <Dialog title="Tagging" isOpen onClose={job.cancel} width="narrow" isDismissable={false}>
      <ProgressBar
        label={progress?.phase === 'writing' ? 'Writing' : label}
        done={progress?.done ?? 0}
        total={progress?.total}
        unit="events"
        onCancel={job.cancel}
      />
    </Dialog>
  )
}
