import { grouped } from '#shared/base/count.ts'
import { useSavedSearches } from '#renderer/client/saved-searches.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Dialog } from '#renderer/ui/dialog.tsx'
import { Tabs } from '#renderer/ui/tabs.tsx'
import { HistoryList } from './history-list.tsx'
import { SavedList } from './saved-list.tsx'

export type SearchesListProps = {
  readonly tab: 'saved' | 'history'
  readonly onTab: (tab: 'saved' | 'history') => void
  readonly onClose: () => void
}

/** What was saved in the case, and what was looked at on this machine. */
export function SearchesList({ tab, onTab, onClose }: SearchesListProps) {
  const saved = useSavedSearches()
  const steps = useWorkspace((w) => w.history.nodes.length)
  return (
    <Dialog title="Searches" isOpen onClose={onClose} width="wide">
      <Tabs
        label="Searches"
        selected={tab}
        onSelect={(id) => onTab(id === 'history' ? 'history' : 'saved')}
        items={[
          {
            id: 'saved',
            label: 'Saved in the case',
            ...(saved.list && { count: grouped(saved.list.length) }),
            children: <SavedList saved={saved} onDone={onClose} />,
          },
          { id: 'history', label: 'History', count: grouped(steps), children: <HistoryList onDone={onClose} /> },
        ]}
      />
    </Dialog>
  )
}
