import { ensure } from '#shared/base/assert.ts'
import { formatUtc, type UtcMs } from '#shared/base/time.ts'
import { backgroundCalls } from './background.ts'
import { bucketFile, headObjectLines, keyBundle, type EvidenceFile } from './build-evidence.ts'
import { damageCopy, type SampleDamage } from './damage.ts'
import { deliver, digestsOf, inTheDark, type Recorded } from './deliver.ts'
import { eventHistoryCsv, lookupEventsJson } from './exports.ts'
import { uuid } from './ids.ts'
import { readsOnly, toRecord, type Call, type EventRecord } from './records.ts'
import { miningStart, storyCalls } from './story.ts'
import type { StoryCall } from './story-call.ts'
import {
  at,
  chainId,
  chains,
  day,
  historyRange,
  later,
  logBucket,
  narrowed,
  regionKeys,
  stopped,
  workloads,
  backdoorUser,
} from './world.ts'

/** One step of the attack, for the reader and for tests. */
export type StoryStep = {
  readonly time: string
  readonly what: string
  readonly eventID: string
  /** `event history`: the trail was stopped, only the downloaded CSV has it. */
  readonly foundIn: 'log files' | 'event history'
}

/** What a correct reader must find in the sample. */
export type SampleTruth = {
  readonly files: number
  /** Log files that are there, damaged and planted ones too. */
  readonly logFiles: number
  /** Digests that are there, the backfill digest too. */
  readonly digests: number
  readonly keys: number
  /** Complete records in log files: an event that was delivered twice counts twice. */
  readonly recordsInLogFiles: number
  readonly lookupEvents: number
  readonly historyRows: number
  /** Different eventIDs in log files, lookup-events output and Event history together. */
  readonly events: number
  /** Of these, only in the Event history CSV. */
  readonly eventsOnlyInHistory: number
  /** Of these, in two or more log files. */
  readonly eventsDeliveredTwice: number
  /** eventIDs whose full records differ between sources. */
  readonly conflicts: readonly string[]
  readonly damage: SampleDamage
  /** No digest and no delivery in this chain between these times. */
  readonly stopped: { readonly account: string; readonly region: string; readonly from: string; readonly to: string }
}

export type Sample = {
  readonly files: readonly EvidenceFile[]
  readonly truth: SampleTruth
  readonly story: readonly StoryStep[]
}

/** Paths beside the bucket. */
export const samplePaths = {
  signatures: 'digest-head-object.jsonl',
  lookupEvents: 'exports/lookup-events-ci-deploy.json',
  eventHistory: 'exports/event_history.csv',
  notes: 'acquisition-notes.txt',
} as const

/** The evidence files of the sample investigation: always the same. */
export const makeSample = (): Iterable<EvidenceFile> => buildSample().files
/** What a correct reader must find in them. */
export const sampleTruth = (): SampleTruth => buildSample().truth
/** The attack, step by step, in the order of time. */
export const sampleStory = (): readonly StoryStep[] => buildSample().story

/**
 * All of it at once: about half a second.
 *
 *   background + story -> records -> log files -> digests (signed over the undamaged files)
 *                                        |            \
 *                                        +-> damage ---+-> the copied folder, keys, signatures, exports
 */
export function buildSample(): Sample {
  const keys = regionKeys()
  const { recorded, story } = recordDay()
  const delivered = deliver([...recorded, ...insightPair()])
  const digests = digestsOf(delivered, keys)
  const storyIDs = new Set(story.map((s) => s.record.eventID))
  const createUser = ensure(
    story.find(({ record }) => record['eventName'] === 'CreateUser' && record['errorCode'] === undefined),
    'the story creates a user',
  )
  const found = damageCopy(delivered, storyIDs, createUser.record.eventID)
  const lookup = recorded.filter(isInLookup).map((r) => r.record)
  const history = recorded.filter(isInHistory).map((r) => r.record)
  const text = (path: string, content: string): EvidenceFile => ({ path, bytes: new TextEncoder().encode(content) })
  const files = [
    ...found.files.map((f) => f.file),
    ...digests.map(bucketFile),
    ...[...keys].map(([region, own]) => ({
      path: `public-keys/list-public-keys.${region}.json`,
      bytes: keyBundle(own),
    })),
    { path: samplePaths.signatures, bytes: headObjectLines(digests) },
    text(samplePaths.lookupEvents, lookupEventsJson(lookup)),
    text(samplePaths.eventHistory, eventHistoryCsv(history)),
    text(samplePaths.notes, notes),
  ].sort((a, b) => (a.path < b.path ? -1 : 1))
  const counts = countEvents(
    found.files.map((f) => f.records),
    lookup,
    history,
  )
  return {
    files,
    truth: {
      files: files.length,
      logFiles: found.files.length,
      digests: digests.length,
      keys: [...keys.values()].flat().length,
      lookupEvents: lookup.length,
      historyRows: history.length,
      ...counts,
      conflicts: [createUser.record.eventID],
      damage: found.damage,
      stopped: { ...stopped, from: formatUtc(stopped.from), to: formatUtc(stopped.to) },
    },
    story: story.flatMap(({ call, record, dark }) =>
      call.what === undefined
        ? []
        : [
            {
              time: record.eventTime,
              what: call.what,
              eventID: record.eventID,
              foundIn: dark ? ('event history' as const) : ('log files' as const),
            },
          ],
    ),
  }
}

