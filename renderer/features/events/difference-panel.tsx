import { GitCompareArrows, X, ZoomIn } from 'lucide-react'
import { utcMs } from '#shared/base/time.ts'
import { comparisonAbout } from '#shared/domain/comparison.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { IconButton } from '#renderer/ui/button.tsx'
import { rangeText } from '#renderer/ui/date-time-range.tsx'
import { EmptyState, ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { ComparedValues } from './compared-values.tsx'
import { comparedFields } from './facet-fields.ts'
import { applyTarget, targetOf } from './filters.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import css from './events.module.css'

export type DifferencePanelProps = { readonly span: TimeRange; readonly onClose: () => void }

/** What is different here: values whose share in the marked span differs most from their share in the rest of the result. */
export function DifferencePanel({ span, onClose }: DifferencePanelProps) {
  const { caseId } = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const ask = useWorkspace((w) => w.ask)
  const look = useWorkspace((w) => w.look)
  const zone = useZone()
  // Zoomed into the span there is no rest in sight: then it is compared with all of the query.
  const covered = span.from <= (query.from ?? -Infinity) && span.to >= (query.to ?? Infinity)
  const inside = {
    ...query,
    from: utcMs(Math.max(span.from, query.from ?? span.from)),
    to: utcMs(Math.min(span.to, query.to ?? span.to)),
  }
  const outside = covered ? { ...query, from: undefined, to: undefined } : query
  const compared = useAsk('events.compare', { caseId, inside, outside, fields: [...comparedFields], top: 5 })
  const keep = (): void => {
    look({ query: inside, about: comparisonAbout(outside) })
    onClose()
  }
  const zoom = (): void => {
    ask({ from: utcMs(span.from), to: utcMs(span.to) })
    onClose()
  }
  return (
    <section className={css['difference']} aria-label="What is different here">
      <header className={css['differenceHead']}>
        <h2>What is different here?</h2>
        <IconButton label="Compare the span with another query" icon={GitCompareArrows} size="small" onPress={keep} />
        <IconButton label="Zoom into the span" icon={ZoomIn} size="small" onPress={zoom} />
        <IconButton label="Close the comparison" icon={X} size="small" onPress={onClose} />
      </header>
      <p className={css['differenceSpan']}>{rangeText(span, zone)}</p>
      {compared.failure ? (
        <ErrorState
          title="The span could not be compared."
          safe="Nothing in the case was changed."
          advice={compared.failure.message}
        />
      ) : compared.value ? (
        <div className={compared.isStale ? css['dimmed'] : undefined}>
          <Compared
            answer={compared.value}
            onChoose={(field, value) => ask(applyTarget(query, targetOf(field, value), false))}
          />
        </div>
      ) : (
        <Skeleton lines={8} label="Comparing" />
      )}
    </section>
  )
}

type ComparedProps = {
  readonly answer: OutputOf<'events.compare'>
  readonly onChoose: (field: string, value: string | null) => void
}

function Compared({ answer, onChoose }: ComparedProps) {
  if (answer.inside === 0 || answer.outside === 0)
    return (
      <EmptyState title="There is nothing to compare">
        {answer.inside === 0
          ? 'No event of the result lies in this span. Mark another one.'
          : 'All events of the result lie in this span. Mark a shorter one, or widen the range.'}
      </EmptyState>
    )
  return <ComparedValues answer={answer} sides={['here', 'in the rest']} onChoose={onChoose} />
}
