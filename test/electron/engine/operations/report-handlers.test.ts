import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Grant } from '#shared/contract/common.ts'
import { Connection } from '#engine/storage/sqlite.ts'
import { annotatedCase, query, reopened, tempFolder, type TestCase } from '../annotations/annotated-case.ts'
import { readPdf } from '../reports/read-pdf.ts'

const story = `
  09:00 alice ConsoleLogin ip=203.0.113.7
  09:01 alice CreateUser -> mallory
  09:02 mallory ListBuckets !denied
  09:03 mallory StopLogging -> trail
  11:20 mallory GetObject file=second
`
const printed = Date.parse('2026-11-21T09:00:00Z')
let test: TestCase
beforeAll(async () => {
  test = await annotatedCase(story)
  await test.ask('cases.update', {
    header: {
      owner: 'Dr. L. Brandt',
      authority: 'Engagement letter',
      zone: 'Europe/Berlin',
      questions: 'How?\nWhat was taken?',
    },
  })
  await test.ask('tags.define', { name: 'persistence', colour: 2 })
  await test.ask('tags.apply', { tag: 'persistence', events: { kind: 'query', query: query('eventName:CreateUser') } })
  const { rows } = await test.ask('events.find', {
    query: query('eventName:CreateUser OR eventName:StopLogging'),
    offset: 0,
    limit: 9,
    fields: [],
  })
  await test.ask('bookmarks.set', { event: rows[0]!.id, title: 'A new user', note: 'secret-token-4711 was used' })
  await test.ask('bookmarks.set', { event: rows[1]!.id })
  const finding = await test.ask('findings.set', {
    title: 'Logging was stopped',
    kind: 'fact',
    confidence: 'high',
    statement: 'It was.',
    exhibits: ['AR-0002'],
  })
  const saved = await test.ask('searches.save', { name: 'Denied calls', query: query('access:denied') })
  await test.ask('story.set', {
    blocks: [
      { id: '1', kind: 'prose', text: 'It began with a login.' },
      { id: '2', kind: 'finding', finding: finding.id },
      { id: '3', kind: 'exhibit', exhibit: 'AR-0001', text: 'shows it' },
      { id: '4', kind: 'view', search: saved.id, text: '' },
    ],
  })
  await test.ask('report.setTexts', {
    title: 'The case of mallory',
    summary: 'A **short** summary.',
    limitations: ['The office was not visited.'],
  })
})
afterAll(() => test.engine.closeAll())

const target = (name: string) => join(tempFolder(), name) as Grant & string

