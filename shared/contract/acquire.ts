import { z } from 'zod'
import { caseId, grant, utc } from './common.ts'
import { operationTable } from './operation.ts'
import { importProgress, importResult } from './sources.ts'

const names = z.array(z.string().min(1).max(100)).max(1000).default([])

/** What is to be copied from which bucket. Empty lists mean all. */
export const acquireWish = z.object({
  bucket: z.string().min(1).max(255),
  /** Where to begin: the trail's own prefix before `AWSLogs/`, or any folder below it. */
  prefix: z.string().max(1024).default(''),
  /** Address of an S3-compatible store; AWS itself when there is none. */
  endpoint: z
    .url({ protocol: /^https?$/ })
    .max(500)
    .nullable()
    .default(null),
  /** Where the bucket lies, which is not where the calls of its logs were made. */
  bucketRegion: z
    .string()
    .regex(/^[a-z0-9-]{1,40}$/)
    .nullable()
    .default(null),
  /** Whether the bucket stands in the path of an address rather than before its host name; `null`: with an endpoint of one's own. */
  pathStyle: z.boolean().nullable().default(null),
  accounts: names,
  regions: names,
  /** Folder names: `CloudTrail`, `CloudTrail-Digest`, `CloudTrail-Insight`, … */
  kinds: names,
  from: utc.optional(),
  to: utc.optional(),
  /** Also copy versions that were replaced or deleted. They are listed in any case. */
  olderVersions: z.boolean().default(false),
  /** Requests at the same time. */
  concurrency: z.int().min(1).max(64).default(12),
})
export type AcquireWish = z.output<typeof acquireWish>

/** Given by a person, for this one acquisition. Never stored, never logged; the access key id, which is no secret, is told as who asked. */
export const acquireCredentials = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('keys'),
    accessKeyId: z.string().min(1).max(200),
    secretAccessKey: z.string().min(1).max(500),
    sessionToken: z.string().min(1).max(10_000).optional(),
  }),
  /** A profile of the files that the AWS CLI keeps (`~/.aws`). */
  z.object({ kind: z.literal('profile'), name: z.string().min(1).max(200) }),
])
export type AcquireCredentials = z.output<typeof acquireCredentials>

export const acquirePlan = z.object({
  /** Objects that fit, older versions included where they are asked for. */
  objects: z.int(),
  bytes: z.number(),
  /** Days of delivery that have an object. */
  days: z.int(),
  /** Objects that were listed and left out by the selection. */
  leftOut: z.int(),
  /** Those in a storage class that must be restored before it can be read. */
  archived: z.object({ objects: z.int(), bytes: z.number() }),
  groups: z.array(
    z.object({
      organization: z.string(),
      account: z.string(),
      kind: z.string(),
      region: z.string(),
      objects: z.int(),
      bytes: z.number(),
      firstDay: z.string().nullable(),
      lastDay: z.string().nullable(),
    }),
  ),
  versioning: z.enum(['on', 'suspended', 'off', 'unknown']),
  /** Versions that were replaced or deleted, whether they are copied or only listed. */
  olderVersions: z.int(),
  deleteMarkers: z.int(),
  /** Keys whose newest entry is a delete marker: a deleted log may still be there. */
  deletedKeys: z.int(),
  cost: z.object({
    listRequests: z.int(),
    getRequests: z.int(),
    requestsUsd: z.number(),
    transferUsd: z.number(),
    /** What the estimate rests on, in words. */
    basis: z.string(),
  }),
  /** What could not be asked or was cut short. */
  notes: z.array(z.string()),
})
export type AcquirePlan = z.output<typeof acquirePlan>

export const notFetchedReasons = [
  'archived',
  'access-denied',
  'gone',
  'damaged',
  'unavailable',
  'too-large',
  'folder-marker',
  'not-reached',
] as const
export const notFetched = z.object({
  key: z.string(),
  versionId: z.string().nullable(),
  reason: z.enum(notFetchedReasons),
  detail: z.string(),
})
export type NotFetched = z.output<typeof notFetched>

