import { describe, expect, it } from 'vitest'
import { describeCustody } from '#engine/annotations/describe-custody.ts'

describe('a line of the custody log', () => {
  it('adds up what an import found, and says how it ended when not as wished', () => {
    const body = {
      path: '/evidence',
      ending: 'cancelled',
      entries: { seen: 1761, stored: 1759, duplicate: 0, quarantined: 1, ignored: 1 },
      records: { read: 5, stored: 4, duplicate: 1, conflict: 0, rejected: 0 },
    }
    expect(describeCustody('import.finish', body)).toBe(
      '/evidence: 1,761 files seen = 1,759 stored + 1 quarantined + 1 ignored, 5 records read = 4 stored + 1 duplicate, cancelled',
    )
    expect(describeCustody('import.finish', { ...body, ending: 'done' })).not.toContain('done')
  })

  it('says which checks failed, and only those', () => {
    const checks = [
      { name: 'originals', checked: 759, failed: 1 },
      { name: 'custody', checked: 12, failed: 0 },
    ]
    expect(describeCustody('case.verify', { clean: false, checks })).toBe('FAILED: originals 1 of 759')
    expect(describeCustody('case.verify', { clean: true, checks: checks.slice(1) })).toBe(
      'everything holds: custody 12',
    )
  })

  it('says what the digests told', () =>
    expect(
      describeCustody('integrity.judge', {
        clean: false,
        findings: 1,
        digests: { total: 78, authentic: 70, authenticByLink: 8, invalid: 0 },
        logs: { total: 676, proven: 675, modified: 1, missing: 0, trailingData: 0 },
      }),
    ).toBe('1 finding, 676 log files = 675 proven + 1 modified, 78 of 78 digests authentic'))

  it('names a package with what it held and whom it was for', () =>
    expect(
      describeCustody('package.pack', {
        file: 'a.tcase',
        scope: 'annotated',
        transfer: { to: 'B. Chen' },
        bytes: 2_000_000,
        sha256: 'ab',
        encrypted: true,
      }),
    ).toBe('a.tcase, what is annotated, with its files, for B. Chen, 2.0 MB, SHA-256 ab, encrypted, unsigned'))

  it('says where the record of an exhibit stands', () =>
    expect(
      describeCustody('bookmark.add', {
        exhibit: 'X-AR-0001',
        event: 'event:ab12:3',
        eventID: 'e-1',
        before: null,
        after: { title: 'Stopped', note: '' },
      }),
    ).toBe('X-AR-0001: eventID e-1, record 3 of the file with SHA-256 ab12, title "Stopped", note ""'))

  it('shows what stood before and after, what is new, and what was removed', () => {
    const finding = 'finding:0d1f5a3e-7b7c-4c62-9c1e-2f9f3f1b8a10'
    expect(
      describeCustody('finding.set', {
        target: finding,
        before: { title: 'one', note: '' },
        after: { title: 'two', note: 'n' },
      }),
    ).toBe('finding: title "one" -> "two", note "n"')
    expect(describeCustody('case.update', { before: { clientMatter: 'x' }, after: { clientMatter: '' } })).toBe(
      'client matter "x" -> nothing',
    )
    expect(describeCustody('finding.remove', { target: finding, before: { title: 'one' }, after: null })).toBe(
      'finding: removed, title "one"',
    )
  })

  it('says an action that it does not know from its body, cut and with hidden characters shown', () => {
    expect(describeCustody('later.action', { someThing: 'a\u202eb', more: 2 })).toBe('some thing a\\u{202e}b, more 2')
    expect(describeCustody('later.action', { text: 'x'.repeat(400) })).toHaveLength(300)
  })

  it('says something of every body that is not as expected, and never throws', () => {
    for (const action of [
      'session.open',
      'import.finish',
      'integrity.judge',
      'case.verify',
      'package.pack',
      'events.export',
    ])
      for (const body of [{}, { entries: 7, checks: 'x', files: {}, of: null }])
        expect(describeCustody(action, body).length).toBeGreaterThan(0)
  })
})
