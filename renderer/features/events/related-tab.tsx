import { counted } from '#shared/base/count.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import type { RelationKind } from '#shared/contract/events.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import { shortPrincipal } from './event-fields.ts'
import css from './events.module.css'

const words: Readonly<Record<RelationKind, string>> = {
  credential: 'same access key',
  session: 'same session',
  principal: 'same principal',
  address: 'same address',
  agent: 'same agent',
  resource: 'same resource',
  request: 'same request',
  shared: 'same shared event',
  minutes: 'five minutes around',
}

/** What this event has in common with others: each line leads to them. */
export function RelatedTab({ event }: { readonly event: number }) {
  const { caseId } = useOpenCase()
  const related = useAsk('events.related', { caseId, id: event })
  if (related.failure)
    return (
      <ErrorState
        title="Related events could not be counted."
        safe="Nothing in the case was changed."
        advice={related.failure.message}
      />
    )
  if (!related.value) return <Skeleton lines={7} label="Counting related events" />
  const { look, view } = useWorkspace.getState()
  return (
    <div className={css['related']}>
      <p className={css['relatedHint']}>Each line shows these events, in place of the present query.</p>
      <ul className={related.isStale ? css['dimmed'] : undefined}>
        {related.value.relations.map(({ kind, value, count, query }) => (
          <li key={kind}>
            <button
              type="button"
              className={css['relation']}
              disabled={count < 2}
              title={visible(value)}
              onClick={() => look({ query: { ...query, sort: view.query.sort } })}
            >
              <span className={css['relationKind']}>{words[kind]}</span>
              <span className={css['relationValue']}>{visible(cutMiddle(shortPrincipal(value), 60))}</span>
              <span className={css['relationCount']}>{count < 2 ? 'only this one' : counted(count, 'event')}</span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  )
}
