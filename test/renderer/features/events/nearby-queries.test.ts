import { describe, expect, it } from 'vitest'
import { utcMs } from '#shared/base/time.ts'
import { everything, type EventQuery } from '#shared/domain/query/query.ts'
import { startView } from '#shared/domain/view-address.ts'
import { back, startHistory, visit, type HistoryTree } from '#renderer/client/history-tree.ts'
import { recentQueries, timeBefore } from '#renderer/features/events/nearby-queries.ts'

const asked = (...texts: readonly string[]): HistoryTree =>
  texts.reduce<HistoryTree>(
    (tree, text, n) => visit(tree, { ...startView, place: 'events', query: { ...everything, text } }, n),
    startHistory(startView, 0),
  )
const texts = (queries: readonly EventQuery[]): string[] => queries.map(({ text }) => text)

describe('the queries that are offered for a comparison', () => {
  it('are those looked at before, the last first, each once', () => {
    expect(texts(recentQueries(asked('a', 'b', 'a', 'c'), 9))).toEqual(['a', 'b'])
    expect(texts(recentQueries(back(asked('a', 'b')), 9))).toEqual(['b'])
    expect(texts(recentQueries(asked('a', 'b', 'c', 'd'), 2))).toEqual(['c', 'b'])
  })
  it('leave out the present one in another order, and all events', () => {
    const tree = visit(asked('a'), { ...startView, query: { ...everything, text: 'a', sort: '-eventTime' } }, 5)
    expect(recentQueries(tree, 9)).toEqual([])
  })
  it('know the same span before only where a whole range is given', () => {
    const range = { ...everything, text: 'x', from: utcMs(5000), to: utcMs(8000) }
    expect(timeBefore(range)).toEqual({ ...range, from: 2000, to: 5000 })
    expect(timeBefore({ ...range, to: undefined })).toBeUndefined()
  })
})
