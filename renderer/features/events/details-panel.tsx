import { X } from 'lucide-react'
import { useMemo } from 'react'
import { counted } from '#shared/base/count.ts'
import { everything } from '#shared/domain/query/query.ts'
import type { EventDetails } from '#shared/contract/events.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Button, IconButton } from '#renderer/ui/button.tsx'
import { parseJsonNode } from '#renderer/ui/json/json-node.ts'
import { ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import { Tabs } from '#renderer/ui/tabs.tsx'
import { DetailsHead } from './details-head.tsx'
import { ProofTab } from './proof-tab.tsx'
import { RawTab } from './raw-tab.tsx'
import { RelatedTab } from './related-tab.tsx'
import { readText, useRemembered } from './remembered.ts'
import { TreeTab, type TreeMenu } from './tree-tab.tsx'
import css from './events.module.css'

export type DetailsPanelProps = { readonly event: number; readonly onTreeMenu: TreeMenu }

/** Everything about one event: what it says, its exact bytes, what is tied to it, and how it is vouched for. */
export function DetailsPanel({ event, onTreeMenu }: DetailsPanelProps) {
  const { caseId } = useOpenCase()
  const select = useWorkspace((w) => w.select)
  const details = useAsk('events.get', { caseId, id: event })
  return (
    <aside className={css['details']} aria-label="Event details">
      <IconButtonClose onClose={() => select(null)} />
      {details.failure ? (
        <ErrorState
          title="This event could not be read."
          safe="Nothing in the case was changed."
          advice={details.failure.message}
          code={details.failure.code}
          actions={<Button onPress={details.again}>Read again</Button>}
        />
      ) : details.value ? (
        <div className={details.isStale ? css['detailsStale'] : css['detailsBody']}>
          <Outside event={event} />
          <Shown details={details.value} onTreeMenu={onTreeMenu} />
        </div>
      ) : (
        <Skeleton lines={10} label="Reading the event" />
      )}
    </aside>
  )
}

const IconButtonClose = ({ onClose }: { readonly onClose: () => void }) => (
  <span className={css['closeDetails']}>
    <IconButton label="Close the details" icon={X} keys="Escape" size="small" onPress={onClose} />
  </span>
)

/** Says so when the event is not among the events of the query. */
function Outside({ event }: { readonly event: number }) {
  const { caseId } = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const look = useWorkspace((w) => w.look)
  const place = useAsk('events.locate', { caseId, id: event, query }, { keepsPrevious: false }).value
  if (place?.index !== null) return null
  return (
    <p className={css['outside']}>
      Not among the events of this query.{' '}
      <button
        type="button"
        className={css['link']}
        onClick={() => look({ query: { ...everything, sort: query.sort }, event })}
      >
        Find it among all events
      </button>
    </p>
  )
}

function Shown({ details, onTreeMenu }: { readonly details: EventDetails; readonly onTreeMenu: TreeMenu }) {
  const root = useMemo(() => parseJsonNode(details.json), [details.json])
  const [tab, setTab] = useRemembered('tab', 'tree', readText)
  const { places } = details
  return (
    <>
      <DetailsHead details={details} root={root} />
      <Tabs
        label="Event"
        selected={['tree', 'raw', 'related', 'proof'].includes(tab) ? tab : 'tree'}
        onSelect={setTab}
        items={[
          {
            id: 'tree',
            label: 'Tree',
            children: root ? (
              <TreeTab key={details.row.id} root={root} onMenu={onTreeMenu} />
            ) : (
              <p className={css['note']}>This record is no JSON that can be drawn. Raw shows its exact bytes.</p>
            ),
          },
          { id: 'raw', label: 'Raw', children: <RawTab details={details} /> },
          { id: 'related', label: 'Related', children: <RelatedTab event={details.row.id} /> },
          {
            id: 'proof',
            label: 'Proof',
            ...(places.length > 1 && { count: counted(places.length, 'place') }),
            children: <ProofTab details={details} />,
          },
        ]}
      />
    </>
  )
}
