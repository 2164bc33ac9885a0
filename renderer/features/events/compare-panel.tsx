import { useState } from 'react'
import { ArrowUpDown, ChevronDown, X } from 'lucide-react'
import { comparisonAbout } from '#shared/domain/comparison.ts'
import { parseQuery } from '#shared/domain/query/parse.ts'
import { queryWords } from '#shared/domain/query/query-words.ts'
import type { EventQuery } from '#shared/domain/query/query.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { Button, IconButton } from '#renderer/ui/button.tsx'
import { MenuButton } from '#renderer/ui/menu.tsx'
import { EmptyState, ErrorState, Skeleton } from '#renderer/ui/states.tsx'
import { TextField } from '#renderer/ui/text-field.tsx'
import { ComparedValues } from './compared-values.tsx'
import { comparedFields } from './facet-fields.ts'
import { applyTarget, targetOf } from './filters.ts'
import { useQueryChoices } from './query-choices.ts'
import css from './events.module.css'

type Side = 'here' | 'there'

/**
 * What is different here, for any two queries: the one that is shown, and another. What both hold counts on the first side
 * only, so that a part is compared with the rest. A press on a value filters both sides.
 */
export function ComparePanel({ other }: { readonly other: EventQuery }) {
  const { caseId } = useOpenCase()
  const query = useWorkspace((w) => w.view.query)
  const look = useWorkspace((w) => w.look)
  const [typing, setTyping] = useState<Side | null>(null)
  const compared = useAsk('events.compare', {
    caseId,
    inside: query,
    outside: other,
    fields: [...comparedFields],
    top: 5,
  })
  const set = (here: EventQuery, there: EventQuery): void => look({ query: here, about: comparisonAbout(there) })
  const choose = (side: Side, chosen: EventQuery): void => {
    setTyping(null)
    if (side === 'here') set({ ...chosen, sort: query.sort }, other)
    else set(query, chosen)
  }
  const swap = (): void => set({ ...other, sort: query.sort }, query)
  const { value, failure } = compared
  return (
    <section className={css['difference']} aria-label="What is different here">
      <header className={css['differenceHead']}>
        <h2>What is different here?</h2>
        <IconButton label="Swap the two queries" icon={ArrowUpDown} size="small" onPress={swap} />
        <IconButton label="Close the comparison" icon={X} size="small" onPress={() => look({ about: null })} />
      </header>
      <SideChoice
        side="here"
        query={query}
        seenFrom={query}
        onChoose={choose}
        isTyping={typing === 'here'}
        onTyping={setTyping}
      />
      <SideChoice
        side="there"
        query={other}
        seenFrom={query}
        onChoose={choose}
        isTyping={typing === 'there'}
        onTyping={setTyping}
      />
      {failure ? (
        <ErrorState
          title="The queries could not be compared."
          safe="Nothing in the case was changed."
          advice={failure.message}
        />
      ) : value ? (
        <div className={compared.isStale ? css['dimmed'] : undefined}>
          {value.inside === 0 || value.outside === 0 ? (
            <NothingToCompare isFirstEmpty={value.inside === 0} onSwap={swap} />
          ) : (
            <ComparedValues
              answer={value}
              sides={['in the first', 'only in the second']}
              onChoose={(field, chosen) => {
                const target = targetOf(field, chosen)
                set(applyTarget(query, target, false), applyTarget(other, target, false))
              }}
            />
          )}
        </div>
      ) : (
        <Skeleton lines={8} label="Comparing" />
      )}
    </section>
  )
}

function NothingToCompare({ isFirstEmpty, onSwap }: { readonly isFirstEmpty: boolean; readonly onSwap: () => void }) {
  return (
    <EmptyState
      title="There is nothing to compare"
      {...(!isFirstEmpty && { actions: <Button onPress={onSwap}>Swap the two</Button> })}
    >
      {isFirstEmpty
        ? 'No event matches the first query. Choose another one.'
        : 'Every event of the second query is in the first one too. Swapped, that part is compared with the rest; or choose another one.'}
    </EmptyState>
  )
}

type SideChoiceProps = {
  readonly side: Side
  readonly query: EventQuery
  /** The query that is shown: what "the time before" refers to. */
  readonly seenFrom: EventQuery
  readonly onChoose: (side: Side, query: EventQuery) => void
  readonly isTyping: boolean
  readonly onTyping: (side: Side | null) => void
}

/** One of the two queries in words, and the ways to another: all events, the time before, saved, from the history, typed. */
function SideChoice({ side, query, seenFrom, onChoose, isTyping, onTyping }: SideChoiceProps) {
  const name = side === 'here' ? 'First query' : 'Second query'
  const words = queryWords(query) || 'all events'
  const groups = useQueryChoices(
    seenFrom,
    (chosen) => onChoose(side, chosen),
    () => onTyping(side),
  )
  return (
    <div className={css['side']}>
      <MenuButton label={name} groups={groups}>
        <Button tone="quiet" icon={ChevronDown}>
          {name}
        </Button>
      </MenuButton>
      {isTyping ? (
        <TypedQuery
          first={query.text}
          onCancel={() => onTyping(null)}
          onQuery={(text) => onChoose(side, { ...query, text, facets: [] })}
        />
      ) : (
        <span className={css[side === 'here' ? 'here' : 'elsewhere']} title={words}>
          {words}
        </span>
      )}
    </div>
  )
}

type TypedQueryProps = {
  readonly first: string
  readonly onQuery: (text: string) => void
  readonly onCancel: () => void
}

/** A query typed in place; what is wrong with it is said, and Enter takes it. */
function TypedQuery({ first, onQuery, onCancel }: TypedQueryProps) {
  const [text, setText] = useState(first)
  const parsed = parseQuery(text)
  const take = (): void => {
    if (parsed.ok) onQuery(text.trim())
  }
  return (
    <div className={css['typed']}>
      <TextField
        label="Query"
        mono
        autoFocus
        value={text}
        onChange={setText}
        onEnter={take}
        error={parsed.ok ? undefined : parsed.message}
      />
      <Button onPress={onCancel}>Cancel</Button>
      <Button tone="primary" onPress={take} isDisabled={!parsed.ok}>
        Compare
      </Button>
    </div>
  )
}
