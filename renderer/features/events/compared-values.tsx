import { counted } from '#shared/base/count.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { BarPair } from '#renderer/ui/bar-pair.tsx'
import { EmptyState } from '#renderer/ui/states.tsx'
import { fieldLabel } from './facet-fields.ts'
import { valueLabel } from './value-label.ts'
import css from './events.module.css'

export type ComparedValuesProps = {
  /** Both sides have events. */
  readonly answer: OutputOf<'events.compare'>
  /** What stands after the number of events of each side: `here`, `in the rest`. */
  readonly sides: readonly [here: string, there: string]
  readonly onChoose: (field: string, value: string | null) => void
}

/** Fields by how far the shares of their values differ between two sets of events, as paired bars; a press filters. */
export function ComparedValues({ answer, sides, onChoose }: ComparedValuesProps) {
  return (
    <>
      <p className={css['differenceCounts']}>
        <span className={css['here']}>
          {counted(answer.inside, 'event')} {sides[0]}
        </span>
        <span className={css['elsewhere']}>
          {counted(answer.outside, 'event')} {sides[1]}
        </span>
      </p>
      {answer.fields.length === 0 && (
        <EmptyState title="No value differs">
          The shares of all values are the same on both sides, as far as chance lets one tell.
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
