import { useWorkspace } from '#renderer/client/workspace.ts'
import { AcquireView } from '#renderer/features/acquire/acquire-view.tsx'
import { EvidenceFiles } from '#renderer/features/evidence/evidence-files.tsx'
import { IntegrityView } from '#renderer/features/integrity/integrity-view.tsx'
import { Tabs, type TabItem } from '#renderer/ui/tabs.tsx'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { useIntake } from './intake.tsx'

/** Evidence: what was handed over and what became of it, each side of that a tab. The tab is part of the address. */
export function EvidencePlace() {
  const intake = useIntake()
  const about = useWorkspace((w) => w.view.about)
  const go = useWorkspace((w) => w.go)
  const tabs: readonly TabItem[] = [
    { id: 'files', label: 'Files', children: <EvidenceFiles intake={intake} /> },
    { id: 'integrity', label: 'Integrity', children: <IntegrityView /> },
    { id: 'acquire', label: 'Acquire from S3', children: <AcquireView /> },
  ]
  useKeyCommands([
    { id: 'acquire', label: 'Acquire from S3', keys: [], scope: 'Evidence', run: () => go('evidence', 'acquire') },
  ])
  // What follows the colon says what is open inside that tab, such as a proof card.
  const selected = tabs.find(({ id }) => id === about?.split(':')[0]) ?? tabs[0]!
  return <Tabs label="Evidence" items={tabs} selected={selected.id} onSelect={(id) => go('evidence', id)} />
}
