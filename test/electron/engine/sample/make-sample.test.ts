import { createHash } from 'node:crypto'
import { gunzipSync, constants } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { ensure } from '#shared/base/assert.ts'
import { buildSample, makeSample, samplePaths, sampleStory, sampleTruth } from '#engine/sample/make-sample.ts'

const { files, truth, story } = buildSample()
const byPath = new Map(files.map((f) => [f.path, Buffer.from(f.bytes)]))
const textAt = (path: string): string => ensure(byPath.get(path), `${path} is in the sample`).toString()
const isLog = (path: string): boolean => /\/CloudTrail(-Insight)?\/[^/]+\/2026\//.test(path)
const logPaths = files.map((f) => f.path).filter(isLog)

/** Of a record or row, the members that are texts: no other is looked at here. */
type Row = {
  readonly eventID: string
  readonly eventTime: string
  readonly CloudTrailEvent: string
  readonly [name: string]: string | undefined
}

/** What a careful reader gets out of a log file: the first gzip member, and of a broken one the complete records. */
function recordsOf(path: string): Row[] {
  const bytes = ensure(byPath.get(path), `${path} is in the sample`)
  const member =
    path === truth.damage.trailing.path ? bytes.subarray(0, bytes.lastIndexOf(Buffer.from([0x1f, 0x8b, 8]))) : bytes
  const text = gunzipSync(member, { finishFlush: constants.Z_SYNC_FLUSH }).toString()
  if (path !== truth.damage.truncated.path) return JSON.parse(text).Records
  return JSON.parse(`${text.slice(0, text.lastIndexOf('},{"eventVersion"'))}}]}`).Records
}
const inLogs = logPaths.flatMap(recordsOf)
const lookup: Row[] = JSON.parse(textAt(samplePaths.lookupEvents)).Events
const historyLines = textAt(samplePaths.eventHistory).trimEnd().split('\n').slice(1)
const historyIDs = historyLines.map((line) =>
  ensure(/,([0-9a-f-]{36}),([0-9a-f-]{36}),/.exec(line)?.[2], 'each row has two ids'),
)

