import { createHash } from 'node:crypto'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { evidence } from '#test/fixtures/evidence.ts'
import { json, trailcase } from './cli.ts'

const folder = mkdtempSync(join(tmpdir(), 'trailcase-report-'))
const at = (name: string) => join(folder, name)

beforeAll(async () => {
  evidence(`
    09:00 alice ConsoleLogin ip=203.0.113.7 id=11111111-0000-4000-8000-000000000001
    09:01 alice CreateUser -> mallory
    09:02 mallory StopLogging -> trail`).writeTo(at('evidence'))
  const run = await trailcase(['import', at('case'), at('evidence')])
  if (run.code !== 0) throw new Error(run.err)
  await json(['bookmark', at('case'), '11111111-0000-4000-8000-000000000001', '--title', 'First login'])
  await json(['tag', at('case'), 'exfil', '--query', 'eventName:StopLogging'])
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('report', () => {
  it('prints the bookmarks as PDF, gives its hash, and notes it in the custody log', async () => {
    const made = (await json(['report', at('case'), '--out', at('report.pdf')])) as Record<string, unknown>
    const bytes = readFileSync(at('report.pdf'))
    expect(bytes.subarray(0, 5).toString()).toBe('%PDF-')
    expect(made).toMatchObject({
      out: at('report.pdf'),
      events: 1,
      bookmarks: { inCase: 1, excluded: 0 },
      integrityFailed: false,
      status: 'DRAFT',
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    expect((await trailcase(['custody', at('case')])).text).toContain(String(made['sha256']))
  })

  it('says that it is a draft, and why, while the case names nobody responsible', async () => {
    const run = await trailcase(['report', at('case'), '--out', at('draft.html')])
    expect(run.code).toBe(0)
    expect(run.err).toContain('the case does not name the case owner')
    expect(readFileSync(at('draft.html'), 'utf8')).toContain('DRAFT')
  })

  it('prints a tag or a query instead, with what it leaves out', async () => {
    await json(['report', at('case'), '--out', at('tag.html'), '--scope', 'tag:exfil'])
    expect(readFileSync(at('tag.html'), 'utf8')).toContain('1 of 3 events shown')
    const all = await json([
      'report',
      at('case'),
      '--out',
      at('all.html'),
      '--scope',
      'query:eventName:*',
      '--sort',
      '-eventTime',
    ])
    expect(all).toMatchObject({ events: 3, bookmarks: { inCase: 1, excluded: 0 } })
  })

  it('gives the same bytes again for the same case and date', async () => {
    for (const name of ['one.pdf', 'two.pdf'])
      await json(['report', at('case'), '--out', at(name), '--date', '2026-11-20T10:00Z', '--paper', 'Letter'])
    expect(readFileSync(at('one.pdf')).equals(readFileSync(at('two.pdf')))).toBe(true)
  })

  it('removes what a file lists, and refuses a list that it cannot read', async () => {
    writeFileSync(at('redact.json'), JSON.stringify([{ value: '203.0.113.7', reason: 'personal data' }]))
    await json(['report', at('case'), '--out', at('redacted.html'), '--redact', at('redact.json')])
    const html = readFileSync(at('redacted.html'), 'utf8')
    expect(html).not.toContain('203.0.113.7')
    expect(html).toContain('REDACTED R-01: personal data')
    writeFileSync(at('wrong.json'), '{"value":"x"}')
    expect(
      await trailcase(['report', at('case'), '--out', at('never.html'), '--redact', at('wrong.json')]),
    ).toMatchObject({ code: 2 })
    expect(existsSync(at('never.html'))).toBe(false)
  })

  it('refuses wrong usage, a missing examiner, and to write over a report', async () => {
    expect(await trailcase(['report', at('case'), '--out', at('report.docx')])).toMatchObject({ code: 2 })
    expect(await trailcase(['report', at('case'), '--out', at('x.pdf'), '--scope', 'everything'])).toMatchObject({
      code: 2,
    })
    expect(await trailcase(['report', at('case'), '--out', at('x.pdf'), '--scope', 'query:eventName:('])).toMatchObject(
      { code: 2 },
    )
    expect(await trailcase(['report', at('case'), '--out', at('x.pdf')], { examiner: null })).toMatchObject({ code: 2 })
    const before = readFileSync(at('report.pdf'))
    const again = await trailcase(['report', at('case'), '--out', at('report.pdf')])
    expect(again.code).toBe(2)
    expect(again.err).toContain('exists already')
    expect(readFileSync(at('report.pdf')).equals(before)).toBe(true)
  })
})
