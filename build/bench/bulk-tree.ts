import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { formatUtc, parseUtc, utcMs, type UtcMs } from '#shared/base/time.ts'
import { parseLogKey } from '#engine/integrity/key-path.ts'
import {
  bucketFile,
  headObjectLines,
  keyBundle,
  logObject,
  signDigests,
  signingKey,
  type LogObject,
} from '#engine/sample/build-evidence.ts'
import { euWest1DemoPem } from '#engine/sample/demo-keys.ts'
import { makeSample } from '#engine/sample/make-sample.ts'
import type { EventRecord } from '#engine/sample/records.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

export type BulkTree = {
  readonly events: number
  readonly logFiles: number
  readonly digests: number
  readonly bucket: string
  readonly keys: string
  readonly signatures: string
}

/**
 * A copied bucket of any size, made of the sample's day over and over: each further day has its own eventIDs, request ids,
 * access keys, sessions and addresses, and a correctly signed digest chain per account and region.
 *
 * @param perFile how many of the sample's small log files are put into one (1: as small as AWS writes them)
 * @param signed with digests; needs the memory of the whole tree
 * @param digests at least so many: chains go on with empty ones after their last log file, as in quiet regions
 */
export function writeBulkTree(
  folder: string,
  wanted: number,
  { perFile = 1, signed = true, digests: least = 0 } = {},
): BulkTree {
  const templates = sampleLogs()
  const key = signingKey(euWest1DemoPem, utcMs(0), utcMs(4e12))
  let events = 0
  let logFiles = 0
  const chains = new Map<string, { account: string; region: string; logs: LogObject[] }>()
  for (let day = 0; events < wanted; day++) {
    for (const template of grouped(templates, perFile)) {
      if (events >= wanted) break
      const records = template.records.slice(0, wanted - events).map((record, n) => anotherDay(record, day, n))
      const place = { bucket: 'bench-bucket', account: template.account, region: template.region }
      const unique = createHash('sha256').update(`${day} ${template.path}`).digest('hex').slice(0, 16).toUpperCase()
      const log = logObject(place, { delivered: utcMs(template.delivered + day * DAY), unique, records })
      write(folder, bucketFile(log))
      const id = `${place.account} ${place.region}`
      const chain = chains.get(id) ?? { account: place.account, region: place.region, logs: [] }
      if (signed) chain.logs.push(log)
      chains.set(id, chain)
      events += records.length
      logFiles++
    }
  }
  const each = Math.ceil(least / Math.max(1, chains.size))
  const digests = signed ? [...chains.values()].flatMap((chain) => signChain(chain, key, each)) : []
  for (const digest of digests) write(folder, bucketFile(digest))
  writeFileSync(join(folder, 'public-keys.json'), keyBundle([key]))
  writeFileSync(join(folder, 'digest-head-object.jsonl'), headObjectLines(digests))
  return {
    events,
    logFiles,
    digests: digests.length,
    bucket: join(folder, 'bench-bucket'),
    keys: join(folder, 'public-keys.json'),
    signatures: join(folder, 'digest-head-object.jsonl'),
  }
}

type Template = { path: string; account: string; region: string; delivered: number; records: EventRecord[] }

function sampleLogs(): Template[] {
  const out: Template[] = []
  for (const file of makeSample()) {
    const key = parseLogKey(file.path)
    if (!key || key.kind !== 'CloudTrail') continue
    try {
      const { Records } = JSON.parse(gunzipSync(file.bytes).toString('utf8')) as { Records: EventRecord[] }
      out.push({
        path: file.path,
        account: key.account,
        region: key.region,
        delivered: key.delivered,
        records: Records,
      })
    } catch {
      // The sample's damaged files are no templates.
    }
  }
  return out
}

function* grouped(templates: readonly Template[], perFile: number): Generator<Template> {
  for (let first = 0; first < templates.length; first += perFile) {
    const [head, ...rest] = templates.slice(first, first + perFile)
    yield { ...head!, records: [...head!.records, ...rest.flatMap((t) => t.records)] }
  }
}

function anotherDay(record: EventRecord, day: number, n: number): EventRecord {
  if (day === 0) return record
  const id = createHash('md5').update(`${day} ${n} ${record.eventID}`).digest('hex')
  const uuid = `${id.slice(0, 8)}-${id.slice(8, 12)}-4${id.slice(13, 16)}-8${id.slice(17, 20)}-${id.slice(20)}`
  const time = parseUtc(record.eventTime) ?? 0
  const text = JSON.stringify(record)
    .replaceAll(record.eventID, uuid)
    .replaceAll(
      /\b(ASIA|AROA)([A-Z0-9]{12})[A-Z0-9]{4}\b/g,
      (_, kind: string, head: string) => `${kind}${head}${String(day).padStart(4, '0')}`,
    )
    .replaceAll(
      /\b(198\.51\.100|203\.0\.113)\.(\d+)\b/g,
      (_, net: string, host: string) => `${net}.${(Number(host) + day) % 256}`,
    )
  return { ...(JSON.parse(text) as EventRecord), eventTime: formatUtc(utcMs(time + day * DAY)) }
}

function signChain(
  chain: { account: string; region: string; logs: LogObject[] },
  key: ReturnType<typeof signingKey>,
  least: number,
) {
  const trail = {
    bucket: 'bench-bucket',
    account: chain.account,
    region: chain.region,
    trail: 'bench-trail',
    homeRegion: 'eu-west-1',
  }
  const times = chain.logs.map((log) => log.delivered)
  const first = Math.floor(Math.min(...times) / HOUR) * HOUR
  const last = Math.max(...times)
  const byHour = new Map<number, LogObject[]>()
  for (const log of chain.logs) {
    const hour = Math.floor((log.delivered - 1) / HOUR) * HOUR
    byHour.set(hour, [...(byHour.get(hour) ?? []), log])
  }
  const windows: { start: UtcMs; end: UtcMs; key: typeof key; logs: LogObject[] }[] = []
  for (let start = Math.min(first, ...byHour.keys()); start <= last || windows.length < least; start += HOUR)
    windows.push({ start: utcMs(start), end: utcMs(start + HOUR), key, logs: byHour.get(start) ?? [] })
  return signDigests(trail, windows)
}

function write(folder: string, file: { path: string; bytes: Uint8Array }): void {
  const path = join(folder, file.path)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, file.bytes)
}