describe('the sample investigation', () => {
  it('is the same every time, byte for byte', () => {
    const again = [...makeSample()]
    expect(again.map((f) => f.path)).toEqual(files.map((f) => f.path))
    expect(
      again.every((f, i) => Buffer.from(f.bytes).equals(Buffer.from(ensure(files[i], 'as many files').bytes))),
    ).toBe(true)
  })

  it('tells the same truth and story each time', () => {
    expect(sampleTruth()).toEqual(truth)
    expect(sampleStory()).toEqual(story)
  })

  it('has the same content on every machine', () => {
    const hash = createHash('sha256')
    // where a broken stream can be read to depends on the inflater
    for (const path of logPaths.filter((p) => p !== truth.damage.truncated.path))
      hash.update(path).update(JSON.stringify(recordsOf(path)))
    expect(hash.digest('hex')).toBe('95d3bd1ff14e3a92ecaf4b2d2c8caf2b5d0ca9e3a938fd28b340182154c9e039')
  })

  it('holds as many files, records and events as its truth says', () => {
    expect(files).toHaveLength(truth.files)
    expect(logPaths).toHaveLength(truth.logFiles)
    expect(files.filter((f) => f.path.includes('/CloudTrail-Digest/'))).toHaveLength(truth.digests)
    expect(inLogs).toHaveLength(truth.recordsInLogFiles)
    expect(lookup).toHaveLength(truth.lookupEvents)
    expect(historyLines).toHaveLength(truth.historyRows)
    const full = new Set([...inLogs.map((r) => r['eventID']), ...lookup.map((e) => e['EventId'])])
    const onlyInHistory = historyIDs.filter((id) => !full.has(id))
    expect(new Set([...full, ...historyIDs]).size).toBe(truth.events)
    expect(onlyInHistory).toHaveLength(truth.eventsOnlyInHistory)
    expect(truth.events).toBeGreaterThan(4000)
  })

  it('delivers some events twice, always with the same content', () => {
    const contents = new Map<string, Set<string>>()
    const times = new Map<string, number>()
    for (const r of [...inLogs, ...lookup.map((e) => JSON.parse(e['CloudTrailEvent']))]) {
      contents.set(r['eventID'], (contents.get(r['eventID']) ?? new Set()).add(JSON.stringify(r)))
    }
    for (const r of inLogs) times.set(r['eventID'], (times.get(r['eventID']) ?? 0) + 1)
    expect([...times.values()].filter((n) => n > 1)).toHaveLength(truth.eventsDeliveredTwice)
    expect([...contents].filter(([, c]) => c.size > 1).map(([id]) => id)).toEqual(truth.conflicts)
  })

  it('damages five files as its truth says', () => {
    const { altered, missing, trailing, truncated, planted } = truth.damage
    expect(recordsOf(altered.path).find((r) => r['eventID'] === altered.eventID)).toMatchObject({
      eventName: 'CreateUser',
      sourceIPAddress: '192.0.2.10',
    })
    expect(byPath.has(missing.path)).toBe(false)
    expect(missing.eventIDs.length).toBeGreaterThan(0)
    expect(gunzipSync(ensure(byPath.get(trailing.path), 'it is there')).toString()).toContain(
      ensure(trailing.eventIDsInTail[0], 'a forged event'),
    )
    expect(inLogs.map((r) => r['eventID'])).not.toContain(trailing.eventIDsInTail[0])
    expect(() => gunzipSync(ensure(byPath.get(truncated.path), 'it is there'))).toThrow('unexpected end of file')
    expect(recordsOf(truncated.path)).toHaveLength(truncated.saved)
    expect(truncated.lost.length).toBeGreaterThan(0)
    expect(recordsOf(planted.path).map((r) => r['eventID'])).toEqual(planted.eventIDs)
  })

  it('compresses every other log file as one whole gzip member', () => {
    for (const path of logPaths.filter((p) => p !== truth.damage.truncated.path)) {
      expect(() => gunzipSync(ensure(byPath.get(path), 'it is there'))).not.toThrow()
    }
  })

  it('tells a story whose every step can be found where it says', () => {
    const ids = new Set(inLogs.map((r) => r['eventID']))
    for (const step of story) {
      expect(ids.has(step.eventID), step.what).toBe(step.foundIn === 'log files')
      expect(step.foundIn === 'log files' || historyIDs.includes(step.eventID), step.what).toBe(true)
    }
    expect(story.length).toBeGreaterThan(30)
    expect(story.map((s) => s.time)).toEqual(story.map((s) => s.time).toSorted())
  })

  it('counts the reconnaissance as the story does', () => {
    const burst = inLogs.filter(
      (r) =>
        r['sourceIPAddress'] === '203.0.113.66' &&
        r['eventTime'] >= '2026-02-10T08:14' &&
        r['eventTime'] < '2026-02-10T08:20',
    )
    const distinct = new Map(burst.map((r) => [r['eventID'], r]))
    expect(distinct.size).toBe(26)
    expect(new Set([...distinct.values()].map((r) => r['eventSource'])).size).toBe(13)
    expect([...distinct.values()].filter((r) => r['errorCode'] !== undefined)).toHaveLength(13)
  })

  it('is silent where the trail was stopped, in log files and digests', () => {
    const own = inLogs.filter(
      (r) => r['recipientAccountId'] === truth.stopped.account && r['awsRegion'] === truth.stopped.region,
    )
    expect(own.length).toBeGreaterThan(300)
    expect(own.filter((r) => r['eventTime'] > truth.stopped.from && r['eventTime'] < truth.stopped.to)).toEqual([])
    const starts = files
      .filter((f) => f.path.includes('/CloudTrail-Digest/') && f.path.includes('payments_eu.audit'))
      .map((f) => JSON.parse(gunzipSync(f.bytes).toString()))
      .filter((d) => d.previousDigestS3Object === null)
      .map((d) => d.digestStartTime)
    expect(starts).toEqual(['2026-02-10T05:19:16Z', truth.stopped.to])
  })

  it('carries text that attacks its reader', () => {
    const all = JSON.stringify(inLogs)
    for (const hostile of ['<img src=x onerror=', '\u202e', '\\u001b[2J', `=cmd|'/C`]) expect(all).toContain(hostile)
  })

  it('names nothing outside the ranges kept for documentation', () => {
    const kept =
      /^(?:192\.0\.2|198\.51\.100|203\.0\.113)\.\d+$|^2001:db8:|^10\.|^[a-z0-9-]+\.amazonaws\.com$|^AWS Internal$/
    expect(inLogs.filter((r) => r['sourceIPAddress'] !== undefined && !kept.test(r['sourceIPAddress']))).toEqual([])
    const all = JSON.stringify(inLogs)
    const keys = new Set(all.match(/\b(?:AKIA|ASIA|AIDA|AROA)[A-Z0-9]{12,}/g))
    expect([...keys].filter((k) => !k.endsWith('EXAMPLE'))).toEqual([])
    const accounts = new Set(
      [...all.matchAll(/arn:aws:[a-z0-9-]*:[a-z0-9-]*:(\d{12}):|"userId":"(\d{12})"/g)].map((m) => m[1] ?? m[2]),
    )
    expect(accounts).toEqual(new Set(['111122223333', '444455556666', '999988887777']))
  })
})
