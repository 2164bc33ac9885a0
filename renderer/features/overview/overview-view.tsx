import { Inbox } from 'lucide-react'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Button } from '#renderer/ui/button.tsx'
import { cx } from '#renderer/ui/cx.ts'
import { EmptyState, ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import { Activity } from './activity.tsx'
import { LookFirst } from './look-first.tsx'
import { Numbers } from './numbers.tsx'
import { Sentence } from './sentence.tsx'
import { Tops } from './tops.tsx'
import { Unseen } from '#renderer/ui/unseen.tsx'
import css from './overview.module.css'

/** How often it is asked again while an import brings more. */
const WHILE_MORE_MS = 4000

/** Is something wrong, and where do I start: the events of the query on one screen, every number a link. */
export function OverviewView() {
  const open = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const go = useWorkspace((w) => w.go)
  const ask = useWorkspace((w) => w.ask)
  const asked = useAsk(
    'cases.overview',
    { caseId: open.caseId, query },
    { everyMs: open.importing ? WHILE_MORE_MS : undefined },
  )
  const { value: overview, failure } = asked
  if (failure && !overview)
    return (
      <ErrorState
        title="The overview cannot be made"
        safe="Nothing in the case was changed."
        advice={failure.message}
        code={failure.code}
        actions={<Button onPress={asked.again}>Try again</Button>}
      />
    )
  if (!overview) return <Loading />
  if (overview.all === 0)
    return (
      <EmptyState
        icon={Inbox}
        title="There are no events in this case yet"
        actions={<Button onPress={() => go('evidence')}>Go to Evidence</Button>}
      >
        {open.importing ? 'An import is running: the overview fills as events are stored.' : 'Add evidence first.'}
      </EmptyState>
    )
  if (overview.total === 0)
    return (
      <EmptyState
        icon={Inbox}
        title="No event matches the query"
        actions={
          <Button onPress={() => ask({ text: '', facets: [], from: undefined, to: undefined })}>All events</Button>
        }
      >
        The overview follows the search and the range above.
      </EmptyState>
    )
  return (
    <div className={cx(css['view'], asked.isStale && css['stale'])} aria-busy={asked.isStale}>
      <Unseen as="h1">Overview</Unseen>
      <Sentence overview={overview} />
      <Activity overview={overview} />
      <div className={css['columns']}>
        <LookFirst items={overview.lookAt} />
        <Numbers overview={overview} />
        <Tops overview={overview} />
      </div>
    </div>
  )
}

function Loading() {
  return (
    <div className={css['view']}>
      <Skeleton lines={8} label="Counting the events of the case" />
    </div>
  )
}
