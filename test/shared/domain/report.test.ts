import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bookmarksAccounted, integrityFailed, integrityStatement, selectionStatement } from '#shared/domain/report.ts'
import { cleanIntegrity, exhibit, row, sampleModel, sha } from '#test/electron/engine/reports/sample-model.ts'

describe('the statement of selection', () => {
  it('says how many of how many, under which filter, and counts the bookmarks', () => {
    expect(selectionStatement(sampleModel(47))).toBe(
      '47 of 1,284,331 events shown. Filter: bookmarks and context, eventTime>=2023-07-10T12:00:00Z. Sort: event time, oldest first. Bookmarks in case: 18, excluded: 2 (listed in appendix B).',
    )
  })

  it('says that there is no filter', () => {
    const model = sampleModel(1)
    expect(selectionStatement({ ...model, selection: { ...model.selection, filter: '', excluded: [] } })).toContain(
      'Filter: none.',
    )
  })
})

describe('the account of bookmarks', () => {
  it('holds exactly when each is printed or excluded', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('printed', 'excluded', 'lost'), { maxLength: 30 }), (fates) => {
        const model = sampleModel(0)
        const at = (fate: string) => fates.flatMap((one, n) => (one === fate ? [n] : []))
        const rows = at('printed').map((n) => row(n, { exhibit: exhibit(n) }))
        const excluded = at('excluded').map((n) => ({
          exhibit: exhibit(n),
          time: row(n).time,
          event: 'x',
          reason: 'y',
        }))
        const selection = { ...model.selection, bookmarksInCase: fates.length, excluded }
        expect(bookmarksAccounted({ selection, timeline: { rows, gapMs: 1 } })).toBe(!fates.includes('lost'))
      }),
      { numRuns: 200 },
    )
  })
})

describe('the integrity statement', () => {
  it('passes when everything agrees', () => {
    expect(integrityFailed(cleanIntegrity)).toBe(false)
    expect(integrityStatement(cleanIntegrity)[0]?.text).toBe(
      'SHA-256 of all 3 source files recomputed at 2026-11-20 09:58:00Z: 3 match, 0 differ, 0 could not be read.',
    )
  })

  it.each([
    [
      'a file that differs',
      { sources: { match: 2, differ: [{ path: 'x.gz', expected: sha('a'), found: sha('b') }], unreadable: [] } },
      'x.gz differs',
    ],
    [
      'a file that cannot be read',
      { sources: { match: 2, differ: [], unreadable: ['y.gz'] } },
      'y.gz could not be read',
    ],
    ['a broken custody chain', { custodyLog: { ...cleanIntegrity.custodyLog, valid: false } }, 'chain NOT valid'],
    ['an altered log file', { digests: { sentence: '1 was altered.', clean: false, findings: [] } }, '1 was altered.'],
    ['another failed check', { otherChecks: [{ name: 'columns', checked: 9, failures: ['event 3'] }] }, 'event 3'],
  ])('fails in words for %s', (_, changes, words) => {
    const facts = { ...cleanIntegrity, ...changes }
    expect(integrityFailed(facts)).toBe(true)
    const failures = integrityStatement(facts).filter((one) => one.failed)
    expect(failures.some((one) => one.text.includes(words) && /FAILED|differ/.test(one.text))).toBe(true)
  })

  it('ends a failure that is a sentence already with one full stop', () => {
    const facts = { ...cleanIntegrity, otherChecks: [{ name: 'columns', checked: 9, failures: ['Event 3 differs.'] }] }
    expect(integrityStatement(facts).some((one) => one.text.endsWith('failed: Event 3 differs.'))).toBe(true)
  })
})
