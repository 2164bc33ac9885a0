import { randomBytes } from 'node:crypto'
import { link, mkdtemp, open as openFile, rename, rm, stat, statfs } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { bytes as size } from '#shared/base/count.ts'
import { caseHeader } from '#shared/contract/cases.ts'
import { appendCustody } from '../../annotations/custody.ts'
import { FOREIGN_LOG } from '../../annotations/foreign-logs.ts'
import { appendOperations, operationsHash, type Operation } from '../../annotations/operations-log.ts'
import type { EngineSetting } from '../../engine-setting.ts'
import { defaultLimits } from '../../intake/limits.ts'
import { importGiven, type GivenEntry, type GivenSource } from '../../intake/run/import-given.ts'
import { judgeAfterImport } from '../../integrity/case-integrity.ts'
import { OpenCase, type Examiner } from '../../open-case.ts'
import { Refusal, stopIfCancelled } from '../../refusal.ts'
import { storeTimeOrder } from '../../vectors/event-index.ts'
import { diskTrouble, errorCode } from '../disk-trouble.ts'
import { entryBytes } from '../package/bag-archive.ts'
import { evidenceName } from '../package/bag-names.ts'
import { checkPayload, closeBag, type Bag } from '../package/bag-reader.ts'
import { documentNames, indexLine, operationLine, type CaseDocument, type IndexLine } from './documents.ts'
import {
  bagRefusals,
  followLog,
  openPackage,
  packageLines,
  packageValues,
  signersOf,
  type OpenedPackage,
  type Secrets,
  type Signer,
} from './open-package.ts'

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
  /** Entries that were read otherwise here than where the package was made. */
  readonly differences: readonly { readonly path: string; readonly what: string }[]
  readonly differing: number
}

