import { describe, expect, it } from 'vitest'
import { decorationOf } from '#renderer/features/events/decoration.ts'

const hour = 3_600_000
const coverage = [
  { from: 0, to: hour, state: 'proven' },
  { from: hour, to: 3 * hour, state: 'missing' },
  { from: 3 * hour, to: 4 * hour, state: 'proven' },
] as const
const row = (id: number, timeMs: number | null) => ({ id, timeMs, integrity: 'proven' }) as const

describe('decorationOf', () => {
  it('draws a bar where missing hours begin between two rows, whichever stands above', () => {
    const forwards = decorationOf(row(2, 3.5 * hour), row(1, 0), null, coverage)
    expect(forwards?.gapBefore).toContain('2 h from 1970-01-01 01:00:00Z')
    expect(decorationOf(row(1, 0), row(2, 3.5 * hour), null, coverage)).toEqual(forwards)
  })

  it('draws no bar inside covered hours, before the first row, or where a time is unknown', () => {
    expect(decorationOf(row(2, hour / 2), row(1, 0), null, coverage)).toBeUndefined()
    expect(decorationOf(row(2, 3.5 * hour), undefined, null, coverage)).toBeUndefined()
    expect(decorationOf(row(2, null), row(1, 0), null, coverage)).toBeUndefined()
    expect(decorationOf(row(2, 3.5 * hour), row(1, 0), null, undefined)).toBeUndefined()
  })

  it('marks the event that is shown, and those of altered files', () => {
    expect(decorationOf(row(7, 0), undefined, 7, undefined)).toEqual({ edge: 'accent' })
    expect(decorationOf({ ...row(7, 0), integrity: 'modified' }, undefined, null, undefined)).toEqual({
      edge: 'danger',
    })
  })
})
