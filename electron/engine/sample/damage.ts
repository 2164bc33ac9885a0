import { constants, gunzipSync } from 'node:zlib'
import { assert, ensure } from '#shared/base/assert.ts'
import { bucketFile, gzip, logObject, type EvidenceFile } from './build-evidence.ts'
import type { Delivered } from './deliver.ts'
import { uniquePart, uuid } from './ids.ts'
import { iamUser, toRecord, type EventRecord } from './records.ts'
import { addresses, agents, at, chainId, chains, workloads } from './world.ts'

/** What somebody, or a bad disk, did to the copy of the log files. */
export type SampleDamage = {
  /** One record says another address and program than when AWS signed the file. */
  readonly altered: { readonly path: string; readonly eventID: string }
  /** Listed by a digest, and not there. */
  readonly missing: { readonly path: string; readonly eventIDs: readonly string[] }
  /** A second gzip member with an invented record was added; the signed content is whole. */
  readonly trailing: { readonly path: string; readonly eventIDsInTail: readonly string[] }
  /** Broken off: `saved` records are complete before the break. */
  readonly truncated: { readonly path: string; readonly saved: number; readonly lost: readonly string[] }
  /** Lies in a proven hour, and no digest lists it: it blames somebody else. */
  readonly planted: { readonly path: string; readonly eventIDs: readonly string[] }
}

/** The log files as found, each with the complete records that it holds, and what was done to them. */
type Found = {
  readonly files: readonly { readonly file: EvidenceFile; readonly records: readonly EventRecord[] }[]
  readonly damage: SampleDamage
}

/**
 * Damages five of the delivered files. `story` are the events that must stay readable: only the altered file holds one
 * of them, `createUserID`, whose original an export still has.
 */
export function damageCopy(delivered: readonly Delivered[], story: ReadonlySet<string>, createUserID: string): Found {
  const isBackground = (d: Delivered): boolean =>
    d.records.every((r) => !story.has(r.eventID) && !('addendum' in r)) && !d.backfilled
  const inChain = (account: string, region: string): Delivered[] =>
    delivered.filter((d) => d.chain.id === chainId(account, region) && isBackground(d))
  const largest = (files: readonly Delivered[]): Delivered =>
    ensure(files.toSorted((a, b) => b.records.length - a.records.length)[0], 'the chain has files without story')

  const altered = ensure(
    delivered.find((d) => d.records.some((r) => r.eventID === createUserID)),
    'the user was created while logging',
  )
  const missing = largest(inChain(workloads, 'eu-west-1'))
  const trailing = largest(inChain(workloads, 'eu-central-1'))
  const truncated = largest(inChain(workloads, 'us-east-1').filter((d) => d !== altered))
  const cut = truncate(truncated)
  const tail = forgeries('tail')
  const planted = plantedFile()

  const files = delivered
    .filter((d) => d !== missing)
    .map((d) => {
      if (d === altered) return alter(d, createUserID)
      if (d === trailing) return { file: append(bucketFile(d.object), tail), records: d.records }
      if (d === truncated) return { file: cut.file, records: d.records.slice(0, cut.saved) }
      return { file: bucketFile(d.object), records: d.records }
    })
  return {
    files: [...files, planted],
    damage: {
      altered: { path: pathOf(altered), eventID: createUserID },
      missing: { path: pathOf(missing), eventIDs: idsOf(missing.records) },
      trailing: { path: pathOf(trailing), eventIDsInTail: idsOf(tail) },
      truncated: { path: pathOf(truncated), saved: cut.saved, lost: idsOf(truncated.records.slice(cut.saved)) },
      planted: { path: planted.file.path, eventIDs: idsOf(planted.records) },
    },
  }
}

const pathOf = (d: Delivered): string => `${d.object.bucket}/${d.object.key}`
const idsOf = (records: readonly EventRecord[]): string[] => records.map((r) => r.eventID)
const contentOf = (records: readonly EventRecord[]): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ Records: records }))

/** The attacker's address and program replaced by those of the build runner. */
function alter(d: Delivered, eventID: string): { file: EvidenceFile; records: EventRecord[] } {
  const records = d.records.map((r) =>
    r.eventID === eventID ? { ...r, sourceIPAddress: addresses.buildRunner, userAgent: agents.terraform } : r,
  )
  return { file: bucketFile({ ...d.object, json: contentOf(records) }), records }
}

const append = (file: EvidenceFile, records: readonly EventRecord[]): EvidenceFile => ({
  ...file,
  bytes: new Uint8Array(Buffer.concat([file.bytes, gzip(contentOf(records))])),
})

/** The first 60 % of the bytes, and how many whole records they give. */
function truncate(d: Delivered): { file: EvidenceFile; saved: number } {
  const whole = bucketFile(d.object)
  const bytes = whole.bytes.slice(0, Math.floor(whole.bytes.length * 0.6))
  const readable = gunzipSync(bytes, { finishFlush: constants.Z_SYNC_FLUSH }).length
  let end = '{"Records":['.length
  let saved = 0
  for (const record of d.records) {
    end += Buffer.byteLength(JSON.stringify(record))
    if (end > readable) break
    saved++
    end++ // the comma
  }
  assert(saved > 0 && saved < d.records.length, 'the break lies between the first and the last record')
  return { file: { ...whole, bytes }, saved }
}

/** Invented records that blame an employee. */
function forgeries(where: string): EventRecord[] {
  const actor = {
    identity: iamUser(workloads, 'tomas.berg', undefined),
    sourceIPAddress: addresses.officeSix,
    userAgent: agents.safari,
  }
  const place = { account: workloads, region: where === 'tail' ? 'eu-central-1' : 'us-east-1', actor }
  return [
    toRecord(
      { ...place, time: at('08:10:31'), service: 'iam', name: 'ListAccessKeys', request: { userName: 'ci-deploy' } },
      `${where} 1`,
    ),
    toRecord(
      { ...place, time: at('08:11:02'), service: 'iam', name: 'CreateAccessKey', request: { userName: 'ci-deploy' } },
      `${where} 2`,
    ),
  ]
}

function plantedFile(): { file: EvidenceFile; records: EventRecord[] } {
  const records = forgeries('planted')
  const chain = ensure(
    chains.find((c) => c.id === chainId(workloads, 'us-east-1')),
    'the chain exists',
  )
  const object = logObject(chain, { delivered: at('08:20:00'), unique: uniquePart(uuid('planted')), records })
  return { file: bucketFile(object), records }
}
