import { Fragment } from 'react'
import { grouped } from '#shared/base/count.ts'
import type { CaseInfo } from '#shared/contract/cases.ts'
import type { Outcome } from './file-filter.ts'
import css from './evidence.module.css'

type Term = { readonly word: string; readonly count: number; readonly isBad?: boolean; readonly onPress?: () => void }

/** A ledger as a sum that a reader can check: `12 files seen = 9 stored + 1 duplicate + …`. */
function Sum({ of, word, terms }: { readonly of: number; readonly word: string; readonly terms: readonly Term[] }) {
  return (
    <p className={css['sum']}>
      <span>
        <b>{grouped(of)}</b> {word}
      </span>
      {terms.map((term, i) => (
        <Fragment key={term.word}>
          <span className={css['sign']}>{i === 0 ? '=' : '+'}</span>
          <SumTerm term={term} />
        </Fragment>
      ))}
    </p>
  )
}

function SumTerm({ term }: { readonly term: Term }) {
  const body = (
    <>
      <b>{grouped(term.count)}</b> {term.word}
    </>
  )
  const className = term.isBad === true && term.count > 0 ? css['bad'] : undefined
  if (!term.onPress || term.count === 0) return <span className={className}>{body}</span>
  return (
    <button type="button" className={className} onClick={term.onPress} title={`List the files that were ${term.word}`}>
      {body}
    </button>
  )
}

type FileSumProps = { readonly counts: CaseInfo['entries']; readonly onShow?: (outcome: Outcome) => void }

/** Every file that was seen has exactly one outcome. A press on an outcome lists its files. */
export function FileSum({ counts, onShow }: FileSumProps) {
  const term = (word: Outcome, isBad = false): Term => ({
    word,
    count: counts[word],
    isBad,
    ...(onShow && { onPress: () => onShow(word) }),
  })
  return (
    <Sum
      of={counts.seen}
      word={counts.seen === 1 ? 'file seen' : 'files seen'}
      terms={[term('stored'), term('duplicate'), term('quarantined', true), term('ignored')]}
    />
  )
}

/** Every record that was read is an event, the same event again, a contradiction, or rejected with a reason. */
export function RecordSum({ counts }: { readonly counts: CaseInfo['records'] }) {
  return (
    <Sum
      of={counts.read}
      word={counts.read === 1 ? 'record read' : 'records read'}
      terms={[
        { word: 'stored', count: counts.stored },
        { word: 'duplicate', count: counts.duplicate },
        { word: 'in conflict', count: counts.conflict, isBad: true },
        { word: 'rejected', count: counts.rejected, isBad: true },
      ]}
    />
  )
}
