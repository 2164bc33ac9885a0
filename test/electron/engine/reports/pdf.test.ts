import { shapeMarks } from '#engine/reports/compose-timeline.ts'
import { tagShapes } from '#shared/domain/report.ts'
import { spawnSync } from 'node:child_process'
import { describe, expect, it, vi } from 'vitest'
import { reportHash } from '#engine/reports/report-hash.ts'
import { absenceStatement, selectionStatement, type ReportModel } from '#shared/domain/report.ts'
import { writeReportPdf } from '#engine/reports/pdf.ts'
import { collector, fonts, print } from './print.ts'
import { readPdf } from './read-pdf.ts'
import { at, cleanIntegrity, record, row, rows, sampleModel, sha } from './sample-model.ts'

// Nothing here is timed; a busy machine only must not be taken for a fault.
vi.setConfig({ testTimeout: 180_000 })

const sourceCells = (pages: readonly string[]): string[] =>
  pages.flatMap((page) => page.split('\n').filter((line) => /^\d+:\d+$/.test(line)))
const squeezed = (text: string): string => text.replace(/\s/g, '')
const withRows = (all: ReturnType<typeof rows>, changes: Partial<ReportModel> = {}) =>
  sampleModel(all.length, { timeline: { rows: all, gapMs: 3_600_000 }, ...changes })

describe.each([0, 1, 50, 5000])('a report of %i rows', (count) => {
  const model = sampleModel(count)
  const printed = print(model)

  it('prints every selected row exactly once', async () => {
    const found = sourceCells(readPdf((await printed).bytes).pages)
    expect(found).toEqual(model.timeline.rows.map((one) => `${one.file}:${one.record}`))
  })

  it('carries all marks on every page, and its page count is the real one', async () => {
    const { bytes, pages } = await printed
    const read = readPdf(bytes).pages
    const id = reportHash(model).slice(0, 8)
    expect(read.length).toBe(pages)
    read.forEach((page, index) => {
      for (const mark of [
        `Case ${model.case.number}`,
        `Report ${id}`,
        'DRAFT',
        `Page ${index + 1} of ${pages}`,
        'Printed 2026-11-20 10:00:00Z',
        'Examiner A. Rossi',
        'All times UTC; local = Europe/Berlin (UTC+01:00/+02:00)',
      ])
        expect(page).toContain(mark)
      expect(page.split('\n').filter((line) => line === 'TLP:AMBER+STRICT').length).toBeGreaterThanOrEqual(2)
    })
  })

  it('states what was selected and what absence means', async () => {
    const text = squeezed(readPdf((await printed).bytes).pages.join('\n'))
    expect(text).toContain(squeezed(selectionStatement(model)))
    expect(text).toContain(squeezed('does not mean that nothing happened'))
  })

  it('prints every bookmark, or lists it as excluded', async () => {
    const text = readPdf((await printed).bytes).pages.join('\n')
    const exhibits = [
      ...model.timeline.rows.flatMap((one) => one.exhibit ?? []),
      ...model.selection.excluded.map((one) => one.exhibit),
    ]
    expect(exhibits.length).toBe(model.selection.bookmarksInCase)
    const lines = new Set(text.split('\n'))
    expect(exhibits.filter((one) => !lines.has(one))).toEqual([])
  })
})

describe('the bytes of a report', () => {
  it('are the same for the same model', async () => {
    const [one, two] = [await print(sampleModel(20)), await print(sampleModel(20))]
    expect(sha(one.bytes.toString('latin1'))).toBe(sha(two.bytes.toString('latin1')))
  })

  it('differ when the model differs', async () => {
    const [one, two] = [await print(sampleModel(1)), await print(sampleModel(1, { summary: 'Something else.' }))]
    expect(one.bytes.equals(two.bytes)).toBe(false)
  })

  it('hold no action, script, link or attachment, whatever the evidence says', async () => {
    const nasty = '/JS (app.alert(1)) /Launch /URI (https://evil.example) <script>alert(1)</script> (]>> endobj'
    const model = withRows(
      [row(0, { userAgent: nasty, who: nasty, comments: [{ title: nasty, note: nasty }], event: nasty })],
      {
        summary: nasty,
        records: [record(0, { text: `{"a":"${nasty}"}` })],
      },
    )
    const { bytes } = await print(model)
    const { raw, pages } = readPdf(bytes)
    for (const name of ['/JS', '/JavaScript', '/Launch', '/URI', '/EmbeddedFile', '/OpenAction', '/AA'])
      expect(raw).not.toContain(name)
    expect(squeezed(pages.join(''))).toContain(squeezed(nasty))
  })

  it('end with a rejection when the work is cancelled', async () => {
    const { out } = collector()
    const cancel = new AbortController()
    const printing = writeReportPdf(sampleModel(400), out, {
      paper: 'A4',
      fonts,
      signal: cancel.signal,
      told: () => cancel.abort(new Error('stopped')),
    })
    await expect(printing).rejects.toThrow('stopped')
  })
})

