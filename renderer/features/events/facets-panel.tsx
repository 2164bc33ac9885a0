import { useMemo, useState } from 'react'
import type { OutputOf } from '#shared/contract/contract.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { FacetList, type Facet, type FacetContent, type FacetValue } from '#renderer/ui/facet-list.tsx'
import { toggleFacet } from '#shared/domain/view-address.ts'
import { facetFields } from './facet-fields.ts'
import { applyTarget, hasFacet, targetOf, type Target } from './filters.ts'
import { readTexts, useRemembered } from './remembered.ts'
import { valueLabel } from './value-label.ts'

type FacetAnswer = OutputOf<'events.facets'>['facets'][number]
type Wish = { readonly top?: number; readonly rareFirst?: boolean; readonly search?: string }

const FIRST = 8
const MORE = 40
const OPEN_AT_FIRST = ['eventSource', 'eventName', 'principal', 'sourceIPAddress', 'errorCode', 'access']
/** Stands for "the event has no such value" in a list of values; no value of evidence is this one. */
const ABSENT = '\u0000absent'

export type FacetsPanelProps = {
  readonly everyMs: number | undefined
  readonly onMenu: (target: Target, text: string, at: { readonly x: number; readonly y: number }) => void
}

/** Values of the short fields among the events of the query, with counts. */
export function FacetsPanel({ everyMs, onMenu }: FacetsPanelProps) {
  const { caseId } = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const ask = useWorkspace((w) => w.ask)
  const [open, setOpen] = useRemembered('facets', OPEN_AT_FIRST, readTexts)
  const [wishes, setWishes] = useState<ReadonlyMap<string, Wish>>(new Map())
  const fields = facetFields.map(({ field }) => field).filter((field) => open.includes(field))
  const each = [...wishes].flatMap(([field, wish]) => (open.includes(field) ? [{ field, ...wish }] : []))
  const counted = useAsk('events.facets', { caseId, query, fields, top: FIRST, each }, { everyMs })
  const answers = useMemo(() => new Map(counted.value?.facets.map((answer) => [answer.field, answer])), [counted.value])
  const wish = (field: string, change: Wish): void =>
    setWishes(new Map(wishes).set(field, { ...wishes.get(field), ...change }))

  const facets: readonly Facet[] = facetFields.map(({ field, label, mono }) => ({
    id: field,
    label,
    rareFirst: wishes.get(field)?.rareFirst ?? false,
    content: counted.failure
      ? { kind: 'failed', message: counted.failure.message }
      : contentOf(field, answers.get(field), query, mono === true, (wishes.get(field)?.search ?? '') !== ''),
  }))
  const toggleOpen = (field: string): void =>
    setOpen(open.includes(field) ? open.filter((one) => one !== field) : [...open, field])
  return (
    <FacetList
      label="Facets"
      facets={facets}
      open={new Set(open)}
      onToggle={toggleOpen}
      onChoose={(field, value, against) => ask(chosen(query, field, value, against))}
      onMenu={(field, value, at) =>
        onMenu(targetOf(field, value.id === ABSENT ? null : value.id), value.id === ABSENT ? '' : value.id, at)
      }
      onMore={(field) => wish(field, { top: (wishes.get(field)?.top ?? FIRST) + MORE })}
      onRareFirst={(field, rareFirst) => wish(field, { rareFirst })}
      onSearch={(field, search) => wish(field, { search })}
      stale={counted.isStale}
    />
  )
}

/** A click adds the filter, a click on one that stands takes it away. */
function chosen(query: EventQuery, field: string, value: FacetValue, against: boolean): EventQuery {
  if (value.id === ABSENT) return applyTarget(query, targetOf(field, null), against)
  const clears = value.state !== undefined && !against
  return toggleFacet(query, field, value.id, clears ? value.state === 'against' : against)
}

function contentOf(
  field: string,
  answer: FacetAnswer | undefined,
  query: EventQuery,
  mono: boolean,
  searching: boolean,
): FacetContent {
  if (!answer) return { kind: 'loading' }
  const values: FacetValue[] = answer.values.map(({ value, count }) => ({
    id: value,
    label: valueLabel(field, value),
    title: value,
    count,
    mono,
    ...stateOf(query, field, value),
  }))
  // What is filtered against has no events left and would vanish from its list: it stays, to be clicked off.
  const against = query.facets.flatMap((f) => (f.field === field && f.exclude && !searching ? f.values : []))
  for (const value of against)
    if (!values.some((one) => one.id === value))
      values.push({ id: value, label: valueLabel(field, value), title: value, count: 0, mono, state: 'against' })
  const shown = values.length
  if (answer.absent > 0 && !searching) values.push({ id: ABSENT, label: 'no value', count: answer.absent })
  return { kind: 'values', values, distinct: answer.distinct + values.length - shown + against.length }
}

function stateOf(query: EventQuery, field: string, value: string): { state?: 'for' | 'against' } {
  if (hasFacet(query, field, value, false)) return { state: 'for' }
  return hasFacet(query, field, value, true) ? { state: 'against' } : {}
}
