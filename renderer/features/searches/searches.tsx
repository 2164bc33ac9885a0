import { ArrowLeft, ArrowRight, History, Save } from 'lucide-react'
import { canGoBack, canGoForward } from '#renderer/client/history-tree.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { IconButton } from '#renderer/ui/button.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { useOpened } from './opened.ts'
import { SaveDialog } from './save-dialog.tsx'
import { SearchesList } from './searches-list.tsx'
import css from './searches.module.css'

/** Walking back and forward; stands before the search. */
export function WalkButtons() {
  const { back, forward } = useWorkspace.getState()
  const history = useWorkspace((w) => w.history)
  return (
    <div className={css['buttons']} role="group" aria-label="History">
      <IconButton label="Back" icon={ArrowLeft} keys="[" onPress={back} isDisabled={!canGoBack(history)} />
      <IconButton label="Forward" icon={ArrowRight} keys="]" onPress={forward} isDisabled={!canGoForward(history)} />
    </div>
  )
}

/** Saving what is shown, and the list of what was saved and looked at; stands after the search. */
export function Searches() {
  const { opened, open } = useOpened()
  const close = (): void => open({ kind: 'none' })
  const save = (): void => open({ kind: 'save', view: useWorkspace.getState().view })
  const list = (tab: 'saved' | 'history'): void => open({ kind: 'list', tab })
  useKeyCommands([
    { id: 'save-view', label: 'Save this search or view in the case', keys: ['s'], scope: 'Everywhere', run: save },
    { id: 'saved', label: 'Saved searches', keys: ['S'], scope: 'Everywhere', run: () => list('saved') },
    {
      id: 'history',
      label: 'History of what was looked at',
      keys: ['h'],
      scope: 'Everywhere',
      run: () => list('history'),
    },
  ])
  return (
    <div className={css['buttons']}>
      <IconButton label="Save this search or view" icon={Save} keys="s" onPress={save} />
      <IconButton label="Saved searches and history" icon={History} keys="S" onPress={() => list('saved')} />
      {opened.kind === 'list' && <SearchesList tab={opened.tab} onTab={list} onClose={close} />}
      {opened.kind === 'save' && <SaveDialog view={opened.view} onClose={close} />}
    </div>
  )
}