describe('long and hostile text', () => {
  it('wraps a name of 300 characters without losing one', async () => {
    const arn = `arn:aws:sts::111122223333:assumed-role/${'LongRoleName0123456789'.repeat(12)}`.slice(0, 300)
    const { bytes } = await print(withRows([row(0, { who: arn, whoFull: `${arn}!` })]))
    const text = squeezed(readPdf(bytes).pages.join(''))
    // The row's cells stand one after the other, so its lines join to the whole name.
    expect(text).toContain(`${arn}P1`)
    expect(text).toContain(`P1${arn}!`)
  })

  it('continues a row that is longer than a page, and says so', async () => {
    const agent = Array.from({ length: 12_500 }, (_, n) => String(n).padStart(8, 'x')).join('')
    expect(agent.length).toBe(100_000)
    const { bytes } = await print(withRows([row(0, { userAgent: agent })]))
    const { pages } = readPdf(bytes)
    expect(
      pages.filter((page) => page.includes('This row is longer than a page and continues on the next.')).length,
    ).toBeGreaterThan(5)
    const numbers = squeezed(pages.join('')).match(/x+\d+/g) ?? []
    expect(new Set(numbers.map((one) => Number(one.replaceAll('x', '')))).size).toBeGreaterThan(12_000)
    for (const page of pages) expect(page).toContain('TLP:AMBER+STRICT')
  })

  it('prints the note of a bookmark under its row, over the width of the table, in small markdown', async () => {
    const note = `First **seen** here.\n\n- ${'a long line of words '.repeat(8)}end`
    const { bytes } = await print(withRows([row(0, { comments: [{ title: '**as typed**', note }] })]))
    const { pages } = readPdf(bytes)
    const timeline = pages.find((page) => sourceCells([page]).length > 0) ?? ''
    expect(timeline).toContain('**as typed**')
    expect(timeline).not.toContain('**seen**')
    expect(timeline).toContain(`• ${'a long line of words '.repeat(8).trim()}`.slice(0, 120))
    expect(timeline.split('\n').some((line) => line.length > 120)).toBe(true)
  })

  it('continues a note that is longer than a page, and loses none of its words', async () => {
    const words = Array.from({ length: 3000 }, (_, n) => `word${n}`)
    const { bytes } = await print(withRows([row(0, { comments: [{ title: 'long', note: words.join(' ') }] })]))
    const text = squeezed(readPdf(bytes).pages.join(''))
    expect(text).toContain('Thisrowislongerthanapage')
    expect(words.filter((word) => !text.includes(word))).toEqual([])
  })

  it('shows controls, direction marks and what the fonts cannot draw as escapes', async () => {
    const { bytes } = await print(
      withRows([
        row(0, {
          who: 'a\u202eb\u0000c',
          comments: [{ title: '\u{1f600} \u4e2d \u0627', note: '' }],
          event: 'Грüße α',
        }),
      ]),
    )
    const text = squeezed(readPdf(bytes).pages.join(''))
    expect(text).toContain('a\\u{202e}b\\u{0}c')
    expect(text).toContain('\\u{1f600}\\u{4e2d}\\u{627}')
    expect(text).toContain('Грüßeα')
  })

  it('draws the mark of every tag, none as an escape', async () => {
    const { bytes } = await print(
      withRows([row(0, { tags: tagShapes.map((shape) => ({ name: `tag-${shape}`, shape })) })]),
    )
    const text = squeezed(readPdf(bytes).pages.join(''))
    for (const shape of tagShapes) expect(text).toContain(`${shapeMarks[shape]}tag-${shape}`)
  })

  it('prints programming operators of the evidence as they are', async () => {
    const { bytes } = await print(sampleModel(1, { records: [record(0, { text: '{"condition":"a!=b->c==d=>e"}' })] }))
    expect(readPdf(bytes).pages.join('\n')).toContain('a!=b->c==d=>e')
  })
})

