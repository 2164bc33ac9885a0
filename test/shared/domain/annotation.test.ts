import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  eventTarget,
  examinerInitials,
  nextExhibit,
  parseEventTarget,
  parseExhibit,
  parseRanges,
  rangesOf,
  tagKey,
} from '#shared/domain/annotation.ts'

describe('record numbers as ranges', () => {
  it('are read back as they were written', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 2000 }), { maxLength: 300 }), (numbers) => {
        const sorted = [...numbers].sort((a, b) => a - b)
        const back = (parseRanges(rangesOf(sorted)) ?? []).flatMap(([first, last]) =>
          Array.from({ length: last - first + 1 }, (_, n) => first + n),
        )
        expect(back).toEqual(sorted)
      }),
      { numRuns: 100 },
    )
    expect(rangesOf([0, 1, 2, 7, 9, 10])).toBe('0-2,7,9-10')
  })

  it('are refused when they are not ascending or not numbers', () => {
    for (const text of ['2-1', '5,3', '1,1', 'a', '1-', '-1', '1 ', '0-99999999999', '1,,2'])
      expect(parseRanges(text)).toBeUndefined()
  })
})

describe('exhibit numbers', () => {
  it('begin with the initials of the examiner', () => {
    expect(['A. Rossi', 'Anna Maria Rossi', 'rossi', 'Élodie Ångström', '王小明', ''].map(examinerInitials)).toEqual([
      'AR',
      'AMR',
      'RO',
      'EA',
      'EX',
      'EX',
    ])
  })

  it('are never given twice, whoever asks and whatever was removed', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('A. Rossi', 'Alan Reed', 'K. Meyer', '王小明', '李四'), { maxLength: 60 }),
        (examiners) => {
          const given: { exhibit: string; examiner: string }[] = []
          for (const examiner of examiners) given.push({ exhibit: nextExhibit(examiner, given), examiner })
          expect(new Set(given.map((g) => g.exhibit)).size).toBe(given.length)
          for (const examiner of new Set(examiners)) {
            const own = given.filter((g) => g.examiner === examiner).map((g) => parseExhibit(g.exhibit))
            expect(new Set(own.map((e) => e?.prefix)).size).toBe(1)
            expect(own.map((e) => e?.number)).toEqual(own.map((_, n) => n + 1))
          }
        },
      ),
      { numRuns: 50 },
    )
  })
})

describe('names', () => {
  it('of tags are the same in any case, form and with blanks around', () => {
    expect(tagKey(' Exfil\u0065\u0301 ')).toBe(tagKey('EXFILÉ'.replace('É', 'e\u0301')))
    expect(tagKey('a')).not.toBe(tagKey('b'))
  })

  it('of events are read back, and nothing else is', () => {
    const place = { sha256: 'ab'.repeat(32), ordinal: 17 }
    expect(parseEventTarget(eventTarget(place))).toEqual(place)
    for (const target of ['event:x:1', `event:${'ab'.repeat(32)}:-1`, `event:${'AB'.repeat(32)}:1`, 'case'])
      expect(parseEventTarget(target)).toBeUndefined()
  })
})
