import fc from 'fast-check'
import { describe, expect, it, vi } from 'vitest'
import { reportHtml } from '#engine/reports/html.ts'
import { redact, type RedactionRule } from '#engine/reports/redact.ts'
import type { ReportModel } from '#shared/domain/report.ts'
import { print } from './print.ts'
import { readPdf } from './read-pdf.ts'
import { at, record, row, sampleModel, sha } from './sample-model.ts'

vi.setConfig({ testTimeout: 60_000 })

const rule = (value: string, reason = 'personal data'): RedactionRule => ({
  value,
  reason,
  by: 'A. Rossi',
  at: at('2026-11-20T09:00:00Z'),
})
const clean = (model: ReportModel, ...rules: RedactionRule[]): ReportModel => {
  const result = redact(model, rules)
  if (!result.ok) throw new Error(result.message)
  return result.value
}

describe('redaction', () => {
  it('leaves none of 500 secrets in the text, the metadata or the bytes', async () => {
    const secrets = Array.from({ length: 500 }, (_, n) => `Secret-${sha(String(n)).slice(0, 10)}@corp.example`)
    const part = (n: number) => secrets[n % 500]!
    const model = sampleModel(0, {
      case: { ...sampleModel(0).case, title: `Case of ${part(0)}`, number: part(1) },
      report: {
        ...sampleModel(0).report,
        title: part(2),
        examiners: [{ name: part(3), organisation: part(4), badge: part(5), keyFingerprint: null }],
      },
      summary: `See **${part(6)}** and \`${part(7)}\`.`,
      timeline: {
        rows: Array.from({ length: 250 }, (_, n) =>
          row(n, {
            exhibit: null,
            who: part(n),
            whoFull: `arn:aws:iam::1:user/${part(n)}`,
            comments: [{ title: part(n + 250), note: part(n + 251) }],
            userAgent: `agent ${part(n + 1)}`,
          }),
        ),
        gapMs: 3_600_000,
      },
      records: Array.from({ length: 40 }, (_, n) =>
        record(n, {
          text: JSON.stringify({
            user: part(n),
            policy: JSON.stringify({ who: part(n + 3) }),
            url: `/x?u=${encodeURIComponent(part(n + 9))}`,
          }),
        }),
      ),
    })
    const redacted = clean(model, ...secrets.map((value) => rule(value)))
    const { raw, pages } = readPdf((await print(redacted)).bytes)
    const text = pages.join('').replace(/\s/g, '')
    const html = reportHtml(redacted)
    const utf16 = (value: string) => Array.from(value, (c) => `\0${c}`).join('')
    const left = secrets.filter(
      (one) =>
        [raw, text, html].some((all) => all.includes(one) || all.includes(encodeURIComponent(one))) ||
        raw.includes(utf16(one)),
    )
    expect(left).toEqual([])
    expect(html).toContain('[REDACTED R-01: personal data]')
  })

  it('gives the same value the same mark everywhere, letter case aside', () => {
    const model = sampleModel(1, { summary: 'alice, ALICE and bob', limitations: ['Not Alice'] })
    const redacted = clean(model, rule('alice'), rule('bob', 'third party'))
    expect(redacted.summary).toBe(
      '[REDACTED R-01: personal data], [REDACTED R-01: personal data] and [REDACTED R-02: third party]',
    )
    expect(redacted.limitations).toEqual(['Not [REDACTED R-01: personal data]'])
  })

  it('lists number, reason, person and date, and never the value', () => {
    const redacted = clean(sampleModel(1, { summary: 'bob bob' }), rule('bob'))
    expect(redacted.redactions).toEqual([
      {
        number: 1,
        token: '[REDACTED R-01: personal data]',
        reason: 'personal data',
        by: 'A. Rossi',
        at: at('2026-11-20T09:00:00Z'),
        occurrences: 2,
      },
    ])
    expect(JSON.stringify(redacted)).not.toMatch(/bob/i)
  })

  it('finds a value behind JSON escapes, and in JSON inside JSON', () => {
    const text = '{"a":"\\u0061lice","b":"{\\"who\\":\\"al\\\\u0069ce\\"}","n":9007199254740993}'
    const [only] = clean(sampleModel(0, { records: [record(0, { text })] }), rule('alice')).records
    expect(only?.text).toBe(
      '{"a":"[REDACTED R-01: personal data]","b":"{\\"who\\":\\"[REDACTED R-01: personal data]\\"}","n":9007199254740993}',
    )
  })

  it('withholds the hash of a record from which something was removed, and keeps it otherwise', () => {
    const model = sampleModel(0, {
      records: [record(0, { text: '{"who":"alice"}' }), record(1, { text: '{"who":"carol"}' })],
    })
    expect(clean(model, rule('alice')).records.map((one) => one.sha256)).toEqual([null, sha('{"who":"carol"}')])
  })

  it('leaves the hashes of files whole', () => {
    const model = sampleModel(1)
    const part = model.evidence.files[0]!.sha256.slice(0, 4)
    expect(clean(model, rule(part)).evidence.files[0]!.sha256).toBe(model.evidence.files[0]!.sha256)
  })

  it('refuses a value so short that it would tear words apart', () => {
    expect(redact(sampleModel(1), [rule('a')])).toMatchObject({ ok: false, code: 'REDACTION_TOO_SHORT' })
  })

  it('takes any text as a value, literally', () => {
    fc.assert(
      fc.property(
        fc
          .string({ unit: 'grapheme', minLength: 3, maxLength: 20 })
          .filter((one) => one.trim().length >= 3 && !'[REDACTED R-01: x]'.toLowerCase().includes(one.toLowerCase())),
        (value) => {
          const redacted = clean(sampleModel(0, { summary: `before ${value} after` }), rule(value, 'x'))
          expect(redacted.summary).toContain('[REDACTED R-01: x]')
          expect(redacted.summary).not.toContain(value)
        },
      ),
      { numRuns: 60 },
    )
  })
})
