import { SearchX, Inbox } from 'lucide-react'
import type { ReactNode } from 'react'
import { counted } from '#shared/base/count.ts'
import { everything, type EventQuery } from '#shared/domain/query/query.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'

/** Why the list is empty, what that does not prove, and what would bring events back. */
export function NoEvents({ query }: { readonly query: EventQuery }) {
  const { events, importing } = useOpenCase()
  const go = useWorkspace((w) => w.go)
  if (events === 0)
    return (
      <EmptyState
        icon={Inbox}
        title="There are no events in this case yet"
        actions={<Button onPress={() => go('evidence')}>Go to Evidence</Button>}
      >
        {importing ? 'An import is running: events appear here as they are stored.' : 'Add evidence first.'}
      </EmptyState>
    )
  return (
    <EmptyState icon={SearchX} title="No event matches" actions={<WaysBack query={query} />}>
      <p>
        That no event is found is not proof that nothing happened. It says only that no record in this evidence matches:
        a trail records what it is set to record, and files can be missing.
      </p>
      <DataEvents />
    </EmptyState>
  )
}

/** Whether reads of objects could be seen at all. */
function DataEvents() {
  const { caseId } = useOpenCase()
  const found = useAsk('events.facets', { caseId, query: everything, fields: ['eventCategory'], top: 20 })
  const values = found.value?.facets[0]?.values
  if (!values) return null
  const data = values.find(({ value }) => value === 'Data')?.count ?? 0
  return (
    <p>
      {data === 0
        ? 'There are no data events in this evidence: reading and writing of S3 objects, calls of Lambda functions and the like would not be visible.'
        : `This evidence holds ${counted(data, 'data event')}, of the resources for which they were switched on.`}
    </p>
  )
}

type Way = { readonly id: string; readonly label: string; readonly query: EventQuery }

/** The query with one part less, where that finds something. */
function waysBack(query: EventQuery): readonly Way[] {
  const ways: Way[] = []
  if (query.from !== undefined || query.to !== undefined)
    ways.push({ id: 'range', label: 'Without the range', query: { ...query, from: undefined, to: undefined } })
  if (query.facets.length > 0)
    ways.push({ id: 'facets', label: 'Without the filters', query: { ...query, facets: [] } })
  if (query.text.trim() !== '') ways.push({ id: 'text', label: 'Without the search', query: { ...query, text: '' } })
  return ways
}

function WaysBack({ query }: { readonly query: EventQuery }): ReactNode {
  const ask = useWorkspace((w) => w.ask)
  const ways = waysBack(query)
  return (
    <>
      {ways.map((way) => (
        <WayBack key={way.id} way={way} />
      ))}
      {ways.length > 1 && (
        <Button onPress={() => ask({ ...everything, from: undefined, to: undefined })}>All events</Button>
      )}
    </>
  )
}

function WayBack({ way }: { readonly way: Way }) {
  const { caseId } = useOpenCase()
  const ask = useWorkspace((w) => w.ask)
  const total = useAsk('events.find', { caseId, query: way.query, offset: 0, limit: 0, fields: [] }).value?.total
  return (
    <Button onPress={() => ask(way.query)} isDisabled={total === 0}>
      {way.label}
      {total === undefined ? '' : `: ${counted(total, 'event')}`}
    </Button>
  )
}
