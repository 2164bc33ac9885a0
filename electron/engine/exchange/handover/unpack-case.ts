import { randomInt } from 'node:crypto'
import { link, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { copyMarks } from '#shared/domain/annotation.ts'
import { appendCustody } from '../../annotations/custody.ts'
import type { EngineSetting } from '../../engine-setting.ts'
import { defaultLimits } from '../../intake/limits.ts'
import { importGiven, type GivenEntry, type GivenSource } from '../../intake/run/import-given.ts'
import { judgeAfterImport } from '../../integrity/case-integrity.ts'
import { OpenCase, type Examiner } from '../../open-case.ts'
import { Refusal, stopIfCancelled } from '../../refusal.ts'
import { storeTimeOrder } from '../../vectors/event-index.ts'
import { errorCode } from '../disk-trouble.ts'
import { closeBag } from '../package/bag-reader.ts'
import { checkPackage, packageOperations, type Checked } from './check-package.ts'
import { compareLedger, type LedgerDifferences } from './compare-ledger.ts'
import type { IndexLine } from './documents.ts'
import { absentEntry, packedEntry } from './given-originals.ts'
import { handedOver } from './handed-over.ts'
import { openPackage, type OpenedPackage, type Secrets, type Signer } from './open-package.ts'
import { makeStaging, requireSpace, sweepUnpacking } from './staging-folder.ts'
import { keepLogs, packedLogs, storeOperations } from './store-parts.ts'

export type UnpackWish = {
  readonly path: string
  /** The case file to make; must not exist. */
  readonly target: string
  readonly examiner: Examiner
  readonly secrets: Secrets
  readonly keys: readonly string[]
}
export type UnpackProgress = {
  readonly step: 'checking' | 'importing' | 'annotations' | 'judging'
  readonly done: number
  readonly total: number
}
export type Unpacked = {
  readonly signatures: readonly Signer[]
  readonly entries: number
  readonly originals: number
  readonly operations: number
} & LedgerDifferences

/**
 * Builds a new case from a package: everything is checked first, then the originals are parsed and judged anew, as if they had
 * just been handed over. The case appears under its name only when it is complete; all work happens in a folder beside it that is taken away
 * again. No database from elsewhere is ever opened.
 * @throws Refusal with nothing kept
 */
export async function unpackCase(
  setting: EngineSetting,
  wish: UnpackWish,
  progress: (p: UnpackProgress) => void,
  signal: AbortSignal,
): Promise<Unpacked> {
  if (await exists(wish.target)) throw taken(wish.target)
  await sweepUnpacking(wish.target, setting.now())
  const staging = await makeStaging(wish.target, 'unpack')
  try {
    const opened = await openPackage(wish.path, wish.secrets, staging, signal)
    try {
      const told = (done: number, total: number) => progress({ step: 'checking', done, total })
      const checked = await checkPackage(opened, wish.keys, told, signal)
      await requireSpace(staging, opened.document.counts.bytes)
      stopIfCancelled(signal)
      const { differences, differing } = await build({ setting, wish, staging, opened, checked, progress, signal })
      await giveName(join(staging, CASE), wish.target)
      const originals = new Set(checked.index.flatMap((line) => (line.packed ? [line.sha256] : []))).size
      return {
        signatures: checked.signatures,
        entries: checked.index.length,
        originals,
        operations: checked.operations,
        differences,
        differing,
      }
    } finally {
      await closeBag(opened.bag)
    }
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}

const CASE = 'case.trailcase'

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )
const taken = (path: string): Refusal =>
  new Refusal('already-exists', `${basename(path)} exists already. Choose another name, or merge the package into it.`)

async function giveName(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (problem) {
    if (errorCode(problem) === 'EEXIST' || (await exists(to))) throw taken(to)
    // FAT and some network shares have no hard links.
    await rename(from, to)
  }
}

// ---- building

type Building = {
  readonly setting: EngineSetting
  readonly wish: UnpackWish
  readonly staging: string
  readonly opened: OpenedPackage
  readonly checked: Checked
  readonly progress: (p: UnpackProgress) => void
  readonly signal: AbortSignal
}

async function build(work: Building): Promise<LedgerDifferences> {
  const { setting, wish, staging, opened, checked, progress, signal } = work
  const open = await OpenCase.create(join(staging, CASE), {}, wish.examiner, setting)
  try {
    await begin(open, work)
    const total = checked.index.length
    await importGiven(
      open.file,
      sourcesOf(work),
      { examiner: wish.examiner.name, limits: defaultLimits, workerPath: setting.workerPath, now: setting.now },
      (done) => progress({ step: 'importing', done, total }),
      signal,
    )
    await storeTimeOrder(open.file)
    await storeOperations(
      open,
      open.file,
      packageOperations(opened.bag),
      (done) => progress({ step: 'annotations', done, total: checked.operations }),
      signal,
    )
    await keepLogs(open, open.file, opened, packedLogs(opened))
    progress({ step: 'judging', done: 0, total: 1 })
    await judgeAfterImport(open, signal, Promise.resolve())
    const bySource = [...checked.index.keys()].sort(
      (a, b) => checked.index[a]!.source - checked.index[b]!.source || a - b,
    )
    const lines = bySource.map((n) => checked.index[n]!)
    const found = await compareLedger(open.file.reader, lines, 0)
    await open.file.transaction((tx) =>
      appendCustody(
        tx,
        open.act('package.unpacked', {
          entries: total,
          annotations: checked.operations,
          readOtherwise: found.differing,
        }),
      ),
    )
    return found
  } finally {
    await open.close()
  }
}

/** The case keeps the id it was born with; what was handed over, by whom and how it hashed stands at the start of its custody log. */
async function begin(open: OpenCase, { wish, opened, checked }: Building): Promise<void> {
  const { document } = opened
  const noted = await handedOver(wish.path, opened, checked.signatures)
  await open.file.transaction(async (tx) => {
    await tx.run(`update fact set value = ? where name = 'uuid'`, [document.case.uuid])
    await tx.run(`update fact set value = ? where name = 'createdMs'`, [String(document.case.createdMs)])
    await tx.run(`insert into fact values ('copyMark', ?)`, [String(randomInt(copyMarks.least, copyMarks.most + 1))])
    await appendCustody(tx, open.act('package.unpack', noted))
  })
}

function sourcesOf(work: Building): GivenSource[] {
  const { document } = work.opened
  const bySource = new Map<number, IndexLine[]>(document.sources.map(({ id }) => [id, []]))
  for (const line of work.checked.index) bySource.get(line.source)?.push(line)
  return document.sources.map(({ id, path, addedMs, addedBy }) => ({
    path,
    addedMs,
    addedBy,
    entries: given(work, bySource.get(id) ?? []),
  }))
}

async function* given(work: Building, lines: readonly IndexLine[]): AsyncGenerator<GivenEntry> {
  await Promise.resolve()
  for (const line of lines)
    yield line.packed && line.sha256 !== null
      ? packedEntry(work.opened.bag, work.staging, line, line.sha256)
      : absentEntry(line)
}
