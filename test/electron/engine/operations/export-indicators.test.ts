import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Grant } from '#shared/contract/common.ts'
import type { AskOf } from '#shared/contract/contract.ts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { annotatedCase, query, reopened, tempFolder, type TestCase } from '../annotations/annotated-case.ts'

const story = `
  09:00 alice ListBuckets   ip=203.0.113.7 key=AKIAEXAMPLE00000001
  09:05 alice CreateUser -> mallory ip=203.0.113.7 key=AKIAEXAMPLE00000001
  09:30 bob   StopLogging   ip=2001:db8::1
  09:40 bob   GetBucketAcl  ip=cloudtrail.amazonaws.com`
let test: TestCase
beforeAll(async () => {
  test = await annotatedCase(story)
  const { rows } = await test.ask('events.find', { query: query('CreateUser'), offset: 0, limit: 1, fields: [] })
  await test.ask('bookmarks.set', { event: rows[0]!.id, title: 'A new user' })
})
afterAll(() => test.engine.closeAll())

type Named = NonNullable<AskOf<'events.export'>['indicators']>
async function exported(format: 'stix' | 'misp' | 'csv', text: string, indicators: Named) {
  const path = join(tempFolder(), 'out.json')
  const made = await test.ask('events.export', { query: query(text), format, grant: path, indicators })
  return { made, path, text: readFileSync(path, 'utf8') }
}

describe('indicators of a selection', () => {
  it('carry how often, first and last the selection has them, the exhibit, and who confirmed them', async () => {
    const named: Named = [
      { kind: 'address', value: '203.0.113.7' },
      { kind: 'accessKey', value: 'AKIAEXAMPLE00000001' },
      { kind: 'address', value: '203.0.113.7' },
    ]
    const { made, path, text } = await exported('misp', '', named)
    expect(made.indicators).toEqual([
      {
        kind: 'address',
        value: '203.0.113.7',
        events: 2,
        firstMs: Date.parse('2024-05-01T09:00:00Z'),
        lastMs: Date.parse('2024-05-01T09:05:00Z'),
      },
      expect.objectContaining({ kind: 'accessKey', events: 2 }),
    ])
    const { Event: event } = JSON.parse(text) as {
      Event: { Attribute: { type: string; value: string; comment: string }[] }
    }
    expect(event.Attribute.map(({ type }) => type)).toEqual(['ip-src', 'text', 'comment'])
    expect(event.Attribute[0]?.comment).toMatch(
      /^Address 203\.0\.113\.7\. Seen in 2 events of the selection, .* Exhibit AR-0001\. Confirmed by A\. Rossi on/,
    )
    const sidecar = JSON.parse(readFileSync(`${path}.selection.json`, 'utf8')) as { indicators: unknown[] }
    expect(sidecar.indicators).toHaveLength(2)
    const { entries } = await test.ask('custody.list', { action: 'events.export', order: 'newest' })
    expect(JSON.parse(entries[0]!.body)).toMatchObject({ indicators: [{ kind: 'address', value: '203.0.113.7' }, {}] })
  })

  it('count within the query, not within the case', async () => {
    const { made } = await exported('stix', 'CreateUser', [{ kind: 'address', value: '203.0.113.7' }])
    expect(made.indicators[0]).toMatchObject({ events: 1, firstMs: Date.parse('2024-05-01T09:05:00Z') })
  })

  it('go as a bundle with the bookmarked events, marked as the case is', async () => {
    const { text } = await exported('stix', '', [{ kind: 'address', value: '2001:db8::1' }])
    const { objects } = JSON.parse(text) as { objects: { type: string; pattern?: string }[] }
    expect(objects.find(({ type }) => type === 'indicator')?.pattern).toBe("[ipv6-addr:value = '2001:db8::1']")
    expect(objects.filter(({ type }) => type === 'note')).toHaveLength(1)
  })

  it('are never chosen by the program: without one there is no file, and the message says how to name one', async () => {
    const path = join(tempFolder(), 'out.json') as Grant
    const ask = (format: 'stix' | 'misp', text: string) =>
      test.ask('events.export', { query: query(text), format, grant: path })
    await expect(ask('misp', '')).rejects.toThrow(
      /for an examiner to say: tick them in the dialog, or name them with --indicator/,
    )
    await expect(ask('stix', 'bob')).rejects.toThrow(/no event of the selection is bookmarked/)
    expect(existsSync(path)).toBe(false)
    await expect(exported('stix', '', [])).resolves.toMatchObject({ made: { indicators: [] } })
  })

  it.each([
    [
      'that no event of the query has',
      'StopLogging',
      { kind: 'address', value: '203.0.113.7' },
      /No event of the selection has the address 203\.0\.113\.7/,
    ],
    ['that is no address', '', { kind: 'address', value: 'cloudtrail.amazonaws.com' }, /is no IP address/],
  ] as const)('are refused for a value %s', async (_, text, named, message) => {
    await expect(exported('misp', text, [named])).rejects.toThrow(message)
  })

  it('go with STIX and MISP only, and need somebody who confirms them', async () => {
    const named: Named = [{ kind: 'address', value: '203.0.113.7' }]
    await expect(exported('csv', '', named)).rejects.toThrow(/stix and misp/)
    test = await reopened(test, null)
    await expect(exported('misp', '', named)).rejects.toMatchObject({ code: 'no-examiner' })
  })
})
