import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { ensure } from '#shared/base/assert.ts'
import { eventVerdicts } from '#shared/domain/integrity.ts'
import type { MatchableEvent } from '#shared/domain/query/matches.ts'
import { addBookmark, tagEvents } from '#engine/annotations/annotate.ts'
import { defaultLimits } from '#engine/intake/limits.ts'
import { parseWithContent } from '#engine/intake/parse-file.ts'
import { runImport } from '#engine/intake/run/run-import.ts'
import { OpenCase } from '#engine/open-case.ts'
import { Bitmap } from '#engine/vectors/bitmap.ts'
import { hostileText } from '../../../shared/domain/query/sample.ts'

const root = join(import.meta.dirname, '../../../..')

/** A case on disk with random events in it, and the same events as plain values: what an answer is, and what it should be. */
export type RandomCase = {
  readonly open: OpenCase
  /** By event number - 1. */
  readonly events: readonly MatchableEvent[]
  readonly folder: string
}

const pool = [
  'alice',
  'Bob',
  's3-exfil-role',
  'arn:aws:iam::123456789012:role/Admin',
  '203.0.113.7',
  '2001:db8::1',
  '10.0.0.0/8',
  '100',
  '',
  'a b',
  'Straße',
  'x_y',
]
const text = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...pool) },
  { weight: 1, arbitrary: hostileText.map((t) => t.replace(/\p{Surrogate}/gu, '\ufffd')) },
)
const value: fc.Arbitrary<unknown> = fc.oneof(
  text,
  fc.constantFrom(null, true, 7, 100, 1e2, {}, []),
  fc.array(text, { maxLength: 2 }),
  fc.record(
    { bucketName: text, 'aws:x': fc.array(fc.record({ deep: text }), { maxLength: 2 }), '': text },
    { requiredKeys: [] },
  ),
)
const identity = fc.oneof(
  fc.constantFrom(null, 'no object'),
  fc.record(
    {
      type: fc.constantFrom('IAMUser', 'AssumedRole', 'AWSService', 'Root'),
      arn: text,
      accountId: fc.constantFrom('123456789012', '210987654321'),
      accessKeyId: fc.constantFrom('AKIAIOSFODNN7EXAMPLE', 'ASIAIOSFODNN7EXAMPLE', ''),
      userName: text,
      sessionContext: fc.record({ sessionIssuer: fc.record({ arn: text }), attributes: fc.constant({}) }),
    },
    { requiredKeys: [] },
  ),
)
const anyRecord = fc.record(
  {
    eventTime: fc.constantFrom(
      '2023-07-10T11:59:59Z',
      '2023-07-10T12:00:00Z',
      '2023-07-10T12:00:00.500Z',
      '2023-07-11T00:00:00Z',
      'some day',
    ),
    eventName: text,
    sourceIPAddress: text,
    errorCode: fc.oneof(text, fc.constantFrom('AccessDenied', 'NoSuchBucket')),
    eventSource: fc.constantFrom('s3.amazonaws.com', 'iam.amazonaws.com.cn', 'odd'),
    readOnly: fc.boolean(),
    userIdentity: identity,
    requestParameters: value,
    responseElements: value,
    requestID: text,
    x: value,
    insightDetails: value,
  },
  { requiredKeys: ['eventName'] },
)

/** The same numbers, in some files as other programs write them. */
const withOtherNumbers = (json: string, file: number): string =>
  file % 2 === 0 ? json : json.replaceAll(/:100([,}])/g, ':1E2$1').replaceAll(/:7([,}])/g, ':7.0$1')

/** Identifiers must tell events apart; some are UUIDs, some in capitals, some anything. */
const eventIdOf = (n: number): string => {
  const tail = n.toString(16).padStart(12, '0')
  if (n % 5 === 1) return `3038EBD2-C98A-4C65-9B6E-${tail.toUpperCase()}`
  return n % 5 === 2 ? `alice ${n}` : `3038ebd2-c98a-4c65-9b6e-${tail}`
}

