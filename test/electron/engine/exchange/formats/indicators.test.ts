import { describe, expect, it } from 'vitest'
import { writeMisp } from '#engine/exchange/formats/misp.ts'
import { indicatorPattern, writeStix } from '#engine/exchange/formats/stix.ts'
import type { ConfirmedIndicator } from '#shared/domain/export.ts'
import { at, exportEvent, statement, stream, textOf } from './samples.ts'

const indicator: ConfirmedIndicator = {
  kind: 'address',
  value: '203.0.113.7',
  events: 12,
  exhibits: ['AR-0001'],
  firstSeen: at('2026-01-02T03:04:05Z'),
  lastSeen: at('2026-01-02T04:00:00Z'),
  confirmedBy: 'A. Rossi',
  confirmedAt: at('2026-11-20T10:00:00Z'),
}
const bookmarked = exportEvent({
  bookmark: { exhibit: 'AR-0001', title: 'Logging stopped', note: '' },
  tags: ['exfil'],
})
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- tests assert the shape of what they read
const stixOf = async (events = [bookmarked, exportEvent({ row: 2 })], indicators = [indicator]): Promise<any> =>
  JSON.parse(await textOf(writeStix(stream(events), statement(), indicators)))

describe('writeStix', () => {
  it('holds bookmarks and confirmed indicators, and leaves other events out', async () => {
    const { type, objects } = await stixOf()
    expect(type).toBe('bundle')
    expect(objects.map((object: { type: string }) => object.type)).toEqual([
      'marking-definition',
      'identity',
      'ipv4-addr',
      'user-account',
      'observed-data',
      'note',
      'observed-data',
      'indicator',
      'relationship',
      'grouping',
    ])
  })
  it('refers only to objects that are in the bundle, each of them once', async () => {
    const { objects } = await stixOf([bookmarked, { ...bookmarked, source: { ...bookmarked.source, ordinal: 7 } }])
    const ids: string[] = objects.map((object: { id: string }) => object.id)
    expect(new Set(ids).size).toBe(ids.length)
    for (const object of objects) {
      expect(object.id).toMatch(
        new RegExp(`^${object.type}--[0-9a-f]{8}-[0-9a-f]{4}-[45][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$`),
      )
      for (const ref of [
        ...(object.object_refs ?? []),
        ...(object.object_marking_refs ?? []),
        object.created_by_ref ?? object.id,
        object.source_ref ?? object.id,
        object.target_ref ?? object.id,
      ])
        expect(ids).toContain(ref)
    }
  })
  it('has the identifiers that the standard prescribes for observables', async () => {
    // Computed with Python's uuid.uuid5 over the namespace and the canonical JSON {"value":"198.51.100.3"}.
    const { objects } = await stixOf(
      [exportEvent({ terms: { sourceIPAddress: '198.51.100.3' }, bookmark: { exhibit: 'A', title: '', note: '' } })],
      [],
    )
    expect(objects.find((object: { type: string }) => object.type === 'ipv4-addr').id).toBe(
      'ipv4-addr--28bb3599-77cd-5a82-a950-b5bc3caf07c4',
    )
  })
  it('says of each indicator how often the selection has it, first and last, and who confirmed it', async () => {
    const { objects } = await stixOf([], [indicator, { ...indicator, kind: 'accessKey', value: 'AKIAEXAMPLE' }])
    const made = objects.find((object: { type: string }) => object.type === 'indicator')
    expect(made).toMatchObject({
      name: 'Address 203.0.113.7',
      description:
        'Seen in 12 events of the selection, from 2026-01-02T03:04:05Z to 2026-01-02T04:00:00Z. Exhibit AR-0001. Confirmed by A. Rossi on 2026-11-20T10:00:00Z.',
      pattern: "[ipv4-addr:value = '203.0.113.7']",
      valid_from: '2026-01-02T03:04:05.000Z',
      object_marking_refs: ['marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421'],
    })
    const observed = objects.filter((object: { type: string }) => object.type === 'observed-data')
    expect(observed).toHaveLength(2)
    expect(observed[0]).toMatchObject({
      number_observed: 12,
      first_observed: '2026-01-02T03:04:05.000Z',
      last_observed: '2026-01-02T04:00:00.000Z',
    })
    expect(objects.at(-1).description).toContain('1 of 10 shown')
  })
  it('has no observation for a user agent, which is no observable by itself', async () => {
    const { objects } = await stixOf([], [{ ...indicator, kind: 'userAgent', value: 'aws-cli/2' }])
    expect(objects.map((object: { type: string }) => object.type)).toEqual([
      'marking-definition',
      'identity',
      'indicator',
      'grouping',
    ])
  })
  it('speaks for the organisation of the examiner, and names the author of each note', async () => {
    const text = await textOf(writeStix(stream([bookmarked]), statement({ organisation: 'Example Response Ltd' }), []))
    const { objects } = JSON.parse(text)
    const of = (type: string) => objects.find((object: { type: string }) => object.type === type)
    expect(of('identity')).toMatchObject({ name: 'Example Response Ltd', identity_class: 'organization' })
    expect(of('note').authors).toEqual(['A. Rossi'])
    const alone = (await stixOf()).objects.find((object: { type: string }) => object.type === 'identity')
    expect(alone).toMatchObject({ name: 'A. Rossi', identity_class: 'individual' })
  })
  it('is a bundle without grouping when nothing was bookmarked or confirmed', async () => {
    const { objects } = await stixOf([exportEvent()], [])
    expect(objects.map((object: { type: string }) => object.type)).toEqual(['marking-definition', 'identity'])
  })
  it('cannot be broken out of by the value of an indicator', () => {
    expect(indicatorPattern({ kind: 'userAgent', value: "x' OR '1' = '1\\" })).toBe(
      "[network-traffic:extensions.'http-request-ext'.request_header.'User-Agent' = 'x\\' OR \\'1\\' = \\'1\\\\']",
    )
    expect(indicatorPattern({ kind: 'address', value: '2001:db8::1' })).toBe("[ipv6-addr:value = '2001:db8::1']")
  })
})

describe('writeMisp', () => {
  it('holds confirmed indicators with the exhibit, not to be blocked and not to be shared by itself', async () => {
    const { Event: event } = JSON.parse(await textOf(writeMisp(statement(), [indicator])))
    expect(event).toMatchObject({
      info: '0042 – Night visit',
      date: '2026-11-20',
      distribution: '0',
      published: false,
      Tag: [{ name: 'tlp:amber' }],
    })
    expect(event.Attribute[0]).toMatchObject({
      type: 'ip-src',
      value: '203.0.113.7',
      to_ids: false,
      comment:
        'Address 203.0.113.7. Seen in 12 events of the selection, from 2026-01-02T03:04:05Z to 2026-01-02T04:00:00Z. Exhibit AR-0001. Confirmed by A. Rossi on 2026-11-20T10:00:00Z.',
      first_seen: '2026-01-02T03:04:05.000Z',
      last_seen: '2026-01-02T04:00:00.000Z',
    })
    expect(event.Attribute[1].value).toContain('1 of 10 shown')
  })
  it('has the same identifiers when it is exported again', async () => {
    const later = statement({ madeAt: at('2026-12-01T00:00:00Z') })
    const first = JSON.parse(await textOf(writeMisp(statement(), [indicator]))).Event
    const second = JSON.parse(await textOf(writeMisp(later, [indicator]))).Event
    expect(second.uuid).toBe(first.uuid)
    expect(second.Attribute[0].uuid).toBe(first.Attribute[0].uuid)
  })
})
