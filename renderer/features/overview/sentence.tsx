import { counted, grouped } from '#shared/base/count.ts'
import type { Overview } from '#shared/contract/explore.ts'
import { useZone } from '#renderer/client/use-zone.ts'
import { useWorkspace } from '#renderer/client/workspace.ts'
import { Mark, type MarkKind } from '#renderer/ui/mark.tsx'
import { timeText } from '#shared/base/zone.ts'
import css from './overview.module.css'

/** Totals, time and coverage, as one would say them. */
export function Sentence({ overview }: { readonly overview: Overview }) {
  const zone = useZone()
  const go = useWorkspace((w) => w.go)
  const { total, all, firstMs, lastMs, undated, moreComing, tops, regions } = overview
  const accounts = tops.find((top) => top.field === 'account')?.distinct ?? 0
  const { kind, word, text } = coverageWords(overview.coverage)
  return (
    <div className={css['sentence']}>
      <p>
        <b>{grouped(total)}</b> {total === all ? `events` : `of ${grouped(all)} events`} in{' '}
        {counted(accounts, 'account')} and {counted(regions.length, 'region')}
        {firstMs !== null && lastMs !== null && (
          <>
            , <time>{timeText(firstMs, zone)}</time> to <time>{timeText(lastMs, zone)}</time>
          </>
        )}
        {undated > 0 && `, ${grouped(undated)} without a readable time`}.
        {moreComing && ' More is coming: an import is running.'}
      </p>
      <button type="button" className={css['coverage']} onClick={() => go('evidence')} title="Go to Evidence">
        <Mark kind={kind} word={word} />
        <span>{text}</span>
      </button>
    </div>
  )
}

function coverageWords(coverage: Overview['coverage']): { kind: MarkKind; word: string; text: string } {
  if (!coverage)
    return {
      kind: 'none',
      word: 'not checked',
      text: 'No log file of this case stands in a digest or could: nothing speaks for or against it.',
    }
  const { logs, gaps } = coverage
  const troubles = [
    [logs.modified, 'altered'],
    [logs.trailingData, 'with data appended'],
    [logs.unreadable, 'unreadable'],
    [logs.missing, 'missing'],
    [logs.listedUnproven, 'listed but not proven'],
    [logs.unreferenced, 'in no digest'],
  ] as const
  const named = troubles.filter(([n]) => n > 0).map(([n, word]) => `${grouped(n)} ${word}`)
  const holes = gaps.length === 0 ? '' : ` ${counted(gaps.length, 'gap')} in the digest chains.`
  const text = `${grouped(logs.proven)} of ${counted(logs.total, 'log file')} ${logs.proven === 1 ? 'is' : 'are'} proven${named.length === 0 ? '' : `: ${named.join(', ')}`}.${holes}`
  if (logs.modified > 0 || logs.trailingData > 0) return { kind: 'altered', word: 'altered', text }
  if (logs.missing > 0 || gaps.length > 0 || logs.unreadable > 0) return { kind: 'missing', word: 'incomplete', text }
  if (logs.proven === logs.total) return { kind: 'proven', word: 'proven', text }
  return {
    kind: logs.listedUnproven > 0 ? 'listed' : 'none',
    word: logs.listedUnproven > 0 ? 'listed' : 'unproven',
    text,
  }
}