/**
 * Imports random records (the same for the same seed) into a real case and puts tags, bookmarks and verdicts on some. The plain values
 * come from the records by themselves: nothing of them was ever in the case.
 */
export async function randomCase(count: number, seed: number): Promise<RandomCase> {
  const folder = mkdtempSync(join(tmpdir(), 'trailcase-random-'))
  mkdirSync(join(folder, 'evidence'))
  const records = fc
    .sample(anyRecord, { numRuns: count, seed })
    .map((record, n) => ({ ...record, eventID: eventIdOf(n) }))
  const FILES = eventVerdicts.length
  const files = Array.from({ length: FILES }, (_, f) =>
    Buffer.from(withOtherNumbers(JSON.stringify({ Records: records.filter((_, n) => n % FILES === f) }), f)),
  )
  for (const [f, bytes] of files.entries()) writeFileSync(join(folder, 'evidence', `${f}.json`), bytes)
  const open = await OpenCase.create(
    join(folder, 'random.trailcase'),
    { title: 'Random' },
    { name: 'A. Rossi', organisation: '', identifier: '' },
    {
      now: () => Date.UTC(2024, 0, 1),
      workerPath: join(root, 'dist/node/parse-worker.cjs'),
      workers: 1,
      version: '0',
      commit: '0',
      temporaryFolder: folder,
    },
  )
  await runImport(
    open,
    { paths: [join(folder, 'evidence')], mode: 'copy' },
    () => undefined,
    new AbortController().signal,
  )
  const events = await plainEvents(open, files)
  await annotate(open, events)
  return { open, events, folder }
}

type Mutable = { -readonly [K in keyof MatchableEvent]: MatchableEvent[K] } & {
  place: { sha256: string; ordinal: number }
}

/** The events by number, read from the files anew; every file carries a verdict of its own. */
async function plainEvents(open: OpenCase, files: readonly Buffer[]): Promise<Mutable[]> {
  const { reader } = open.file
  const entries = await reader.all<{ id: number; path: string; first: number; count: number }>(
    'select id, path, first_event as first, event_count as count from entry where event_count > 0',
  )
  const events: Mutable[] = []
  for (const { id, path, first, count } of entries) {
    const f = Number(path.replace(/\D/g, ''))
    const verdict = ensure(eventVerdicts[f], 'as many files as verdicts')
    await open.file.transaction((tx) =>
      tx.run('insert or replace into entry_verdict values (?, ?, ?, ?)', [id, 'TEST', verdict, '']),
    )
    const { file } = parseWithContent(path, ensure(files[f], 'the file was written'), defaultLimits)
    if (file.records.length !== count) throw new Error(`${path}: ${file.records.length} records, ${count} in the case`)
    for (const [n, { columns, ordinal }] of file.records.entries())
      events[first - 1 + n] = {
        timeMs: columns.timeMs ?? NaN,
        terms: columns.terms,
        documents: columns.documents.map((json) => (json === undefined ? undefined : (JSON.parse(json) as unknown))),
        identifiers: columns.identifiers,
        tags: [],
        bookmarked: false,
        integrity: verdict,
        place: { sha256: file.sha256, ordinal },
      }
  }
  open.forgetVerdicts()
  return events
}

async function annotate(open: OpenCase, events: Mutable[]): Promise<void> {
  const { index } = await open.world()
  const never = new AbortController().signal
  for (const [t, tag] of ['alice', 'Bob', 'a b', 's3-exfil-role'].entries()) {
    const positions = new Bitmap(index.length)
    for (const [n, event] of events.entries())
      if (n % (t + 2) === 0) {
        positions.add(index.positionOf(n + 1))
        event.tags = [...event.tags, tag]
      }
    await tagEvents(open, { tag, remove: false, index, positions, how: {} }, () => undefined, never)
  }
  for (const [n, event] of events.entries())
    if (n % 20 === 3) {
      event.bookmarked = true
      await addBookmark(
        open,
        { id: n + 1, ...event.place, eventID: event.identifiers[0] ?? '' },
        { title: '', note: '' },
      )
    }
}