/** Whether the trail's event selectors let the call through. */
const isSelected = (call: Call): boolean =>
  call.account !== narrowed.account ||
  call.region !== narrowed.region ||
  call.time <= narrowed.from ||
  call.time >= narrowed.to ||
  (call.service !== 'kms' && !(call.readOnly ?? readsOnly(call.name)))

type Told = { readonly call: StoryCall; readonly record: EventRecord; readonly dark: boolean }

/** The day's records with their chains. The same call in the same second is told apart by its number. */
function recordDay(): { recorded: Recorded[]; story: Told[] } {
  const seen = new Map<string, number>()
  const write = (call: Call): Recorded => {
    const seed = [call.account, call.region, call.time, call.service, call.name].join(' ')
    const number = seen.get(seed) ?? 0
    seen.set(seed, number + 1)
    return {
      chain: chainOf(call.account, call.region),
      kind: 'CloudTrail',
      record: toRecord(call, `${seed} ${number}`),
      time: call.time,
    }
  }
  const story = storyCalls()
    .filter(isSelected)
    .map((call) => ({ call, recorded: write(call) }))
  const background = backgroundCalls().filter(isSelected).map(write)
  return {
    recorded: [...background, ...story.map((s) => s.recorded)],
    story: story.map(({ call, recorded }) => ({ call, record: recorded.record, dark: inTheDark(recorded) })),
  }
}

const chainOf = (account: string, region: string) =>
  ensure(
    chains.find((c) => c.id === chainId(account, region)),
    `a trail covers ${account} in ${region}`,
  )

/** Insights noticed the attempts to start instances (user guide, "CloudTrail Insights event fields"). */
function insightPair(): Recorded[] {
  const end = later(miningStart, 600)
  return (['Start', 'End'] as const).map((state) => {
    const time: UtcMs = state === 'Start' ? miningStart : end
    const attribution = { value: `arn:aws:iam::${workloads}:user/${backdoorUser}`, average: 2.4 }
    const record: EventRecord = {
      eventVersion: '1.09',
      eventTime: formatUtc(time),
      awsRegion: 'sa-east-1',
      eventID: uuid(`insight ${state}`),
      eventType: 'AwsCloudTrailInsight',
      recipientAccountId: workloads,
      sharedEventID: uuid('insight'),
      insightDetails: {
        state,
        eventSource: 'ec2.amazonaws.com',
        eventName: 'RunInstances',
        insightType: 'ApiCallRateInsight',
        insightContext: {
          statistics: {
            baseline: { average: 0 },
            insight: { average: 2.4 },
            ...(state === 'End' && { insightDuration: 10 }),
            baselineDuration: 10_076,
          },
          attributions: [
            { attribute: 'userIdentityArn', insight: [attribution], baseline: [{ value: 'null', average: 0 }] },
          ],
        },
      },
      eventCategory: 'Insight',
    }
    return { chain: chainOf(workloads, 'sa-east-1'), kind: 'CloudTrail-Insight', record, time: later(end, 900) }
  })
}

/** `lookup-events --lookup-attributes AttributeKey=Username,AttributeValue=ci-deploy`, one morning hour in us-east-1. */
const isInLookup = ({ record, chain, time }: Recorded): boolean =>
  chain.id === chainId(workloads, 'us-east-1') &&
  time >= at('08:00:00') &&
  time < at('09:00:00') &&
  (record['userIdentity'] as { userName?: string }).userName === 'ci-deploy'

/** Event history shows management events only, and knows nothing of trails that are stopped. */
const isInHistory = ({ record, chain, time }: Recorded): boolean =>
  chain.id === chainId(stopped.account, stopped.region) &&
  record['eventCategory'] === 'Management' &&
  time >= historyRange.from &&
  time < historyRange.to

function countEvents(
  logs: readonly (readonly EventRecord[])[],
  lookup: readonly EventRecord[],
  history: readonly EventRecord[],
) {
  const inLogs = new Map<string, number>()
  for (const record of logs.flat()) inLogs.set(record.eventID, (inLogs.get(record.eventID) ?? 0) + 1)
  const full = new Set([...inLogs.keys(), ...lookup.map((r) => r.eventID)])
  const all = new Set([...full, ...history.map((r) => r.eventID)])
  return {
    recordsInLogFiles: logs.flat().length,
    events: all.size,
    eventsOnlyInHistory: all.size - full.size,
    eventsDeliveredTwice: [...inLogs.values()].filter((n) => n > 1).length,
  }
}

const notes = `Northwind Orders, invented for training. Nothing here is real: names, accounts, addresses and keys are made up.

Copied on ${day} at 18:45 UTC from s3://${logBucket} with 'aws s3 sync'. Captured with it: the S3 metadata of the digest files
(${samplePaths.signatures}) and the public keys of the four regions (public-keys). From the console and the command line:
lookup-events for the user ci-deploy, and the Event history of the payments account in ${stopped.region}.
`
