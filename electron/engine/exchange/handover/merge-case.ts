import { mkdtemp, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { OutputOf, ProgressOf } from '#shared/contract/contract.ts'
import { appendCustody } from '../../annotations/custody.ts'
import { listForeignLogs } from '../../annotations/foreign-logs.ts'
import { listOperations } from '../../annotations/operations-log.ts'
import { integrityOf } from '../../integrity/case-integrity.ts'
import { defaultLimits } from '../../intake/limits.ts'
import { importGiven, type GivenEntry, type GivenSource } from '../../intake/run/import-given.ts'
import type { OpenCase } from '../../open-case.ts'
import { Refusal, stopIfCancelled } from '../../refusal.ts'
import type { CaseStore } from '../../storage/case-file.ts'
import type { Connection } from '../../storage/sqlite.ts'
import { storeTimeOrder } from '../../vectors/event-index.ts'
import { closeBag } from '../package/bag-reader.ts'
import { checkPackage, packageOperations, type Checked } from './check-package.ts'
import { compareLedger, type LedgerDifferences } from './compare-ledger.ts'
import { absentEntry, packedEntry } from './given-originals.ts'
import { handedOver } from './handed-over.ts'
import { openPackage, readTransfers, type OpenedPackage, type Secrets } from './open-package.ts'
import { freshOperations, planAnnotations, type AnnotationPlan } from './plan-annotations.ts'
import { planEvidence, readLedger, type EvidencePlan, type PlannedSource } from './plan-evidence.ts'
import { makeStaging, requireSpace, sweepStaging } from './staging-folder.ts'
import { keepLogs, packedLogs, storeOperations, type PackedLog } from './store-parts.ts'

export type MergeWish = {
  readonly path: string
  readonly secrets: Secrets
  /** Public keys (text of `.pub` files) that the receiver knows. */
  readonly keys: readonly string[]
}
type Told = (p: ProgressOf<'packages.merge'>) => void
export type MergePreview = OutputOf<'packages.mergePreview'>
export type Merged = Omit<OutputOf<'packages.merge'>, 'info'>

/** A package that was checked, beside the case it is for. */
type Work = {
  readonly open: OpenCase
  readonly wish: MergeWish
  readonly staging: string
  readonly opened: OpenedPackage
  readonly checked: Checked
  readonly progress: Told
  readonly signal: AbortSignal
}
type Plan = {
  readonly evidence: EvidencePlan
  readonly annotations: AnnotationPlan
  readonly logs: readonly PackedLog[]
  readonly nothingNew: boolean
}

/**
 * What a merge would bring, with nothing written. @throws Refusal as `mergeCase`
 */
export async function previewMerge(
  open: OpenCase,
  wish: MergeWish,
  progress: (p: ProgressOf<'packages.mergePreview'>) => void,
  signal: AbortSignal,
): Promise<MergePreview> {
  const staging = await mkdtemp(join(open.setting.temporaryFolder, 'trailcase-preview-'))
  const told: Told = ({ step, done, total }) => {
    if (step === 'checking' || step === 'comparing') progress({ step, done, total })
  }
  return withPackage({ open, wish, staging, progress: told, signal }, async (work) =>
    summary(work, await planMerge(work)),
  )
}

/**
 * Unites a case with a package of the same case that somebody else went on with: evidence by hash, annotations by their ids, custody logs
 * whole beside our own. Everything is checked first, then written in one transaction: whatever happens in between, the case is as it was or holds all
 * of it. Merging again adds nothing, and the order of merges makes no difference to what the case says.
 * @throws Refusal `bad-input` (another case), `damaged`, `newer-version`, `disk-full`, `cancelled`, `locked`, `no-examiner`: nothing was changed
 */
export async function mergeCase(open: OpenCase, wish: MergeWish, progress: Told, signal: AbortSignal): Promise<Merged> {
  open.requireExaminer()
  refuseWhileBusy(open)
  await sweepStaging(open.file.path, 'merge')
  const staging = await makeStaging(open.file.path, 'merge')
  return withPackage({ open, wish, staging, progress, signal }, (work) =>
    // Nobody annotates meanwhile: what they write would rest on a state that the merge changes.
    open.annotated.exclusive(async () => {
      refuseWhileBusy(open)
      open.importing = true
      try {
        return await store(work, await planMerge(work))
      } finally {
        open.importing = false
      }
    }),
  )
}

function refuseWhileBusy(open: OpenCase): void {
  if (open.importing)
    throw new Refusal('locked', 'Evidence is being imported into this case. Wait for it, then merge the package.')
}

async function withPackage<T>(
  { staging, ...given }: Omit<Work, 'opened' | 'checked'>,
  work: (work: Work) => Promise<T>,
): Promise<T> {
  const { open, wish, progress, signal } = given
  try {
    const opened = await openPackage(wish.path, wish.secrets, staging, signal)
    try {
      await requireSameCase(open.file.reader, opened)
      const told = (done: number, total: number) => progress({ step: 'checking', done, total })
      const checked = await checkPackage(opened, wish.keys, told, signal)
      return await work({ ...given, staging, opened, checked })
    } finally {
      await closeBag(opened.bag)
    }
  } catch (problem) {
    if (problem instanceof Refusal && problem.code === 'cancelled')
      throw new Refusal(
        'cancelled',
        'Stopped as you asked. The case is as it was; merge the package again when you like.',
      )
    throw problem
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

/** Two histories that parted have one beginning: the case carries its id from there. */
async function requireSameCase(reader: Pick<Connection, 'get'>, { document }: OpenedPackage): Promise<void> {
  const row = await reader.get<{ value: string }>(`select value from fact where name = 'uuid'`)
  if (row?.value === document.case.uuid) return
  throw new Refusal(
    'bad-input',
    'This package is of another case: its history does not begin where that of this case begins. Nothing was changed. Unpack it into a case of its own.',
  )
}

// ---- comparing

async function planMerge({ open, opened, checked, progress, signal }: Work): Promise<Plan> {
  progress({ step: 'comparing', done: 0, total: 1 })
  const { reader } = open.file
  const { sources } = opened.document
  const evidence = planEvidence(await readLedger(reader), { sources, index: checked.index })
  stopIfCancelled(signal)
  const { fresh, known } = await freshOperations(reader, packageOperations(opened.bag))
  await open.annotated.readOnce()
  const caseData = await listOperations(reader, ['case.set'])
  const annotations = { fresh, known, ...planAnnotations({ annotations: open.annotated.operations, caseData }, fresh) }
  const logs = await freshLogs(reader, packedLogs(opened))
  const { newEntries, filled } = evidence.counts
  const nothingNew = newEntries + filled + evidence.sources.length + fresh.length + logs.length === 0
  stopIfCancelled(signal)
  progress({ step: 'comparing', done: 1, total: 1 })
  return { evidence, annotations, logs, nothingNew }
}

/** Custody logs that are neither kept here already nor the beginning of our own. */
async function freshLogs(reader: Connection, logs: readonly PackedLog[]): Promise<PackedLog[]> {
  const kept = new Set((await listForeignLogs(reader)).map((log) => log.head))
  const fresh: PackedLog[] = []
  for (const log of logs) {
    const own = await reader.get('select seq from custody where seq = ? and hash = ?', [
      log.entries,
      Buffer.from(log.hash, 'hex'),
    ])
    if (own === undefined && !kept.has(log.hash)) fresh.push(log)
  }
  return fresh
}

async function summary({ wish, opened, checked }: Work, plan: Plan): Promise<MergePreview> {
  const { bag, document, encrypted, sha256, bytes } = opened
  const transfer = (await readTransfers(bag)).at(-1)
  const { fresh, known, kinds, conflicts } = plan.annotations
  return {
    name: basename(wish.path),
    bytes,
    sha256,
    encrypted,
    signatures: checked.signatures,
    from: {
      examiner: document.examiner.name,
      madeMs: document.madeMs,
      custody: document.custody,
      transfer: transfer
        ? { id: transfer.id, atMs: transfer.atMs, to: transfer.to, why: transfer.why, medium: transfer.medium }
        : null,
    },
    evidence: plan.evidence.counts,
    annotations: { operations: fresh.length, known, kinds },
    conflicts,
    logs: plan.logs.length,
    nothingNew: plan.nothingNew,
  }
}

// ---- storing

async function store(work: Work, plan: Plan): Promise<Merged> {
  const { open, staging } = work
  await requireSpace(staging, plan.evidence.bytes)
  const before = await countEvents(open.file.reader)
  let found: LedgerDifferences
  try {
    found = await open.file.whole((inside) => storeAll(work, plan, inside))
  } finally {
    open.annotated.forget()
    integrityOf(open).forget()
  }
  await open.file.checkpoint()
  const newEvents = Math.max(0, (await countEvents(open.file.reader)) - before)
  return { ...(await summary(work, plan)), newEvents, ...found }
}

async function countEvents(reader: Pick<Connection, 'get'>): Promise<number> {
  const row = await reader.get<{ n: number }>(
    'select (select count(*) from event) - (select count(*) from hidden_event) as n',
  )
  return row?.n ?? 0
}

async function storeAll(work: Work, plan: Plan, inside: CaseStore): Promise<LedgerDifferences> {
  const { open, wish, opened, checked, progress, signal } = work
  const { evidence, annotations, logs, nothingNew } = plan
  const noted = await handedOver(wish.path, opened, checked.signatures)
  await inside.transaction((tx) =>
    appendCustody(
      tx,
      open.act('package.merge', { ...noted, nothingNew, ...evidence.counts, annotations: annotations.fresh.length }),
    ),
  )
  const found = evidence.sources.length === 0 ? NO_DIFFERENCES : await storeEvidence(work, evidence, inside)
  const total = annotations.fresh.length
  const told = (done: number) => progress({ step: 'annotations', done, total })
  await storeOperations(open, inside, annotations.fresh, told, signal)
  await keepLogs(open, inside, opened, logs)
  if (evidence.sources.length > 0) {
    progress({ step: 'judging', done: 0, total: 1 })
    await integrityOf(open).judgeWithin(inside, signal)
  }
  stopIfCancelled(signal)
  return found
}

const NO_DIFFERENCES: LedgerDifferences = { differences: [], differing: 0 }

async function storeEvidence(
  { open, opened, staging, progress, signal }: Work,
  plan: EvidencePlan,
  inside: CaseStore,
): Promise<LedgerDifferences> {
  const { now, workerPath } = open.setting
  const options = { examiner: open.actor, limits: defaultLimits, workerPath, now }
  const total = plan.sources.reduce((n, s) => n + s.packed.length + s.held.length + s.absent.length, 0)
  let done = 0
  const told = (stored: number) => progress({ step: 'importing', done: done + stored, total })
  const last = (await inside.reader.get<{ n: number }>('select coalesce(max(id), 0) as n from entry'))?.n ?? 0
  if (plan.filled.length > 0)
    await inside.transaction(async (tx) => {
      await tx.run('delete from entry where id in (select value from json_each(?))', [JSON.stringify(plan.filled)])
      await tx.run('delete from entry_verdict where entry in (select value from json_each(?))', [
        JSON.stringify(plan.filled),
      ])
    })
  // Those with bytes first: lines of the second round may stand on them.
  const given = plan.sources.map((source) => ({
    ...nameOf(source),
    into: source.into,
    entries: each(source.packed.map((line) => packedEntry(opened.bag, staging, line, line.sha256 ?? ''))),
  }))
  const made = await importGiven(inside, given, options, told, signal)
  const packed = plan.sources.flatMap((source) => source.packed)
  const found = await compareLedger(inside.reader, packed, last)
  done = packed.length
  const rest = plan.sources.flatMap((source, n): GivenSource[] => {
    const entries = [
      ...source.held.map(({ path, size, sha256 }): GivenEntry => ({ kind: 'held', path, size, sha256 })),
      ...source.absent.map(absentEntry),
    ]
    return entries.length === 0 ? [] : [{ ...nameOf(source), into: made[n], entries: each(entries) }]
  })
  await importGiven(inside, rest, options, told, signal)
  await storeTimeOrder(inside)
  return found
}

const nameOf = ({ path, addedMs, addedBy }: PlannedSource) => ({ path, addedMs, addedBy })

async function* each<T>(values: readonly T[]): AsyncGenerator<T> {
  await Promise.resolve()
  yield* values
}
