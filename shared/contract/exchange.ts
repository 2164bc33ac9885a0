import { z } from 'zod'
import { caseHeader, caseInfo } from './cases.ts'
import { caseId, examiner, grant } from './common.ts'
import { operationTable } from './operation.ts'
import { packageSecrets, packageSigner, passphrase } from './package-parts.ts'

/** Said of a key so that people can compare it: `fingerprint` by voice, `number` as minisign shows it. */
export const keyNames = z.object({ fingerprint: z.string(), number: z.string() })

/** A custody transfer as the custody log of this case has it. */
export const transferShown = z.object({
  /** Of the entry of the custody log. */
  seq: z.int(),
  atMs: z.number(),
  /** Who did it here. */
  examiner: z.string(),
  kind: z.enum(['packed', 'unpacked', 'merged']),
  /** The package, as it was named here. */
  file: z.string(),
  bytes: z.number(),
  sha256: z.string(),
  from: z.string(),
  to: z.string(),
  why: z.string(),
  medium: z.string(),
  encrypted: z.boolean().nullable(),
  signedBy: z.string(),
  parts: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })).readonly(),
  /** The sender's custody log when the package was made, and this case's own just after the act. */
  before: z.object({ entries: z.int(), hash: z.string() }).nullable(),
  after: z.object({ entries: z.int(), hash: z.string() }),
})
export type TransferShown = z.infer<typeof transferShown>

/** Cases that leave as packages and come back. */
export const exchangeOperations = operationTable({
  'packages.keygen': {
    summary: "Make an examiner's signing key: a secret key file under a passphrase, and a public one to give away",
    input: z.object({ grant, passphrase }),
    output: keyNames.extend({ name: z.string(), publicName: z.string(), publicKey: z.string() }),
    changes: false,
    cli: { command: 'keygen' },
  },
  'packages.pack': {
    summary: 'Pack a case into one file that anyone can check: evidence, annotations, custody log',
    input: z.object({
      caseId,
      grant,
      /** `annotated`: only files in which something is bookmarked or tagged, with all digests, keys and signatures. */
      scope: z.enum(['all', 'annotated']).default('all'),
      /** The text of a secret key file, and its passphrase. */
      sign: z.object({ key: z.string().max(65_536), passphrase }).optional(),
      /** age recipients (`age1…`) who can open it; or a passphrase, not both. */
      recipients: z.array(z.string().max(1000)).max(100).default([]),
      passphrase: passphrase.optional(),
      /** Bytes of each part, for media whose files must be small. */
      splitBytes: z.int().min(65_536).optional(),
      transfer: z
        .object({
          to: z.string().max(300).default(''),
          why: z.string().max(2000).default(''),
          medium: z.string().max(300).default(''),
        })
        .prefault({}),
    }),
    output: z.object({
      name: z.string(),
      bytes: z.int(),
      sha256: z.string(),
      parts: z.array(z.object({ name: z.string(), bytes: z.int(), sha256: z.string() })).readonly(),
      originals: z.int(),
      operations: z.int(),
      signedBy: keyNames.nullable(),
      encrypted: z.boolean(),
      transferId: z.string(),
    }),
    progress: z.object({ step: z.enum(['writing', 'checking']), done: z.number(), total: z.number() }),
    changes: true,
    cli: { command: 'pack' },
  },
  'packages.estimate': {
    summary: 'How much would be packed: originals, bytes, annotations',
    input: z.object({ caseId, scope: z.enum(['all', 'annotated']) }),
    /** `expected`: about what the package will need on the disk. */
    output: z.object({ originals: z.int(), bytes: z.int(), operations: z.int(), expected: z.int() }),
    changes: false,
    cli: { none: 'pack looks at the disk before it writes anything, and says how much is missing' },
  },
  'packages.transfers': {
    summary: 'Each time the case changed hands, from its custody log',
    input: z.object({ caseId }),
    output: z.object({ transfers: z.array(transferShown).readonly() }),
    changes: false,
    cli: { command: 'transfers' },
  },
  'packages.transferForm': {
    summary: 'The record of one custody transfer as a page to sign',
    input: z.object({ caseId, seq: z.int().min(1), grant, paper: z.enum(['A4', 'Letter']).default('A4') }),
    output: z.object({ name: z.string(), bytes: z.int(), sha256: z.string(), pages: z.int() }),
    changes: true,
    cli: { command: 'transfers --form --out' },
  },
  'packages.inspect': {
    summary: 'What a package holds, who signed it and whether it is whole, before anything is imported',
    input: z.object({ grant, ...packageSecrets }),
    output: z.object({
      name: z.string(),
      bytes: z.int(),
      sha256: z.string(),
      whole: z.boolean(),
      problems: z.array(z.string()).readonly(),
      encrypted: z.boolean(),
      /** Empty: unsigned. */
      signatures: z.array(packageSigner).readonly(),
      document: z.object({
        kind: z.enum(['all', 'annotated']),
        madeMs: z.number(),
        case: z.object({ uuid: z.string(), createdMs: z.number() }),
        header: caseHeader,
        examiner,
        tools: z.object({ trailcase: z.string(), commit: z.string() }),
        custody: z.object({ entries: z.int(), hash: z.string() }),
        counts: z.object({
          entries: z.int(),
          originals: z.int(),
          bytes: z.int(),
          operations: z.int(),
          events: z.int(),
        }),
      }),
      transfers: z
        .array(
          z.object({
            id: z.string(),
            atMs: z.number(),
            from: z.string(),
            to: z.string(),
            why: z.string(),
            medium: z.string(),
          }),
        )
        .readonly(),
    }),
    progress: z.object({ done: z.number(), total: z.number() }),
    changes: false,
    cli: { command: 'inspect' },
  },
  'packages.unpack': {
    summary: 'Make a case from a package and open it: everything is checked, then the evidence is read and judged anew',
    /** `grant` is for the package, `target` for the case that is made. */
    input: z.object({ grant, target: grant, examiner, ...packageSecrets }),
    output: z.object({
      info: caseInfo,
      signatures: z.array(packageSigner).readonly(),
      entries: z.int(),
      originals: z.int(),
      operations: z.int(),
      /** Files that were read otherwise here than the package says; the first of them by name. */
      differing: z.int(),
      differences: z.array(z.object({ path: z.string(), what: z.string() })).readonly(),
    }),
    progress: z.object({
      step: z.enum(['checking', 'importing', 'annotations', 'judging']),
      done: z.number(),
      total: z.number(),
    }),
    changes: true,
    cli: { command: 'unpack' },
  },
})
