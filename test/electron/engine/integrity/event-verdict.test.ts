import { gunzipSync } from 'node:zlib'
import { afterAll, describe, expect, it } from 'vitest'
import { ensure } from '#shared/base/assert.ts'
import type { Grant } from '#shared/contract/common.ts'
import { annotatedCase, tempFolder, type TestCase } from '#test/electron/engine/annotations/annotated-case.ts'
import { evidence, writeFiles } from '#test/fixtures/evidence.ts'

const engines: TestCase['engine'][] = []
afterAll(() => Promise.all(engines.map((engine) => engine.closeAll())))

async function imported(story: string): Promise<TestCase> {
  const made = await annotatedCase(story)
  engines.push(made.engine)
  return made
}

/** A lookup-events export with the records of the file in which this event stands. */
function exportOf(story: string, name: string): string {
  const { events, files } = evidence(story)
  const path = ensure(events.find(({ record }) => record['eventName'] === name)?.paths[0], 'the event has a file')
  const { bytes } = ensure(
    files.find((file) => file.path === path),
    'it is there',
  )
  const { Records } = JSON.parse(gunzipSync(bytes).toString()) as { Records: Record<string, unknown>[] }
  const Events = Records.map((record) => ({ EventId: record['eventID'], CloudTrailEvent: JSON.stringify(record) }))
  return writeFiles(tempFolder(), [{ path: 'lookup-events.json', bytes: Buffer.from(JSON.stringify({ Events })) }])
}

describe('an event of which a copy lies beside that nobody signed', () => {
  const story = `
    09:00 alice ConsoleLogin
    10:20 admin StopLogging -> ir-trail !altered`

  it.each([
    ['StopLogging', 'modified'],
    ['ConsoleLogin', 'proven'],
  ])('%s stays %s, in grid, query, details and SQL, and each place tells its own verdict', async (name, verdict) => {
    const test = await imported(story)
    await test.ask('sources.import', { grants: [exportOf(story, name) as Grant] })
    const find = (text: string) =>
      test.ask('events.find', {
        query: { text, facets: [], sort: 'eventTime' },
        fields: [],
        offset: 0,
        limit: 10,
      })
    const { rows, total } = await find(`eventName:${name} integrity:${verdict}`)
    expect(total).toBe(1)
    const row = ensure(rows[0], 'it was found')
    expect(row.integrity).toBe(verdict)
    expect((await find('integrity:none')).total).toBe(0)
    const details = await test.ask('events.get', { id: row.id })
    expect(details.row.integrity).toBe(verdict)
    expect(details.places.map((place) => place.integrity).sort()).toEqual([verdict, 'none'].sort())
    const sql = await test.ask('sql.run', { sql: `select _integrity from events where eventName = '${name}'` })
    expect(sql.rows).toEqual([[verdict]])
  })
})