describe('report.make', () => {
  it('prints every bookmark with its evidence, the story and the checks, and notes the hash of the file in the custody log', async () => {
    const grant = target('report.pdf')
    const made = await test.ask('report.make', { grant, format: 'pdf', printed })
    const bytes = readFileSync(grant)
    expect(made).toMatchObject({
      status: 'FINAL',
      missing: [],
      events: 2,
      bookmarks: { inCase: 2, excluded: 0 },
      integrityFailed: false,
      bytes: bytes.length,
    })
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(made.sha256)
    const { entries } = await test.ask('custody.list', { action: 'report.make' })
    expect(entries[0]!.detail).toContain(made.sha256)
    const { pages } = readPdf(bytes)
    expect(pages).toHaveLength(made.pages!)
    const text = pages.join('\n').replace(/\s+/g, ' ')
    for (const words of [
      'AR-0001',
      'AR-0002',
      'A new user',
      'The case of mallory',
      'It began with a login.',
      '2 of 5 events shown',
      'Denied calls',
      'Dr. L. Brandt',
      'The office was not visited.',
      'What was taken?',
    ])
      expect(text).toContain(words)
  })

  it('gives the same bytes for the same case and time of printing, also in a later session', async () => {
    const [one, two] = [target('one.pdf'), target('two.pdf')]
    const wish = { format: 'pdf' as const, printed }
    const first = await test.ask('report.make', { grant: one, ...wish })
    test = await reopened(test)
    await test.ask('cases.verify', {})
    const second = await test.ask('report.make', { grant: two, ...wish })
    expect(second.sha256).toBe(first.sha256)
  })

  it('counts the bookmarks that a filter leaves out, and says why', async () => {
    const grant = target('tagged.html')
    const made = await test.ask('report.make', {
      grant,
      format: 'html',
      scope: { kind: 'tag', tag: 'Persistence' },
      printed,
    })
    expect(made).toMatchObject({ events: 1, bookmarks: { inCase: 2, excluded: 1 }, pages: null })
    const html = readFileSync(grant, 'utf8')
    expect(html).toContain('Bookmarks in case: 2, excluded: 1')
    expect(html).toContain('outside the filter')
    await expect(
      test.ask('report.make', { grant: target('x.pdf'), format: 'pdf', scope: { kind: 'tag', tag: 'nothing' } }),
    ).rejects.toMatchObject({ code: 'not-found' })
    await expect(
      test.ask('report.make', {
        grant: target('x.pdf'),
        format: 'pdf',
        scope: { kind: 'query', query: query('eventName:(') },
      }),
    ).rejects.toMatchObject({ code: 'bad-query' })
  })

  it('has every bookmark as a row or in the list of those left out, whatever the filter', async () => {
    const words = [
      'eventName:CreateUser',
      'eventName:StopLogging',
      'access:denied',
      'bookmark:yes',
      'principal:*alice',
      'tag:persistence',
      'nothing',
    ]
    await fc.assert(
      fc.asyncProperty(
        fc.subarray(words, { minLength: 1 }),
        fc.constantFrom(' OR ', ' AND ', ' -'),
        fc.boolean(),
        async (some, join, newest) => {
          const text = some.join(join)
          const wish = {
            scope: { kind: 'query' as const, query: query(text) },
            sort: newest ? ('-eventTime' as const) : ('eventTime' as const),
            printed,
          }
          const { bookmarks, html, events } = await test.ask('report.preview', wish)
          const { total } = await test.ask('events.count', { query: query(text) })
          const marked = await test.ask('events.count', { query: query(`(${text}) AND bookmark:yes`) })
          expect(events).toBe(total)
          expect(bookmarks).toEqual({ inCase: 2, excluded: 2 - marked.total })
          expect(html).toContain(`${total} of 5 events shown`)
        },
      ),
      { numRuns: 25 },
    )
  })

  it('prints a query with its words, oldest or newest first', async () => {
    const { html, events } = await test.ask('report.preview', {
      scope: { kind: 'query', query: query('access:denied OR eventName:GetObject') },
      sort: '-eventTime',
      printed,
    })
    expect(events).toBe(2)
    expect(html).toContain('event time, newest first')
    expect(html.indexOf('GetObject')).toBeLessThan(html.indexOf('ListBuckets'))
  })

  it('removes redacted values from text, notes and raw records', async () => {
    const grant = target('redacted.html')
    const redactions = [
      { value: 'secret-token-4711', reason: 'credential' },
      { value: '203.0.113.7', reason: 'personal data' },
    ]
    await test.ask('report.make', {
      grant,
      format: 'html',
      scope: { kind: 'query', query: query('') },
      printed,
      redactions,
    })
    const html = readFileSync(grant, 'utf8')
    expect(html).not.toContain('secret-token-4711')
    expect(html).not.toContain('203.0.113.7')
    expect(html).toContain('REDACTED R-01: credential')
  })

  it('does not write over a report, and leaves nothing behind when it cannot write', async () => {
    const grant = target('report.html')
    await test.ask('report.make', { grant, format: 'html', printed })
    await expect(test.ask('report.make', { grant, format: 'html', printed })).rejects.toMatchObject({
      code: 'already-exists',
    })
    const folder = tempFolder()
    await expect(
      test.ask('report.make', { grant: join(folder, 'no', 'where.pdf'), format: 'pdf', printed }),
    ).rejects.toMatchObject({ code: 'unreadable' })
    expect(readdirSync(folder)).toEqual([])
  })

  it('is a draft while nobody is named as responsible, and says so', async () => {
    await test.ask('cases.update', { header: { owner: '' } })
    const draft = await test.ask('report.preview', { printed })
    expect(draft).toMatchObject({ status: 'DRAFT', missing: ['the case owner'] })
    expect(draft.html).toContain('does not name the case owner')
    await test.ask('cases.update', { header: { owner: 'Dr. L. Brandt' } })
    expect(await test.ask('report.preview', { printed, draft: true })).toMatchObject({ status: 'DRAFT', missing: [] })
  })

  it('names the signing key of whoever said so, and refuses what is no fingerprint', async () => {
    const signer = { name: 'S. Berg', organisation: '', identifier: '', keyFingerprint: 'K7QF-3M2D-9XTA-0B4H' }
    await test.ask('cases.setExaminer', { examiner: signer })
    await test.ask('tags.define', { name: 'persistence', description: 'kept access' })
    const { html } = await test.ask('report.preview', { printed })
    expect(html).toContain(signer.keyFingerprint)
    expect(html).toContain('S. Berg')
    const { entries } = await test.ask('custody.list', { action: 'case.examiner', order: 'newest' })
    expect(entries[0]!.body).toContain(signer.keyFingerprint)
    const wrong = { ...signer, keyFingerprint: 'my key' }
    await expect(test.ask('cases.setExaminer', { examiner: wrong })).rejects.toMatchObject({ code: 'bad-input' })
  })

  it('says FAILED in words when an original is no longer what was handed over', async () => {
    await test.engine.close(test.open.id)
    const db = await Connection.open(test.path, 'write')
    await db.exec(
      `update original_piece set bytes = cast(replace(hex(bytes), '00', '00') as blob) where id = (select min(id) from original_piece)`,
    )
    await db.close()
    const open = await test.engine.open(test.path, { name: 'A. Rossi', organisation: '', identifier: '' })
    test = await reopened({ ...test, open })
    const grant = target('failed.html')
    const made = await test.ask('report.make', { grant, format: 'html', printed })
    expect(made.integrityFailed).toBe(true)
    expect(readFileSync(grant, 'utf8')).toContain('INTEGRITY CHECK FAILED')
  })
})
