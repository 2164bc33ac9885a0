import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { utcMs } from '#shared/base/time.ts'
import { everything } from '#shared/domain/query/query.ts'
import { addressToView, places, startView, toggleFacet, viewToAddress, type View } from '#shared/domain/view-address.ts'

const time = fc.integer({ min: 0, max: 4_000_000_000 }).map((s) => utcMs(s * 1000))
const facet = fc.record({
  field: fc.constantFrom('awsRegion', 'userIdentity.arn', 'access'),
  values: fc.uniqueArray(fc.string(), { minLength: 1, maxLength: 3 }),
  exclude: fc.boolean(),
})
const view: fc.Arbitrary<View> = fc.record({
  place: fc.constantFrom(...places),
  query: fc.record({
    text: fc.string(),
    from: fc.option(time, { nil: undefined }),
    to: fc.option(time, { nil: undefined }),
    facets: fc.uniqueArray(facet, { maxLength: 3, selector: (f) => `${f.field}${String(f.exclude)}` }),
    sort: fc.constantFrom('eventTime' as const, '-eventTime' as const),
  }),
  event: fc.option(fc.nat(), { nil: null }),
  about: fc.option(fc.string({ minLength: 1 }), { nil: null }),
})

describe('the address of a view', () => {
  it('comes back as the view it was made from, whatever stands in the query', () => {
    fc.assert(
      fc.property(view, (v) => {
        expect(addressToView(viewToAddress(v))).toEqual(v)
      }),
    )
  })

  it('is read as far as it can be understood', () => {
    expect(addressToView('#/nowhere?%zz=1&event=x')).toEqual(startView)
  })
})

describe('a click in a facet', () => {
  it('filters for a value, then against it, then no more', () => {
    const only = toggleFacet(everything, 'awsRegion', 'us-east-1', false)
    expect(only.facets).toEqual([{ field: 'awsRegion', values: ['us-east-1'], exclude: false }])
    const against = toggleFacet(only, 'awsRegion', 'us-east-1', true)
    expect(against.facets).toEqual([{ field: 'awsRegion', values: ['us-east-1'], exclude: true }])
    expect(toggleFacet(against, 'awsRegion', 'us-east-1', true).facets).toEqual([])
  })
})
