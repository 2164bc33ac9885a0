import { afterAll, describe, expect, it } from 'vitest'
import { ensure } from '#shared/base/assert.ts'
import type { Grant } from '#shared/contract/common.ts'
import { integrityOf } from '#engine/integrity/case-integrity.ts'
import { annotatedCase, tempFolder, type TestCase } from '#test/electron/engine/annotations/annotated-case.ts'
import { evidence, writeFiles } from '#test/fixtures/evidence.ts'

const STORY = `
  09:00 alice  ConsoleLogin
  09:20 admin  StopLogging -> ir-trail !altered
  10:02 bob    GetObject -> logs/a !missing
  10:20 bob    ListUsers !planted
  11:00 carol  ListRoles region=eu-west-1
  12:00 carol  GetRole region=eu-west-1 !trailing`

const engines: TestCase['engine'][] = []
afterAll(() => Promise.all(engines.map((engine) => engine.closeAll())))

async function imported(story: string): Promise<TestCase> {
  const made = await annotatedCase(story)
  engines.push(made.engine)
  return made
}

const rowsOf = async ({ ask }: TestCase) =>
  (
    await ask('events.find', {
      query: { text: '', facets: [], sort: 'eventTime' },
      fields: ['eventName'],
      offset: 0,
      limit: 100,
    })
  ).rows

/** The cards of all events, without the time at which they were made. */
const cardsOf = async (test: TestCase) => {
  const rows = await rowsOf(test)
  return Promise.all(
    rows.map(async ({ id }) => {
      const made = await test.ask('proof.card', { of: { event: id } })
      return made.kind === 'card' ? { ...made, card: { ...made.card, made: '' } } : made
    }),
  )
}

describe('the signature of the newest digest', () => {
  it('is taken from the headers that curl prints, saved beside the digest, at import or later', async () => {
    const source = evidence('09:00 alice ListUsers')
    const captured = ensure(
      source.files.find((file) => file.path === 'digest-head-object.jsonl'),
      'signatures were captured',
    )
    const heads = Buffer.from(captured.bytes).toString().trim().split('\n')
    const newest = JSON.parse(ensure(heads.at(-1), 'there is a digest')) as { Key: string; Metadata: object }
    const path = ensure(
      source.files.find((file) => file.path.endsWith(newest.Key)),
      'it is in the bucket',
    ).path
    const headers = Object.entries(newest.Metadata).map(([name, value]) => `X-Amz-Meta-${name}: ${String(value)}\r\n`)
    const dump = { path: `${path}.head.txt`, bytes: Buffer.from(`HTTP/1.1 200 OK\r\n${headers.join('')}\r\n`) }
    const copied = source.files.filter((file) => file !== captured)
    const test = await imported('09:00 bob ListRoles region=eu-west-1')
    const add = async (files: typeof copied) =>
      (await test.ask('sources.import', { grants: [writeFiles(tempFolder(), files) as Grant] })).integrity
    const before = await add(copied)
    expect(before.digests.unverified).toBe(1)
    expect((await add([dump])).digests).toMatchObject({ unverified: 0, authentic: before.digests.authentic + 1 })
  })
})

describe('a proof card', () => {
  it('is the same from the digests of its account and region alone as from the whole case', async () => {
    const test = await imported(STORY)
    expect(await integrityOf(test.open).isCurrent()).toBe(true)
    const alone = await cardsOf(test)
    expect(alone.map(({ kind, verdict }) => `${kind} ${verdict}`)).toEqual([
      'card proven',
      'unproven modified',
      'unproven unreferenced',
      'card proven',
      'unproven trailing',
    ])
    // A judgement of other evidence than the case holds is not taken for the verdict of a file.
    await test.open.file.transaction((tx) =>
      tx.run(`update judgement set json = json_set(json, '$.lastEntry', json ->> 'lastEntry' - 1)`),
    )
    integrityOf(test.open).forget()
    expect(await integrityOf(test.open).isCurrent()).toBe(false)
    expect(await cardsOf(test)).toEqual(alone)
  })

  it('is made of a renamed file too, whose digest only the whole case can tell', async () => {
    const test = await imported('09:00 alice ListUsers')
    const source = evidence('10:00 bob ConsoleLogin')
    const log = ensure(source.events[0]?.paths[0], 'the login has a file')
    const files = source.files.map((file) => (file.path === log ? { ...file, path: 'odd/name.json.gz' } : file))
    await test.ask('sources.import', { grants: [writeFiles(tempFolder(), files) as Grant] })
    const login = ensure(
      (await rowsOf(test)).find((row) => row.values[0] === 'ConsoleLogin'),
      'it was imported',
    ).id
    expect(await test.ask('proof.card', { of: { event: login } })).toMatchObject({
      kind: 'card',
      card: { log: { path: expect.stringMatching(/odd\/name.json.gz$/) as string } },
    })
  })
})
