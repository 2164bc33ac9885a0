import { X, ZoomIn } from 'lucide-react'
import { counted } from '#shared/base/count.ts'
import { utcMs } from '#shared/base/time.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { BarPair } from '#renderer/ui/bar-pair.tsx'
import { IconButton } from '#renderer/ui/button.tsx'
import { rangeText } from '#renderer/ui/date-time-range.tsx'
import { EmptyState, ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import type { TimeRange } from '#renderer/ui/time-axis.ts'
import { comparedFields, fieldLabel } from './facet-fields.ts'
import { applyTarget, targetOf } from './filters.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import { valueLabel } from './value-label.ts'
import css from './events.module.css'

export type DifferencePanelProps = { readonly span: TimeRange; readonly onClose: () => void }

/** What is different here: values whose share in the marked span differs most from their share in the rest of the result. */
export function DifferencePanel({ span, onClose }: DifferencePanelProps) {
  const { caseId } = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const ask = useWorkspace((w) => w.ask)
  const zone = useZone()
  // Zoomed into the span there is no rest in sight: then it is compared with all of the query.
  const covered = span.from <= (query.from ?? -Infinity) && span.to >= (query.to ?? Infinity)
  const compared = useAsk('events.compare', {
    caseId,
    inside: {
      ...query,
      from: utcMs(Math.max(span.from, query.from ?? span.from)),
      to: utcMs(Math.min(span.to, query.to ?? span.to)),
    },
    outside: covered ? { ...query, from: undefined, to: undefined } : query,
    fields: [...comparedFields],
    top: 5,
  })
  const zoom = (): void => {
    ask({ from: utcMs(span.from), to: utcMs(span.to) })
    onClose()
  }
  return (
    <section className={css['difference']} aria-label="What is different here">
      <header className={css['differenceHead']}>
        <h2>What is different here?</h2>
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
  return (
    <>
      <p className={css['differenceCounts']}>
        <span className={css['here']}>{counted(answer.inside, 'event')} here</span>
        <span className={css['elsewhere']}>{counted(answer.outside, 'event')} in the rest</span>
      </p>
      {answer.fields.length === 0 && (
        <EmptyState title="No value differs">
          The shares of all values are the same here and in the rest, as far as chance lets one tell.
        </EmptyState>
      )}
      {answer.fields.map(({ field, values }) => {
        const full = Math.max(...values.flatMap((v) => [v.inside / answer.inside, v.outside / answer.outside]))
        return (
          <div key={field} className={css['comparedField']}>
            <h3>{fieldLabel(field)}</h3>
            {values.map(({ value, inside, outside }) => (
              <BarPair
                key={value ?? '\u0000'}
                label={value === null ? 'no value' : value === '' ? '(empty)' : valueLabel(field, value)}
                inside={{ count: inside, share: inside / answer.inside }}
                outside={{ count: outside, share: outside / answer.outside }}
                full={full}
                onPress={() => onChoose(field, value)}
              />
            ))}
          </div>
        )
      })}
    </>
  )
}
