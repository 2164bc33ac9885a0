import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { writeAnalystCsv } from '#engine/exchange/formats/analyst-csv.ts'
import { joinTags, splitTags } from '#engine/exchange/formats/event-facts.ts'
import { readAnnotations, type ReadAnnotationsOptions } from '#engine/exchange/formats/read-annotations.ts'
import { writeTimesketchCsv, writeTimesketchJsonLines } from '#engine/exchange/formats/timesketch.ts'
import { Refusal } from '#engine/refusal.ts'
import type { AnnotationFileKind, AnnotationRow } from '#shared/domain/annotation-import.ts'
import { exportEvent, hostileTexts, statement, stream } from './samples.ts'

async function read(
  kind: AnnotationFileKind,
  chunks: AsyncIterable<Uint8Array>,
  options?: ReadAnnotationsOptions,
): Promise<AnnotationRow[]> {
  const rows: AnnotationRow[] = []
  for await (const row of readAnnotations(kind, chunks, options)) rows.push(row)
  return rows
}
const readText = (kind: AnnotationFileKind, text: string, options?: ReadAnnotationsOptions): Promise<AnnotationRow[]> =>
  read(kind, stream([Buffer.from(text)]), options)
const reasons = (rows: readonly AnnotationRow[]): string[] =>
  rows.map((row) => (row.kind === 'dropped' ? row.dropped.reason : 'proposal'))

const annotated = exportEvent({
  tags: ['exfil', '=cmd()'],
  bookmark: { exhibit: 'AR-0001', title: '=1+1', note: 'two\nlines' },
})
const silent = exportEvent({ row: 2 })

describe('readAnnotations', () => {
  it.each([
    ['csv', () => writeAnalystCsv(stream([annotated, silent]), statement())],
    ['timesketch', () => writeTimesketchJsonLines(stream([annotated, silent]))],
    ['timesketch-csv', () => writeTimesketchCsv(stream([annotated, silent]))],
  ] as const)('reads tags and comments back from our own %s export', async (kind, write) => {
    const rows = await read(kind, write())
    expect(reasons(rows)).toEqual(['proposal', 'NOTHING_SAID'])
    expect(rows[0]).toMatchObject({
      proposal: {
        event: { kind: 'place', sourceSha256: annotated.source.sha256, ordinal: 0, eventID: 'event-1' },
        tags: ['exfil', '=cmd()'],
        comment: '=1+1\ntwo\nlines',
      },
    })
  })
  it('takes an eventID where the place in the evidence is not given', async () => {
    const rows = await readText(
      'timesketch',
      '{"event_id":"e-1","tag":["x","x"],"datetime":"2026-01-02T03:04:05+00:00"}\n',
    )
    expect(rows).toEqual([
      { kind: 'proposal', proposal: { line: 1, event: { kind: 'eventID', eventID: 'e-1' }, tags: ['x'], comment: '' } },
    ])
  })
  it('reports every row that it drops, with line and reason', async () => {
    const lines = [
      '{"event_id":"e","tag":["x"]}',
      'not json',
      '[]',
      '{"tag":["x"]}',
      '{"event_id":"e","tag":["x"],"datetime":"2026-01-02T03:04:05"}',
      '{"event_id":"e","tag":["x"],"datetime":"yesterday"}',
      '{"event_id":"e","tag":"-"}',
      '',
      '{"__proto__":{"event_id":"e"},"tag":["x"]}',
    ]
    const rows = await readText('timesketch', lines.join('\r\n'))
    expect(reasons(rows)).toEqual([
      'proposal',
      'UNREADABLE',
      'UNREADABLE',
      'NO_EVENT',
      'NO_ZONE',
      'NO_TIME',
      'NOTHING_SAID',
      'NO_EVENT',
    ])
    expect(rows.map((row) => (row.kind === 'dropped' ? row.dropped.line : row.proposal.line))).toEqual([
      1, 2, 3, 4, 5, 6, 7, 9,
    ])
  })
  it('reads times without zone once someone said that they are UTC', async () => {
    const line = '{"event_id":"e","tag":["x"],"datetime":"2026-01-02 03:04:05"}'
    expect(reasons(await readText('timesketch', line, { zoneless: 'utc' }))).toEqual(['proposal'])
  })
  it('reads a file with other headings', async () => {
    const text = "when,id,labels\n2026-01-02T03:04:05Z,e-1,\"['x', 'y']\"\n"
    const [row] = await readText('timesketch-csv', text, { columns: { eventID: 'id', tags: 'labels', time: 'when' } })
    expect(row).toMatchObject({ proposal: { tags: ['x', 'y'] } })
  })
  it('says where a broken CSV stops, and keeps what came before', async () => {
    const rows = await readText('csv', 'event_id,tags\ne-1,x\ne-2,x,too,many\n"e-3,x\n')
    expect(reasons(rows)).toEqual(['proposal', 'UNREADABLE', 'UNREADABLE'])
    expect(rows[2]).toMatchObject({ dropped: { line: 4 } })
  })
  it('reads what Excel wrote with semicolons', async () => {
    const rows = await readText('csv', 'event_id;tags\r\ne-1;a|b\r\n', { delimiter: ';' })
    expect(rows).toMatchObject([{ proposal: { tags: ['a', 'b'] } }])
  })
  it.each([
    ['a heading twice', 'event_id,tags,tags\ne-1,x,y\n', /column tags twice/],
    ['no column that names events', 'eventid,tags\ne-1,x\n', /which event a row is about: event_id/],
    ['nothing to read', 'event_id,label\ne-1,x\n', /neither a column tags nor comment/],
  ])('refuses a CSV with %s, and says what to do', async (_, text, message) => {
    await expect(readText('csv', text)).rejects.toThrow(message)
  })
  it('refuses a CSV in another encoding instead of reading names that nobody wrote', async () => {
    const latin1 = Buffer.from('event_id,tags\ne-1,M\xfcller\n', 'latin1')
    await expect(read('csv', stream([latin1]))).rejects.toThrow(/not UTF-8/)
    const utf16 = Buffer.from('\ufeffevent_id,tags\n', 'utf16le')
    await expect(read('csv', stream([utf16]))).rejects.toThrow(/not UTF-8/)
  })
  it('never fails on a hostile file but with a refusal, and accounts for every line', async () => {
    const part = fc.constantFrom(
      '"',
      ',',
      '\n',
      '{',
      '}',
      ':',
      '[',
      ']',
      'event_id',
      'tag',
      '\ud800',
      '\0',
      "'",
      '=',
      'x',
      '\\',
    )
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 60 }),
        fc.constantFrom('csv', 'timesketch', 'timesketch-csv'),
        async (parts, kind) => {
          await readText(kind, parts.join('')).catch((problem: unknown) => expect(problem).toBeInstanceOf(Refusal))
        },
      ),
      { numRuns: 300 },
    )
    const rows = await readText(
      'timesketch',
      hostileTexts()
        .map((text) => text.replace(/[\r\n]/g, ''))
        .join('\n'),
    )
    expect(rows).toHaveLength(200)
  })
})

describe('splitTags', () => {
  it('gives back any tags that were joined', () => {
    const tag = fc.string({ unit: fc.constantFrom('a', '|', '\\', 'b c', 'é'), minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(fc.array(tag, { maxLength: 5 }), (tags) => {
        expect(splitTags(joinTags(tags))).toEqual(tags)
      }),
      { numRuns: 300 },
    )
  })
})
