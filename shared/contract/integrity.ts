import { z } from 'zod'
import { digestVerdicts, eventVerdicts, gapReasons, logVerdicts } from '../domain/integrity.ts'
import { caseId, facetFilter, grant, utc } from './common.ts'
import { eventId } from './events.ts'
import { operationTable } from './operation.ts'
import { importProgress, importResult, integritySummary } from './sources.ts'

export const severity = z.enum(['high', 'medium', 'low', 'info'])
const timeMs = z.number()
const words = { says: z.string(), means: z.string() }

/** How far a judgement is. `reading`: digests read of all; `judging` and `storing` are short and have no counts. */
export const judgeProgress = z.object({
  phase: z.enum(['reading', 'judging', 'storing']),
  done: z.int(),
  total: z.int(),
})

/** A chain as a lane. Times are windows of delivery; windows and gaps do not overlap. */
export const chainLane = z.object({
  account: z.string(),
  /** The organisation's id when the chain lies in an organisation's path, else empty. */
  organization: z.string(),
  region: z.string(),
  trail: z.string(),
  homeRegion: z.string(),
  backfill: z.boolean(),
  fromMs: timeMs,
  toMs: timeMs,
  digests: z.int(),
  /** Neighbouring windows of the same state are one. */
  windows: z.array(z.object({ fromMs: timeMs, toMs: timeMs, state: z.enum(['proven', 'listed']) })),
  gaps: z.array(
    z.object({
      fromMs: timeMs,
      toMs: timeMs,
      reason: z.enum(gapReasons),
      ...words,
      /** Object key of the digest that is missing, unreadable or altered, or of the starting digest after a restart. */
      key: z.string(),
      /** For a restart: events in the evidence that explain it. */
      explainedBy: z.array(z.object({ timeMs, name: z.string(), trail: z.string().nullable() })),
    }),
  ),
})
export type ChainLane = z.infer<typeof chainLane>

/** A public key as it was supplied, and how the case came by it. */
export const suppliedKey = z.object({
  fingerprint: z.string(),
  /** Of its DER bytes. */
  sha256: z.string(),
  region: z.string().nullable(),
  /** `pkcs1`, `spki`, or `unloadable`. */
  form: z.string(),
  bits: z.int(),
  validFromMs: timeMs.nullable(),
  validToMs: timeMs.nullable(),
  /** Its fingerprint is not the MD5 of its bytes, as it is for keys that AWS published. */
  unusual: z.boolean(),
  /** Path of the file it came in, the hash of that file, and who added it to the case when. */
  file: z.string(),
  fileSha256: z.string().nullable(),
  addedMs: timeMs.nullable(),
  addedBy: z.string().nullable(),
  /** Digests whose signature this key checked. */
  digests: z.int(),
})
export type SuppliedKey = z.infer<typeof suppliedKey>

/** A saved CloudTrail Lake query: its sign file and the result files that it names. */
export const lakeResult = z.object({
  /** Path of the sign file. */
  path: z.string(),
  proven: z.boolean(),
  sentence: z.string(),
  signature: z.enum([
    'AUTHENTIC',
    'SIGNATURE_INVALID',
    'UNVERIFIED_NO_KEY',
    'KEY_UNLOADABLE',
    'UNSUPPORTED_ALGORITHM',
    'UNREADABLE',
  ]),
  files: z.array(
    z.object({
      fileName: z.string(),
      /** Path in the evidence, or null when the file is missing. */
      path: z.string().nullable(),
      expected: z.string(),
      found: z.string().nullable(),
      verdict: z.enum(['unchanged', 'altered', 'missing']),
    }),
  ),
})
export type LakeResult = z.infer<typeof lakeResult>

export const integrityFinding = z.object({
  /** Its number in the list of all findings, most severe first; names it in `integrity.affected`. */
  n: z.int(),
  code: z.string(),
  severity,
  ...words,
  path: z.string(),
  /** What was expected, what was found, what it can mean. */
  detail: z.string(),
  expected: z.string().nullable(),
  found: z.string().nullable(),
  /** The file of the evidence that `path` means, for the list of files and the proof card, or null. */
  entry: z.int().nullable(),
  /** Events first found in that file. */
  events: z.int(),
  /** For `EventQuery.facets`: keeps the events first found in that file; null when there are none. */
  filter: facetFilter.nullable(),
  /** How many further files or digests it speaks about, and the first of them. */
  affected: z.int(),
  affects: z.array(z.string()),
})
export type IntegrityFinding = z.infer<typeof integrityFinding>

/**
 * One account in one region for one day, hour or minute. `proven`: proven digests cover it. `listed`: digests do, unproven.
 * `broken`: digests are missing or fail. `none`: no digest, which is never proof of silence.
 */
