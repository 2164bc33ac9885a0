import { describe, expect, it } from 'vitest'
import { reportHtml } from '#engine/reports/html.ts'
import { composeReport } from '#engine/reports/compose.ts'
import { record, row, sampleModel } from './sample-model.ts'

describe('the HTML report', () => {
  it('is the same text for the same model', () => {
    expect(reportHtml(sampleModel(50))).toBe(reportHtml(sampleModel(50)))
  })

  it('has the sections of the PDF in the same order', () => {
    const model = sampleModel(5)
    const titles = [...reportHtml(model).matchAll(/<section [^>]*>\n<h1>(.*?)<\/h1>/g)].map((one) => one[1])
    expect(titles).toEqual(composeReport(model).sections.map((one) => one.title))
  })

  it('shows attacks as text and runs nothing', () => {
    const nasty = `"><script>alert(1)</script><img src=x onerror='x'>\u202e`
    const html = reportHtml(
      sampleModel(1, {
        summary: nasty,
        timeline: {
          rows: [row(0, { who: nasty, event: nasty, comments: [{ title: nasty, note: nasty }], userAgent: nasty })],
          gapMs: 1,
        },
        records: [record(0, { text: JSON.stringify({ nasty }) })],
      }),
    )
    expect(html).not.toMatch(/<script|<img|<iframe|<object|javascript:|\son\w+=["']/i)
    expect(html).not.toContain('\u202e')
    expect(html).toContain('&#60;script&#62;alert(1)&#60;/script&#62;')
    expect(html).toContain('\\u{202e}')
  })

  it('says in its marks when the case has no number', () => {
    const model = sampleModel(1)
    expect(reportHtml({ ...model, case: { ...model.case, number: '' } })).toContain('Case (no number)')
    expect(reportHtml(model)).not.toContain('(no number)')
  })

  it('leaves no empty place on the cover for a missing number, nor in the certificate for a missing organisation', () => {
    const model = sampleModel(1)
    const [examiner] = model.report.examiners
    const bare = composeReport({
      ...model,
      case: { ...model.case, number: '', title: 'Stolen keys' },
      report: { ...model.report, examiners: [{ ...examiner!, name: 'A. Rossi', organisation: '' }] },
    })
    const texts = JSON.stringify(bare)
    expect(texts).toContain('"label":"Case","lines":[[{"text":"Stolen keys"')
    expect(texts).toContain('I, A. Rossi, state that')
  })

  it('fetches nothing', () => {
    const html = reportHtml(sampleModel(5))
    expect(html).toContain(`default-src 'none'`)
    expect(html).not.toMatch(/\b(src|href)="(?!#)/)
    expect(html).not.toContain('@import')
    expect(html).not.toContain('url(')
  })

  it('prints each row once', () => {
    const html = reportHtml(sampleModel(500))
    const found = [...html.matchAll(/<code>(\d+:\d+)<\/code>/g)].map((one) => one[1])
    expect(found).toEqual(sampleModel(500).timeline.rows.map((one) => `${one.file}:${one.record}`))
  })
})
