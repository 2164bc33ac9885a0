import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  addRows,
  countRows,
  hasRow,
  NO_ROWS,
  removeRows,
  toggleRow,
  type RowRanges,
} from '#renderer/ui/grid/row-ranges.ts'

const step = fc.record({ kind: fc.constantFrom('add', 'remove', 'toggle'), from: fc.nat(40), length: fc.nat(12) })

describe('a selection of rows', () => {
  it('behaves like a plain set of numbers', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
        let ranges: RowRanges = NO_ROWS
        const set = new Set<number>()
        for (const { kind, from, length } of steps) {
          if (kind === 'toggle') {
            ranges = toggleRow(ranges, from)
            if (!set.delete(from)) set.add(from)
            continue
          }
          ranges = kind === 'add' ? addRows(ranges, from, from + length) : removeRows(ranges, from, from + length)
          for (let row = from; row < from + length; row++)
            if (kind === 'add') set.add(row)
            else set.delete(row)
        }
        expect(countRows(ranges)).toBe(set.size)
        for (let row = 0; row < 60; row++) expect(hasRow(ranges, row)).toBe(set.has(row))
        ranges.slice(1).forEach((range, i) => expect(range.from).toBeGreaterThan(ranges[i]!.to))
      }),
    )
  })

  it('holds ten million rows in one span', () => expect(addRows(NO_ROWS, 0, 10_000_000)).toHaveLength(1))
})