export const coverageCell = z.object({
  /** Start of the UTC day, hour or minute. */
  atMs: timeMs,
  state: z.enum(['proven', 'listed', 'broken', 'none']),
  /** Seconds of it in each state; the rest has no digest. */
  seconds: z.object({ proven: z.number(), listed: z.number(), broken: z.number() }),
  /** Log files delivered in it, and how many of them are altered, appended to or unreadable. */
  files: z.int(),
  damaged: z.int(),
  /** Log files of it that digests list and the evidence lacks. */
  missing: z.int(),
  firstEventMs: timeMs.nullable(),
  lastEventMs: timeMs.nullable(),
  firstDeliveryMs: timeMs.nullable(),
  lastDeliveryMs: timeMs.nullable(),
})
export type CoverageCell = z.infer<typeof coverageCell>

export const coverageLane = z.object({
  account: z.string(),
  region: z.string(),
  firstEventMs: timeMs.nullable(),
  lastEventMs: timeMs.nullable(),
  firstDeliveryMs: timeMs.nullable(),
  lastDeliveryMs: timeMs.nullable(),
  gaps: z.array(
    z.object({
      fromMs: timeMs,
      toMs: timeMs,
      reason: z.enum(gapReasons),
      ...words,
      trail: z.string(),
      key: z.string(),
    }),
  ),
  /** Oldest first. Stretches without digest and without log files are left out: they are `none`. */
  cells: z.array(coverageCell),
})
export type CoverageLane = z.infer<typeof coverageLane>

/** What a proof card is about: an event of this case, or a file of the evidence. */
export const proofSubject = z.union([z.object({ event: eventId }), z.object({ entry: z.int().positive() })])

/** A proof card, self-contained: `pieces` are base64 under the names that `commands` use. */
export const proofCard = z.object({
  format: z.literal('trailcase-proof-card'),
  version: z.literal(1),
  made: z.string(),
  verdict: z.object({ log: z.enum(logVerdicts), digest: z.enum(digestVerdicts), words: z.string() }),
  record: z.object({ eventID: z.string(), sha256: z.string(), offset: z.int(), length: z.int() }).nullable(),
  log: z.object({
    path: z.string(),
    bucket: z.string(),
    key: z.string(),
    sha256: z.string(),
    listedSha256: z.string(),
  }),
  digests: z
    .array(
      z.object({
        piece: z.string(),
        bucket: z.string(),
        key: z.string(),
        sha256: z.string(),
        verdict: z.enum(digestVerdicts),
      }),
    )
    .readonly(),
  signed: z.object({
    text: z.string(),
    signature: z.string(),
    algorithm: z.literal('SHA256withRSA'),
    signatureFrom: z.string(),
  }),
  publicKey: z.object({
    fingerprint: z.string(),
    sha256: z.string(),
    form: z.string(),
    pem: z.string(),
    source: z.string(),
  }),
  pieces: z.record(z.string(), z.string()).readonly(),
  commands: z.array(z.string()).readonly(),
})