/** Differences that are named; the others are counted. */
const MOST_NAMED = 100
const MOST_INDEX_LINE = 1_048_576
const MOST_OPERATION_LINE = 67_108_864
const MOST_LOG = 268_435_456
/** Operations of one custody entry. */
const PER_ACT = 1000

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
  const staging = await makeStaging(wish.target)
  try {
    const opened = await openPackage(wish.path, wish.secrets, staging, signal)
    try {
      const checked = await checkAll(opened, wish.keys, progress, signal)
      await requireSpace(staging, opened.document)
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

async function makeStaging(target: string): Promise<string> {
  try {
    return await mkdtemp(join(dirname(target), `.${basename(target)}.unpack-`))
  } catch (problem) {
    const trouble = diskTrouble(problem)
    if (trouble === undefined) throw problem
    throw new Refusal(trouble.code === 'NO_SPACE' ? 'disk-full' : 'unreadable', trouble.message)
  }
}

/** A case is about as large as its originals, and once more while it is written. */
async function requireSpace(folder: string, document: CaseDocument): Promise<void> {
  const disk = await statfs(folder)
  const [free, needed] = [disk.bavail * disk.bsize, document.counts.bytes * 3]
  if (needed > free)
    throw new Refusal(
      'disk-full',
      `Unpacking needs about ${size(needed)}, the disk has ${size(free)} free. Free space or choose another disk.`,
    )
}

async function giveName(from: string, to: string): Promise<void> {
  try {
    await link(from, to)
  } catch (problem) {
    if (errorCode(problem) === 'EEXIST' || (await exists(to))) throw taken(to)
    // FAT and some network shares have no hard links.
    await rename(from, to)
  }
}

// ---- checking, before anything is made

type Checked = {
  readonly signatures: readonly Signer[]
  readonly index: readonly IndexLine[]
  readonly operations: number
}

const refused = (why: string): Refusal =>
  new Refusal(
    'damaged',
    `The package is refused, nothing was imported: ${why}. Look at it with inspect, and ask the sender.`,
  )

async function checkAll(
  { bag, document }: OpenedPackage,
  keys: readonly string[],
  progress: (p: UnpackProgress) => void,
  signal: AbortSignal,
): Promise<Checked> {
  const signatures = await signersOf(bag, keys)
  for (const signer of signatures)
    if (signer.state === 'broken') throw refused(`its signature is broken, ${signer.why}`)
  const payload = await checkPayload(bag, {
    signal,
    onProgress: (done) => progress({ step: 'checking', done, total: bag.bytes }),
  })
  if (!payload.ok) throw new Refusal(bagRefusals[payload.code], payload.message)
  for (const { name, entries, hash } of [
    { name: documentNames.audit as string, ...document.custody },
    ...document.logs,
  ]) {
    const log = await followLog(bag, name)
    if (log.problem !== null) throw refused(`${name}: ${log.problem}`)
    if (log.hash !== hash || log.entries !== entries)
      throw refused(`${name} is not the custody log that case.json names`)
  }
  const index = await readIndex(bag, document)
  return { signatures, index, operations: await checkOperations(bag) }
}

async function readIndex(bag: Bag, document: CaseDocument): Promise<IndexLine[]> {
  const sources = new Set(document.sources.map((source) => source.id))
  const sizes = new Map(bag.payload.map((entry) => [entry.name, entry.size]))
  const named = new Set<string>()
  const index: IndexLine[] = []
  for await (const line of packageValues(bag, documentNames.index, indexLine, MOST_INDEX_LINE)) {
    if (!sources.has(line.source)) throw refused('its index names a source that is not there')
    if (line.packed && (line.sha256 === null || sizes.get(evidenceName(line.sha256)) !== line.size))
      throw refused('its index names an original that is not there, or has another size')
    if (line.packed && line.sha256 !== null) named.add(evidenceName(line.sha256))
    index.push(line)
  }
  if ([...sizes.keys()].some((name) => name.startsWith('data/evidence/') && !named.has(name)))
    throw refused('it holds an original that its index does not name')
  if (index.length !== document.counts.entries) throw refused('its index is not as long as case.json says')
  return index
}

async function checkOperations(bag: Bag): Promise<number> {
  const ids = new Set<string>()
  for await (const { id, type, body } of packageValues(
    bag,
    documentNames.operations,
    operationLine,
    MOST_OPERATION_LINE,
  )) {
    if (ids.has(id)) throw refused('an annotation comes twice')
    if (type === 'case.set' && !isHeaderChange(body))
      throw refused('a change of the case data is not as this program writes it')
    ids.add(id)
  }
  return ids.size
}

/** Case data is read without further looks once it is in the case, so it must be right here. Other annotations are checked when they are read. */
function isHeaderChange(body: unknown): boolean {
  const parsed = headerChange.safeParse(body)
  return parsed.success && (parsed.data.after.zone === undefined || isZone(parsed.data.after.zone))
}
const headerChange = z.strictObject({
  before: z.strictObject(caseHeader.shape).partial(),
  after: z.strictObject(caseHeader.shape).partial(),
})

function isZone(zone: string): boolean {
  try {
    return zone === '' || new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
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

async function build(work: Building): Promise<Pick<Unpacked, 'differences' | 'differing'>> {
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
    await storeOperations(open, opened.bag, checked.operations, progress, signal)
    await keepLogs(open, opened)
    progress({ step: 'judging', done: 0, total: 1 })
    await judgeAfterImport(open, signal, Promise.resolve())
    const found = await compare(open, checked.index)
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
  const { document, sha256, bytes } = opened
  await open.file.transaction(async (tx) => {
    await tx.run(`update fact set value = ? where name = 'uuid'`, [document.case.uuid])
    await tx.run(`update fact set value = ? where name = 'createdMs'`, [String(document.case.createdMs)])
    const signedBy = checked.signatures.map((s) =>
      s.state === 'broken' ? s.state : `${s.state} key ${s.fingerprint ?? s.number}`,
    )
    await appendCustody(
      tx,
      open.act('package.unpack', {
        file: basename(wish.path),
        sha256,
        bytes,
        from: document.examiner.name,
        packed: document.kind,
        case: document.case.uuid,
        signedBy: signedBy.length === 0 ? 'unsigned' : signedBy.join(', '),
        custody: document.custody,
      }),
    )
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

const NOT_PACKED = 'known by its hash only: it was not in the package that this case was made from'

async function* given(work: Building, lines: readonly IndexLine[]): AsyncGenerator<GivenEntry> {
  await Promise.resolve()
  for (const line of lines) {
    const { path, size: bytes, sha256 } = line
    if (line.packed && sha256 !== null) yield { kind: 'file', path, size: bytes, sha256, ...readers(work, sha256) }
    else {
      const outcome = line.outcome === 'quarantined' ? 'quarantined' : 'ignored'
      const isSame = outcome === line.outcome
      const reason = isSame ? (line.reason ?? 'no reason was given') : NOT_PACKED
      yield { kind: 'absent', path, outcome, reason, is: line.kind, size: bytes, sha256: sha256 ?? '' }
    }
  }
}

/** How an original of the bag is read: whole, or as a file in the staging folder under a name made here. */
function readers(
  { opened, staging }: Building,
  sha256: string,
): Pick<Extract<GivenEntry, { kind: 'file' }>, 'read' | 'stage' | 'unstage'> {
  const { archive } = opened.bag
  const entry = archive.entries.get(evidenceName(sha256))
  const chunks = (): AsyncIterable<Uint8Array> => {
    if (entry === undefined) throw new Error('readIndex found every original')
    return entryBytes(archive, entry)
  }
  const path = join(staging, `original-${randomBytes(8).toString('hex')}`)
  return {
    read: async () => {
      const held: Uint8Array[] = []
      for await (const chunk of chunks()) held.push(chunk)
      return Buffer.concat(held)
    },
    stage: async () => {
      const file = await openFile(path, 'wx', 0o600)
      try {
        for await (const chunk of chunks()) await file.writeFile(chunk)
      } finally {
        await file.close()
      }
      return path
    },
    unstage: () => rm(path, { force: true }),
  }
}

/** All annotations, each named with a hash by the custody entry that brought it. Those of kinds that are not known here lie still. */
async function storeOperations(
  open: OpenCase,
  bag: Bag,
  total: number,
  progress: (p: UnpackProgress) => void,
  signal: AbortSignal,
): Promise<void> {
  let done = 0
  let held: Operation[] = []
  const store = async () => {
    stopIfCancelled(signal)
    if (held.length === 0) return
    const operations = held
    await open.file.transaction(async (tx) => {
      await appendOperations(tx, operations)
      const named = { operations: operations.map((o) => o.id), operationsSha256: operationsHash(operations) }
      await appendCustody(tx, open.act('package.annotations', { ...named, annotations: operations.length }))
    })
    done += held.length
    held = []
    progress({ step: 'annotations', done, total })
  }
  for await (const line of packageValues(bag, documentNames.operations, operationLine, MOST_OPERATION_LINE)) {
    held.push(line)
    if (held.length >= PER_ACT) await store()
  }
  await store()
}

/** The custody logs of the cases this one came from stay whole beside its own, which names the hash of each one's last entry. */
async function keepLogs(open: OpenCase, { bag, document }: OpenedPackage): Promise<void> {
  for (const { name, hash, entries } of [
    { name: documentNames.audit as string, ...document.custody },
    ...document.logs,
  ]) {
    let text = ''
    for await (const line of packageLines(bag, name, MOST_LOG)) text += `${line}\n`
    if (text.length > MOST_LOG) throw refused(`${name} is too large`)
    await open.file.transaction(async (tx) => {
      await tx.run('insert into fact values (?, ?) on conflict (name) do nothing', [`${FOREIGN_LOG}${hash}`, text])
      await appendCustody(tx, open.act('package.custody', { entries, hash }))
    })
  }
}

type Row = { path: string; outcome: string; kind: string; read: number; rejected: number; inflated: string }

/** Each line of the new ledger against the index of the package: what was read otherwise here. */
async function compare(
  open: OpenCase,
  index: readonly IndexLine[],
): Promise<Pick<Unpacked, 'differences' | 'differing'>> {
  const bySource = [...index.keys()].sort((a, b) => index[a]!.source - index[b]!.source || a - b)
  const differences: { path: string; what: string }[] = []
  let differing = 0
  for (let first = 0; first < bySource.length; first += PER_ACT) {
    const rows = await open.file.reader.all<Row>(
      `select path, outcome, kind, records_read as read, records_rejected as rejected, lower(hex(inflated_sha256)) as inflated from entry order by id limit ? offset ?`,
      [PER_ACT, first],
    )
    for (const [n, row] of rows.entries()) {
      const what = difference(row, index[bySource[first + n]!]!)
      if (what === undefined) continue
      differing++
      if (differences.length < MOST_NAMED) differences.push({ path: row.path, what })
    }
  }
  return { differences, differing }
}

function difference(row: Row, line: IndexLine): string | undefined {
  if (!line.packed) return undefined
  if (row.outcome !== line.outcome) return `${line.outcome} there, ${row.outcome} here`
  if (row.kind !== line.kind) return `${line.kind} there, ${row.kind} here`
  if (row.read !== line.records.read) return `${line.records.read} records there, ${row.read} here`
  if (row.rejected !== line.records.rejected)
    return `${line.records.rejected} records rejected there, ${row.rejected} here`
  return line.inflatedSha256 !== null && row.inflated !== '' && row.inflated !== line.inflatedSha256
    ? 'inflates to other bytes here'
    : undefined
}
