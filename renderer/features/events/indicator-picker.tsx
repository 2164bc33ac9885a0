import { useDeferredValue, useState } from 'react'
import { counted, grouped } from '#shared/base/count.ts'
import { cutMiddle, visible } from '#shared/base/visible.ts'
import { indicatorKinds, indicatorMeanings, type IndicatorKind, type NamedIndicator } from '#shared/domain/export.ts'
import { isAddress } from '#shared/domain/query/network.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase } from '#renderer/client/workspace.ts'
import { Checkbox } from '#renderer/ui/checkbox.tsx'
import { Skeleton } from '#renderer/ui/states.tsx'
import { SearchField } from '#renderer/ui/text-field.tsx'
import css from './indicator-picker.module.css'

/** Values per kind that are offered at once; the search finds the others. */
const OFFERED = 100

export type IndicatorPickerProps = {
  /** The events whose values are offered. */
  readonly query: EventQuery
  readonly chosen: readonly NamedIndicator[]
  readonly onChange: (chosen: readonly NamedIndicator[]) => void
}

/** The values of a query that could be indicators, with counts. None is one until a person ticks it. */
export function IndicatorPicker({ query, chosen, onChange }: IndicatorPickerProps) {
  const { caseId } = useOpenCase()
  const [typed, setTyped] = useState('')
  const search = useDeferredValue(typed)
  const fields = indicatorKinds.map((kind) => indicatorMeanings[kind].field)
  const { value, failure, isStale } = useAsk('events.facets', { caseId, query, fields, top: OFFERED, search })
  const toggle = (one: NamedIndicator, isOn: boolean): void => {
    const others = chosen.filter(({ kind, value: known }) => kind !== one.kind || known !== one.value)
    onChange(isOn ? [...others, one] : others)
  }
  return (
    <section className={css['indicators']} aria-label="Indicators">
      <h3>Indicators</h3>
      <p className={css['quiet']} role="status">
        {chosen.length === 0
          ? 'Tick the values that you confirm as indicators. None is one by itself.'
          : `${counted(chosen.length, 'value')} confirmed as ${chosen.length === 1 ? 'an indicator' : 'indicators'}.`}
      </p>
      <SearchField label="Find a value" value={typed} onChange={setTyped} />
      {failure ? (
        <p role="alert">{failure.message}</p>
      ) : value === undefined ? (
        <Skeleton lines={4} label="Counting values" />
      ) : (
        <div className={css['candidates']} aria-busy={isStale}>
          {indicatorKinds.map((kind) => (
            <Candidates
              key={kind}
              kind={kind}
              facet={value.facets.find(({ field }) => field === indicatorMeanings[kind].field)}
              chosen={chosen}
              onToggle={toggle}
            />
          ))}
        </div>
      )}
    </section>
  )
}

type Facet = {
  readonly distinct: number
  readonly values: readonly { readonly value: string; readonly count: number }[]
}
type CandidatesProps = {
  readonly kind: IndicatorKind
  readonly facet: Facet | undefined
  readonly chosen: readonly NamedIndicator[]
  readonly onToggle: (one: NamedIndicator, isOn: boolean) => void
}

function Candidates({ kind, facet, chosen, onToggle }: CandidatesProps) {
  const values = facet?.values ?? []
  // AWS writes names of services where a service called: they are nobody's address.
  const offered = kind === 'address' ? values.filter(({ value }) => isAddress(value)) : values
  const left = (facet?.distinct ?? 0) - values.length
  return (
    <fieldset>
      <legend>
        {indicatorMeanings[kind].name}{' '}
        <span className={css['quiet']}>
          {left > 0 ? `${grouped(offered.length)} of ${grouped(facet?.distinct ?? 0)}` : grouped(offered.length)}
        </span>
      </legend>
      {offered.map(({ value, count }) => (
        <Checkbox
          key={value}
          isSelected={chosen.some((one) => one.kind === kind && one.value === value)}
          onChange={(isOn) => onToggle({ kind, value }, isOn)}
        >
          <span className={css['candidate']} title={visible(value)}>
            {visible(cutMiddle(value, 64))}
          </span>{' '}
          <span className={css['quiet']}>{counted(count, 'event')}</span>
        </Checkbox>
      ))}
      {offered.length === 0 && <p className={css['quiet']}>No value among these events</p>}
      {left > 0 && <p className={css['quiet']}>{counted(left, 'more value')}: narrow them by the search above</p>}
    </fieldset>
  )
}
