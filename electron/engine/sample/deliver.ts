import { assert, ensure } from '#shared/base/assert.ts'
import { parseUtc, utcMs, type UtcMs } from '#shared/base/time.ts'
import {
  logObject,
  signDigests,
  type DigestObject,
  type DigestWindow,
  type LogKind,
  type LogObject,
  type SigningKey,
} from './build-evidence.ts'
import { uniquePart } from './ids.ts'
import { seededRandom } from './random.ts'
import type { EventRecord } from './records.ts'
import { at, chainId, chains, keyFor, later, payments, stopped, workloads, type SampleChain } from './world.ts'

/** What CloudTrail makes of the day's records: log files, and digests that list them. */

/** A record with the chain whose folder it goes to. */
export type Recorded = {
  readonly chain: SampleChain
  readonly kind: LogKind
  readonly record: EventRecord
  readonly time: UtcMs
}
/** A log file as it was delivered, before anyone touched the copy. */
export type Delivered = {
  readonly object: LogObject
  readonly chain: SampleChain
  readonly records: readonly EventRecord[]
  readonly backfilled: boolean
}

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const SLOT = 5 * MINUTE

/** Records of these ten minutes in Frankfurt were delivered late; of these five in payments, listed only by a backfill digest. */
const late = {
  chain: chainId(workloads, 'eu-central-1'),
  from: at('10:00:00'),
  to: at('10:10:00'),
  delivered: at('12:35:00'),
}
const backfill = {
  chain: chainId(payments, 'us-east-1'),
  from: at('11:00:00'),
  to: at('11:10:00'),
  written: at('17:20:05'),
}
/** Of a hundred records, how many CloudTrail delivered twice (it promises at least once). */
const TWICE_PERCENT = 2.5

/** Whether the trail was stopped when this happened: then nothing is delivered. */
export const inTheDark = (recorded: { chain: SampleChain; time: UtcMs }): boolean =>
  recorded.chain.account === stopped.account &&
  recorded.chain.region === stopped.region &&
  recorded.time > stopped.from &&
  recorded.time < stopped.to

/** Log files of five minutes each, for every record that was not made in the dark. */
export function deliver(day: readonly Recorded[]): Delivered[] {
  const files = new Map<
    string,
    { chain: SampleChain; kind: LogKind; delivered: UtcMs; records: EventRecord[]; backfilled: boolean }
  >()
  const put = (r: Recorded, delivered: UtcMs, record: EventRecord, backfilled: boolean): void => {
    const id = `${r.chain.id} ${r.kind} ${delivered} ${backfilled}`
    const file = files.get(id) ?? { chain: r.chain, kind: r.kind, delivered, records: [], backfilled }
    file.records.push(record)
    files.set(id, file)
  }
  for (const r of day) {
    if (inTheDark(r)) continue
    const chance = seededRandom(`delivery ${r.record.eventID}`)
    const within = (span: { chain: string; from: UtcMs; to: UtcMs }): boolean =>
      r.chain.id === span.chain && r.time >= span.from && r.time < span.to
    if (within(late)) {
      put(r, late.delivered, { ...r.record, addendum: { reason: 'DELIVERY_DELAY' } }, false)
      continue
    }
    const delivered = utcMs((Math.floor(r.time / SLOT) + chance.pick([1, 2, 2, 2])) * SLOT + SLOT)
    put(r, delivered, r.record, within(backfill))
    if (!within(backfill) && chance.next() * 100 < TWICE_PERCENT) put(r, utcMs(delivered + SLOT), r.record, false)
  }
  return [...files.values()].map((file) => {
    // AWS does not sort the records of a file
    const records = file.records.sort((a, b) => (a.eventID < b.eventID ? -1 : 1))
    const unique = uniquePart(`${file.chain.id} ${file.kind} ${file.delivered} ${file.backfilled}`)
    return { ...file, records, object: logObject(file.chain, { ...file, unique }) }
  })
}

/** The digests of all chains, and the one backfill digest. Every log file is listed exactly once. */
export function digestsOf(
  files: readonly Delivered[],
  keys: ReadonlyMap<string, readonly SigningKey[]>,
): DigestObject[] {
  const digests = chains.flatMap((chain) => {
    const logs = files.filter((f) => f.chain === chain && !f.backfilled).map((f) => f.object)
    const windows = windowsOf(chain).map((w) => {
      const inside = logs.filter((l) => l.delivered > w.start && l.delivered <= w.end)
      return { ...w, key: keyFor(keys, chain.region, w.end), logs: inside }
    })
    const listed = windows.reduce((n, w) => n + w.logs.length, 0)
    assert(listed === logs.length, `the windows of ${chain.id} cover every delivery`)
    return signDigests(chain, windows)
  })
  return [...digests, ...backfillDigest(files, keys)]
}

function backfillDigest(files: readonly Delivered[], keys: ReadonlyMap<string, readonly SigningKey[]>): DigestObject[] {
  const chain = ensure(
    chains.find((c) => c.id === backfill.chain),
    'the backfilled chain exists',
  )
  const logs = files.filter((f) => f.backfilled).map((f) => f.object)
  const window = ensure(
    windowsOf(chain).find((w) => logs.every((l) => l.delivered > w.start && l.delivered <= w.end)),
    'the late files fall into one hour',
  )
  const key = keyFor(keys, chain.region, backfill.written)
  return signDigests(chain, [{ ...window, key, logs, backfilled: backfill.written }])
}

/**
 * The hours that a chain's digests cover. Where logging was stopped:
 *
 *   …12:19  13:19  13:36 |            | 15:02  16:02 …
 *   ------|------|------| no digests  S------|------      S: a starting digest
 */
function windowsOf(chain: SampleChain): Omit<DigestWindow, 'key' | 'logs'>[] {
  const first = at(`05:${chain.endsAt}`)
  if (chain.account !== stopped.account || chain.region !== stopped.region)
    return hours(first, at(`18:${chain.endsAt}`))
  const lastFull = at(`13:${chain.endsAt}`)
  const [restart, ...rest] = hours(stopped.to, later(stopped.to, 3 * 3600))
  return [
    ...hours(first, lastFull),
    { start: lastFull, end: later(stopped.from, 1040) }, // the final digest, when what was left had been delivered
    { ...ensure(restart, 'three hours follow the restart'), startsChain: true },
    ...rest,
  ]
}

function hours(from: UtcMs, to: UtcMs): { start: UtcMs; end: UtcMs }[] {
  return Array.from({ length: (to - from) / HOUR }, (_, i) => ({
    start: utcMs(from + i * HOUR),
    end: utcMs(from + (i + 1) * HOUR),
  }))
}

/** The time of a record made here, as a number. */
export const timeOf = (record: EventRecord): UtcMs => ensure(parseUtc(record.eventTime), 'our own records have a time')
