import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clipboardCell, formulaSafe, fromFormulaSafe, selectionLines } from '#shared/domain/export.ts'
import { hostileTexts, statement } from '#test/electron/engine/exchange/formats/samples.ts'

/** What a spreadsheet, set to any separator, would start a formula with. */
const runs = (text: string): boolean => /(?:^|[;\t\r\n])[=+\-@\uff1d\uff0b\uff0d\uff20]/.test(text)

describe('formulaSafe', () => {
  it('disarms every hostile text and leaves ordinary text alone', () => {
    for (const text of hostileTexts()) expect(runs(formulaSafe(text)), text).toBe(false)
    for (const text of ['alice', 'arn:aws:iam::1:user/a-b', "it's", 'a=b', '']) expect(formulaSafe(text)).toBe(text)
  })
  it('can be undone for every text', () => {
    const texts = fc.array(fc.constantFrom("'", '=', '+', ';', '\t', '\r', '\n', '@', '\0', 'a', '\uff1d'), {
      maxLength: 12,
    })
    fc.assert(
      fc.property(texts, (parts) => fromFormulaSafe(formulaSafe(parts.join(''))) === parts.join('')),
      { numRuns: 2000 },
    )
  })
  it('takes linear time on a long run of apostrophes', () => {
    expect(formulaSafe(`;${"'".repeat(200_000)}x`)).toHaveLength(200_002)
  })
})

describe('clipboardCell', () => {
  it('is one line that nothing runs and nothing hides in', () => {
    expect(clipboardCell('=1+1\nrm -rf\u001b[2J')).toBe("'=1+1\\u{a}rm -rf\\u{1b}[2J")
  })
})

describe('selectionLines', () => {
  it('says how many of how many events, and which filter', () => {
    const text = selectionLines(statement({ shown: 12, total: 3400 })).map(([label, value]) => `${label}: ${value}`)
    expect(text).toContain('Events: 12 of 3,400 shown')
    expect(text).toContain('Query: eventName:StopLogging')
    expect(text).toContain('Time range: all times')
  })
  it('names both ends of a range', () => {
    const range = statement({ from: 0 as never, to: 86_400_000 as never })
    expect(selectionLines(range).find(([label]) => label === 'Time range')?.[1]).toBe(
      '1970-01-01T00:00:00Z up to before 1970-01-02T00:00:00Z',
    )
  })
})