export const acquireResult = z.object({
  plan: acquirePlan,
  /** `complete`: every object was fetched or has its reason; `stopped`: a person stopped it, the same command continues. */
  ending: z.enum(['complete', 'stopped']),
  fetched: z.object({ objects: z.int(), bytes: z.number() }),
  /** Whole from an earlier run: their hashes were checked. */
  alreadyThere: z.object({ objects: z.int(), bytes: z.number() }),
  notFetched: z.object({
    objects: z.int(),
    reasons: z.array(z.object({ reason: z.enum(notFetchedReasons), objects: z.int() })),
    /** The first thousand; all of them stand in `acquisition/not-fetched.jsonl`. */
    first: z.array(notFetched),
  }),
  /** Digests that came with the signature of AWS. */
  signatures: z.int(),
  /** Requests that were made again after a fault. */
  retries: z.int(),
  /** SHA-256 of `acquisition/manifest.json`. */
  manifestSha256: z.string(),
  seconds: z.number(),
})
export type AcquireResult = z.output<typeof acquireResult>

export const acquireProgress = z.object({
  phase: z.enum(['listing', 'fetching', 'closing']),
  listed: z.int(),
  objects: z.int(),
  objectsTotal: z.int(),
  bytes: z.number(),
  bytesTotal: z.number(),
  notFetched: z.int(),
  retries: z.int(),
})
export type AcquireProgress = z.output<typeof acquireProgress>

/** What a manifest says, for the custody log and for people. */
export const acquisitionRecord = z.object({
  bucket: z.string(),
  prefix: z.string(),
  endpoint: z.string().nullable(),
  examiner: z.string().nullable(),
  startedAt: z.string(),
  finishedAt: z.string(),
  ending: z.string(),
  tool: z.string(),
  objects: z.int(),
  bytes: z.number(),
  notFetched: z.int(),
  manifestSha256: z.string(),
  /** Files of the acquisition whose bytes are no longer those that were fetched, or that are not there. */
  changed: z.array(z.string()),
})
export type AcquisitionRecord = z.output<typeof acquisitionRecord>

/** Where the acquisition of this host stands: there is one at a time. */
export const acquisitionState = z.object({
  state: z.enum(['none', 'running', 'stopping', 'planned', 'done', 'failed']),
  progress: acquireProgress.nullable(),
  plan: acquirePlan.nullable(),
  result: acquireResult.nullable(),
  failure: z.object({ code: z.string(), message: z.string() }).nullable(),
  /** The folder that was written, once it is: to be imported. */
  folder: z.object({ grant, label: z.string() }).nullable(),
})
export type AcquisitionState = z.output<typeof acquisitionState>

/** What the host around the engine answers, as the engine has no network. */
export const acquireHostOperations = operationTable({
  'host.acquire': {
    summary: 'Plan or start an acquisition from S3, in a process of its own, when the person agrees',
    input: z.object({
      wish: acquireWish,
      credentials: acquireCredentials,
      examiner: z.string().max(200).nullable(),
      /** A new place, or the folder of an acquisition to be continued; `null` for a plan. */
      target: grant.nullable(),
    }),
    output: z.object({}),
    changes: false,
    cli: { command: 'acquire' },
  },
  'host.acquisition': {
    summary: 'How far the acquisition is, what it plans, what it has fetched and what not',
    input: z.object({}),
    output: acquisitionState,
    changes: false,
    cli: { command: 'acquire' },
  },
  'host.stopAcquiring': {
    summary: 'Stop the acquisition; what was fetched stays, and starting it again continues it',
    input: z.object({}),
    output: z.object({}),
    changes: false,
    cli: { none: 'Ctrl-C stops the command, and the same command continues' },
  },
})

export const acquireOperations = operationTable({
  'acquire.import': {
    summary: 'Import a folder that was acquired from S3; who fetched what and when goes to the custody log',
    input: z.object({ caseId, grant }),
    output: z.object({
      acquisition: acquisitionRecord,
      imported: importResult,
      /** Whether the case now holds the bytes of every object that was fetched. */
      holdsAll: z.boolean(),
    }),
    progress: importProgress,
    changes: true,
    cli: { command: 'acquire --case' },
  },
})
