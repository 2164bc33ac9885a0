import { describe, expect, it } from 'vitest'
import { utcMs } from '#shared/base/time.ts'
import { queryWords } from '#shared/domain/query/query-words.ts'
import { everything, type EventQuery } from '#shared/domain/query/query.ts'
import { savedTarget, sqlLayout, viewLayout } from '#shared/domain/saved-view.ts'
import type { View } from '#shared/domain/view-address.ts'

const query: EventQuery = {
  text: 'eventName:Delete*',
  from: utcMs(Date.UTC(2023, 6, 10, 9)),
  to: utcMs(Date.UTC(2023, 6, 10, 15)),
  facets: [{ field: 'awsRegion', values: ['us-east-1', 'eu-west-1'], exclude: true }],
  sort: '-eventTime',
}
const view: View = { place: 'identities', query, event: 12, about: 'key:AKIA1' }

describe('a saved view', () => {
  it('opens the place, the question, the selection and the subject it was saved with', () => {
    expect(savedTarget({ query, layout: viewLayout(view, 'e-1') })).toEqual({ kind: 'view', view, eventID: 'e-1' })
  })

  it('opens a statement in the console', () => {
    expect(savedTarget({ query: everything, layout: sqlLayout('select 1') })).toEqual({ kind: 'sql', sql: 'select 1' })
  })

  it.each(['', 'null', '{', '[1]', '{"place":"sql","sql":7}', '{"address":1}'])(
    'opens the events of its query where the layout is %j',
    (layout) => {
      expect(savedTarget({ query, layout })).toEqual({
        kind: 'view',
        view: { place: 'events', query, event: null, about: null },
        eventID: undefined,
      })
    },
  )
})

describe('a question read back', () => {
  it('names text, facets and range, the date once', () => {
    expect(queryWords(query)).toMatch(
      /Delete.* · awsRegion is not us-east-1 or eu-west-1 · 2023-07-10 09:00:00Z to 15:00:00Z$/,
    )
  })
  it('says which end of a range is open, and nothing of all events', () => {
    expect(queryWords({ ...everything, from: utcMs(0) })).toBe('from 1970-01-01 00:00:00Z')
    expect(queryWords({ ...everything, to: utcMs(0) })).toBe('before 1970-01-01 00:00:00Z')
    expect(queryWords(everything)).toBe('')
  })
  it('hides nothing of what evidence put into a facet', () => {
    const words = queryWords({ ...everything, facets: [{ field: 'userAgent', values: ['a\u202eb'], exclude: false }] })
    expect(words).not.toContain('\u202e')
  })
})
