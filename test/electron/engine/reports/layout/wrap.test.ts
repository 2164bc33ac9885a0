import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { styles } from '#engine/reports/layout/type-style.ts'
import type { TextMetrics } from '#engine/reports/layout/metrics.ts'
import { fontRuns, wrapLine } from '#engine/reports/layout/wrap.ts'

/** Every character half an em wide; the fonts know Latin only. */
const metrics: TextMetrics = {
  width: (text, _font, size) => Array.from(text).length * size * 0.5,
  has: (codePoint) => codePoint < 0x250 || (codePoint >= 0x300 && codePoint < 0x370),
}
const wrap = (text: string, width: number) => wrapLine([{ text, style: 'plain' }], styles.table, width, metrics)
const textOf = (lines: ReturnType<typeof wrap>) => lines.map((line) => line.runs.map((run) => run.text).join(''))

describe('breaking lines', () => {
  it('breaks at blanks first', () => {
    expect(textOf(wrap('one two three', 30))).toEqual(['one two', 'three'])
  })

  it('breaks a long name after a separator or before a capital', () => {
    expect(textOf(wrap('arn:aws:iam::1:user/alice', 60))).toEqual(['arn:aws:iam::1:', 'user/alice'])
    expect(textOf(wrap('DescribeInstanceAttribute', 60))).toEqual(['Describe', 'Instance', 'Attribute'])
  })

  it('loses no character and exceeds no width', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.integer({ min: 12, max: 300 }), (text, width) => {
        const lines = wrap(text, width)
        expect(textOf(lines).join('').replace(/ /g, '')).toBe(text.replace(/ /g, '').replace(/\x7f/g, '\\u{7f}'))
        for (const line of lines) expect(line.width).toBeLessThanOrEqual(width + 0.1)
      }),
      { numRuns: 200 },
    )
  })
})

describe('characters', () => {
  it('that no font can draw become escapes', () => {
    expect(fontRuns('a\u4e2d\u202e', 'sans', metrics)).toEqual([{ text: 'a\\u{4e2d}\\u{202e}', font: 'sans' }])
  })

  it('cannot be stacked over the neighbouring rows', () => {
    expect(fontRuns(`a${'\u0301'.repeat(4)}`, 'sans', metrics)).toEqual([
      { text: 'a\u0301\u0301\\u{301}\\u{301}', font: 'sans' },
    ])
  })
})
