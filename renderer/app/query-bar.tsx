import { useEffect, useMemo, useState, type RefObject } from 'react'
import {
  completionAt,
  knownValues,
  operatorWords,
  suggestFields,
  type Completion,
} from '#shared/domain/query/complete.ts'
import { describeQuery } from '#shared/domain/query/describe.ts'
import { parseQuery } from '#shared/domain/query/parse.ts'
import { valueText } from '#shared/domain/query/print.ts'
import { counted } from '#shared/base/count.ts'
import { useAsk } from '#renderer/client/use-ask.ts'
import { useOpenCase, useWorkspace } from '#renderer/client/workspace.ts'
import { useOpened } from '#renderer/features/searches/opened.ts'
import { useKeyCommands } from '#renderer/ui/use-keys.tsx'
import { QueryBox, type Suggestion } from '#renderer/ui/query-box.tsx'
import { entryOf } from './places.tsx'

const MOST = 12

/** A suggestion, and what takes the place of the text between `start` and `end` when it is chosen. */
type Offer = Suggestion & { readonly text: string; readonly start: number; readonly end: number }

/** The search: completion while typing, what is wrong at its place, what was understood read back; Enter asks. */
export function QueryBar({ inputRef }: { readonly inputRef: RefObject<HTMLInputElement | null> }) {
  const asked = useWorkspace((w) => w.view.query.text)
  const [draft, setDraft] = useState(asked)
  const [cursor, setCursor] = useState(asked.length)
  useEffect(() => setDraft(asked), [asked])
  const parsed = useMemo(() => parseQuery(draft), [draft])
  // The draft may have become shorter than where the cursor was: another view was walked back to.
  const offers = useOffers(draft, Math.min(cursor, draft.length))

  const submit = (): void => {
    if (!parsed.ok) return
    const { view, look } = useWorkspace.getState()
    look({
      query: { ...view.query, text: draft.trim() },
      ...(!entryOf(view.place).followsQuery && entryOf('events').id === 'events' && { place: 'events' }),
    })
  }
  const save = (): void => {
    if (!parsed.ok) return
    if (draft.trim() !== asked.trim()) submit()
    useOpened.getState().open({ kind: 'save', view: useWorkspace.getState().view })
  }
  useKeyCommands([
    { id: 'save-search', label: 'Save the search in the case', keys: ['Mod+s'], scope: 'Search', run: save },
  ])
  const take = ({ id }: Suggestion): void => {
    const offer = offers.find((one) => one.id === id)
    if (!offer) return
    const at = offer.start + offer.text.length
    setDraft(draft.slice(0, offer.start) + offer.text + draft.slice(offer.end))
    setCursor(at)
    requestAnimationFrame(() => inputRef.current?.setSelectionRange(at, at))
  }
  return (
    <QueryBox
      ref={inputRef}
      label="Search"
      placeholder="Search, for example eventName:Delete* -userIdentity.type:AWSService"
      value={draft}
      onChange={(text, at) => {
        setDraft(text)
        setCursor(at)
        if (text === '' && draft !== '') useWorkspace.getState().ask({ text: '' })
      }}
      onSubmit={submit}
      error={parsed.ok ? undefined : { from: parsed.start, to: parsed.end, message: parsed.message }}
      echo={
        parsed.ok && draft.trim() !== ''
          ? [describeQuery(parsed.query), ...parsed.notes.map((note) => note.message)].join(' ')
          : undefined
      }
      suggestions={offers}
      onSuggestion={take}
    />
  )
}

function useOffers(text: string, cursor: number): readonly Offer[] {
  const { caseId } = useOpenCase()
  const completion = useMemo(() => completionAt(text, cursor), [text, cursor])
  const known = completion?.kind === 'value' ? knownValues(completion.ref) : []
  const { value } = useAsk(
    'events.values',
    completion?.kind === 'value' && known.length === 0
      ? { caseId, field: completion.field, text: completion.prefix, limit: MOST }
      : null,
  )
  if (!completion) return []
  if (completion.kind !== 'value') return wordOffers(completion)
  const found =
    known.length > 0
      ? known.filter((one) => one.startsWith(completion.prefix)).map((one) => ({ value: one, count: undefined }))
      : (value?.values ?? [])
  return found.map((one) => ({
    id: one.value,
    label: one.value,
    kind: 'value',
    ...(one.count !== undefined && { detail: counted(one.count, 'event') }),
    text: `${valueText(completion.field, one.value)} `,
    start: completion.start,
    end: completion.end,
  }))
}

function wordOffers({ kind, prefix, start, end }: Exclude<Completion, { kind: 'value' }>): readonly Offer[] {
  if (prefix === '') return []
  const operators = kind === 'operator' ? operatorWords.filter(({ name }) => name.startsWith(prefix)) : []
  return [
    ...operators.map(({ name, help }) => ({
      id: name,
      label: name,
      kind: 'operator',
      detail: help,
      text: `${name} `,
      start,
      end,
    })),
    ...suggestFields(prefix).map(({ name, help, shortFor }) => ({
      id: `field ${name}`,
      label: name,
      kind: shortFor === undefined ? 'field' : `short for ${shortFor}`,
      detail: help,
      text: `${name}:`,
      start,
      end,
    })),
  ].slice(0, MOST)
}