export const integrityOperations = operationTable({
  'integrity.summary': {
    summary: 'What the digest check found, as the command line gives it; judged now if it never was',
    input: z.object({ caseId }),
    output: z.object({ judgedMs: timeMs.nullable(), sentence: z.string(), summary: integritySummary }),
    changes: false,
    cli: { command: 'integrity' },
  },
  'integrity.judge': {
    summary: 'Check the digests and log files again from the originals',
    input: z.object({ caseId }),
    output: z.object({ judgedMs: timeMs, sentence: z.string(), summary: integritySummary }),
    progress: judgeProgress,
    changes: true,
    cli: { none: 'every import judges; `integrity --keys` and `--signatures` judge again' },
  },
  'integrity.addProofs': {
    summary: 'Add public keys or captured signatures to the case and check again; log files are left alone',
    input: z.object({ caseId, grants: z.array(grant).min(1).max(1000) }),
    /** `added.keys` and `added.signatures` count files; none of either means that nothing in them was understood. */
    output: z.object({ added: importResult, sentence: z.string(), summary: integritySummary }),
    progress: importProgress,
    changes: true,
    cli: { command: 'integrity --keys, integrity --signatures' },
  },
  'integrity.overview': {
    summary: 'The verdict in a sentence, the chains as lanes, the keys and how they were obtained',
    input: z.object({ caseId }),
    output: z.object({
      /** When it was judged; null when there is no judgement yet: everything else is then empty. */
      judgedMs: timeMs.nullable(),
      /** Evidence has come since, so that the judgement does not speak about all of it. */
      stale: z.boolean(),
      sentence: z.string(),
      clean: z.boolean(),
      digests: integritySummary.shape.digests,
      logs: integritySummary.shape.logs,
      /** Findings by severity and by code, most severe first. */
      severities: z.object({ high: z.int(), medium: z.int(), low: z.int(), info: z.int() }),
      codes: z.array(z.object({ code: z.string(), severity, ...words, count: z.int() })),
      chains: z.array(chainLane),
      keys: z.array(suppliedKey),
      /** Digests for which a signature was captured. */
      signatures: z.int(),
      /** What the proof rests on: a paragraph, then a line for each key. */
      trust: z.array(z.string()),
      /** What must stand beside every coverage map. */
      silence: z.string(),
      lake: z.array(lakeResult),
    }),
    changes: false,
    cli: { command: 'integrity' },
  },
  'integrity.findings': {
    summary: 'Findings of the digest check, most severe first',
    input: z.object({
      caseId,
      severities: z.array(severity).default([]),
      codes: z.array(z.string().max(100)).max(100).default([]),
      /** Part of a path or of the detail. */
      text: z.string().max(1000).default(''),
      offset: z.int().min(0).default(0),
      limit: z.int().min(0).max(1000).default(200),
    }),
    output: z.object({ total: z.int(), all: z.int(), findings: z.array(integrityFinding) }),
    changes: false,
    cli: { command: 'integrity' },
  },
  'integrity.affected': {
    summary: 'All files and digests that one finding speaks about',
    input: z.object({
      caseId,
      n: z.int().min(0),
      offset: z.int().min(0).default(0),
      limit: z.int().min(0).max(10_000).default(200),
    }),
    output: z.object({
      total: z.int(),
      paths: z.array(
        z.object({ path: z.string(), entry: z.int().nullable(), events: z.int(), filter: facetFilter.nullable() }),
      ),
    }),
    changes: false,
    cli: { none: '`integrity --json` lists them with their finding' },
  },
  'integrity.coverage': {
    summary: 'Where digests vouch for what was delivered: account by region by day, hour or minute',
    input: z.object({
      caseId,
      /** `auto` takes the finest of day, hour and minute that gives at most 2,000 columns. */
      unit: z.enum(['auto', 'day', 'hour', 'minute']).default('auto'),
      from: utc.optional(),
      to: utc.optional(),
      accounts: z.array(z.string().max(200)).max(1000).default([]),
      regions: z.array(z.string().max(200)).max(1000).default([]),
    }),
    output: z.object({
      unit: z.enum(['day', 'hour', 'minute']),
      /** The span of everything that is known, for the axis; null when nothing is. */
      fromMs: timeMs.nullable(),
      toMs: timeMs.nullable(),
      silence: z.string(),
      lanes: z.array(coverageLane),
    }),
    changes: false,
    cli: { command: 'integrity --coverage' },
  },
  'integrity.help': {
    summary: 'The commands that copy what offline validation needs, filled in from this evidence',
    input: z.object({
      caseId,
      /** Each that is left out is taken from the evidence, as far as it tells. */
      bucket: z.string().max(300).optional(),
      prefix: z.string().max(1000).optional(),
      from: utc.optional(),
      to: utc.optional(),
    }),
    output: z.object({
      place: z.object({ bucket: z.string(), prefix: z.string(), from: z.string(), to: z.string() }),
      /** Other buckets and prefixes that digests name, for a choice. */
      places: z.array(z.object({ bucket: z.string(), prefix: z.string() })),
      commands: z.string(),
    }),
    changes: false,
    cli: { command: 'integrity --acquisition' },
  },
  'proof.card': {
    summary: 'The proof card of an event or a file: everything needed to check it without this program',
    input: z.object({ caseId, of: proofSubject }),
    output: z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('card'),
        card: proofCard,
        exhibit: z.string().nullable(),
        verdict: z.enum(eventVerdicts),
      }),
      /** There is no proof to show, and why. */
      z.object({ kind: z.literal('unproven'), why: z.string(), verdict: z.enum(eventVerdicts) }),
    ]),
    progress: judgeProgress,
    changes: false,
    cli: { command: 'proof' },
  },
  'proof.save': {
    summary: 'Write a proof card to a file: JSON with all pieces, or one page of PDF',
    input: z.object({ caseId, of: proofSubject, format: z.enum(['json', 'pdf']), grant }),
    output: z.object({ name: z.string(), bytes: z.int(), sha256: z.string(), pages: z.int().nullable() }),
    progress: judgeProgress,
    changes: true,
    cli: { command: 'proof --out' },
  },
})