describe('what a reader must not miss', () => {
  it('is which program made it: name, version and commit in the text, name and version in the metadata', async () => {
    const model = sampleModel(1)
    const { tool } = model.report
    const { pages, raw } = readPdf((await print(model)).bytes)
    expect(squeezed(pages.join(''))).toContain(squeezed(`${tool.name} ${tool.version}, commit ${tool.commit}`))
    expect(raw).toContain(`(${tool.name} ${tool.version})`)
    for (const { name, version } of model.method.tools)
      expect(squeezed(pages.join(''))).toContain(squeezed(name + version))
  })

  it('is that nothing was found, and that this proves nothing, when no event is in the selection', async () => {
    const text = squeezed(readPdf((await print(sampleModel(0))).bytes).pages.join(''))
    expect(text).toContain(squeezed('No event is in the selection.'))
    expect(text).toContain(squeezed(absenceStatement))
  })

  it('is FAILED on every page, with the file named, when a hash differs', async () => {
    const integrity = {
      ...cleanIntegrity,
      sources: { match: 2, differ: [{ path: 'altered.json.gz', expected: sha('a'), found: sha('b') }], unreadable: [] },
    }
    const { pages } = readPdf((await print(sampleModel(3, { integrity }))).bytes)
    for (const page of pages) expect(page).toContain('INTEGRITY CHECK FAILED')
    expect(pages[0]).toContain('FAILED: altered.json.gz differs')
  })

  it('is absent when nothing failed', async () => {
    const { pages } = readPdf((await print(sampleModel(3))).bytes)
    expect(pages.join('\n')).not.toContain('INTEGRITY CHECK FAILED')
    expect(pages.join('\n')).toContain('All checks passed')
  })

  it('names the pauses and the change of the clock between events', async () => {
    const times = ['2023-10-29T00:30:00Z', '2023-10-29T00:30:00Z', '2023-10-29T06:42:00Z']
    const { pages } = readPdf((await print(withRows(times.map((time, n) => row(n, { time: at(time) }))))).bytes)
    const text = pages.join('\n')
    expect(text).toContain('no events in selected data 00:30 to 06:42 (6 h 12 min)')
    expect(text).toContain('Europe/Berlin changes from UTC+02:00 to UTC+01:00 at 2023-10-29 01:00:00Z')
  })

  it('fits Letter paper as well', async () => {
    const { bytes, pages } = await print(sampleModel(50), 'Letter')
    expect(readPdf(bytes).pages.length).toBe(pages)
    expect(bytes.toString('latin1')).toContain('/MediaBox [0 0 612 792]')
    expect(bytes.toString('latin1')).toContain('/MediaBox [0 0 792 612]')
  })

  it('repeats the head of the table and the day on each page of the timeline', async () => {
    const { pages } = readPdf((await print(sampleModel(50))).bytes)
    const timeline = pages.filter((page) => sourceCells([page]).length > 0)
    expect(timeline.length).toBeGreaterThan(2)
    for (const page of timeline) expect(page).toContain('Exhibit\nTime UTC\nLocal\nWho')
    for (const page of timeline.slice(1)) expect(page).toContain('2023-07-10 Monday, 50 events (continued)')
  })
})

const reader = 'pdftotext'
const installed = spawnSync(reader, ['-v']).error === undefined

// Another reader than our own, where this machine has one; skipped otherwise.
describe.skipIf(!installed)('read by pdftotext', () => {
  it('has the same pages, and every row in them', async () => {
    const model = sampleModel(50)
    const { bytes, pages } = await print(model)
    const text = spawnSync(reader, ['-raw', '-', '-'], { input: bytes }).stdout.toString('utf8')
    expect(text.split('\f').length - 1).toBe(pages)
    for (const one of model.timeline.rows) expect(text).toMatch(new RegExp(`(^|\\s)${one.file}:${one.record}(\\s|$)`))
  })
})
