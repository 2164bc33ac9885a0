import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deliveryOrder, identityOrder, timeOrder } from '#engine/vectors/time-order.ts'

describe('the time order', () => {
  it('sorts by second and millisecond and leaves ties as they were', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 2 ** 32 - 1 }), fc.integer({ min: 0, max: 999 }))),
        (times) => {
          const seconds = Uint32Array.from(times, ([s]) => s)
          const ms = Uint16Array.from(times, ([, m]) => m)
          const expected = times
            .map((t, i) => ({ t, i }))
            .sort((a, b) => a.t[0] - b.t[0] || a.t[1] - b.t[1] || a.i - b.i)
          expect([...timeOrder(seconds, ms, identityOrder(times.length))]).toEqual(expected.map((e) => e.i))
        },
      ),
    )
  })

  it('puts events of one moment in the order of delivery, whatever order the files were imported in', () => {
    const early = 'x/AWSLogs/1/CloudTrail/us-east-1/2024/05/01/1_CloudTrail_us-east-1_20240501T0005Z_AAAA.json.gz'
    const late = 'y/AWSLogs/1/CloudTrail/us-east-1/2024/05/01/1_CloudTrail_us-east-1_20240501T0010Z_BBBB.json.gz'
    const oneWay = deliveryOrder(
      [
        { path: early, firstEvent: 1, count: 2 },
        { path: late, firstEvent: 3, count: 1 },
      ],
      3,
    )
    const other = deliveryOrder(
      [
        { path: late, firstEvent: 1, count: 1 },
        { path: early, firstEvent: 2, count: 2 },
      ],
      3,
    )
    expect([...oneWay]).toEqual([0, 1, 2])
    expect([...other]).toEqual([1, 2, 0])
  })
})
