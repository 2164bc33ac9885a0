import { headerChangeBody } from '../../annotations/case-header.ts'
import type { Operation } from '../../annotations/operations-log.ts'
import { Refusal } from '../../refusal.ts'
import { evidenceName } from '../package/bag-names.ts'
import { checkPayload } from '../package/bag-reader.ts'
import { documentNames, indexLine, operationLine, type CaseDocument, type IndexLine } from './documents.ts'
import {
  bagRefusals,
  followLog,
  packageValues,
  signersOf,
  type OpenedPackage,
  type PackageBag,
  type Signer,
} from './open-package.ts'

const MOST_INDEX_LINE = 1_048_576
const MOST_OPERATION_LINE = 67_108_864

/** What was found of a package that hangs together. */
export type Checked = {
  readonly signatures: readonly Signer[]
  readonly index: readonly IndexLine[]
  readonly operations: number
}

/** A package that is not as this program writes it. */
export const refused = (why: string): Refusal =>
  new Refusal(
    'damaged',
    `The package is refused, nothing was imported: ${why}. Look at it with inspect, and ask the sender.`,
  )

/**
 * Checks all of a package before anything of it is used: signatures, each hash, the custody logs, the index, the form of each annotation.
 * @param told bytes that were checked
 * @throws Refusal `damaged`, `bad-input`, `unreadable`, `cancelled`
 */
export async function checkPackage(
  { bag, document }: OpenedPackage,
  keys: readonly string[],
  told: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Checked> {
  const signatures = await signersOf(bag, keys)
  for (const signer of signatures)
    if (signer.state === 'broken') throw refused(`its signature is broken, ${signer.why}`)
  const payload = await checkPayload(bag, {
    signal,
    onProgress: (done) => told(done, bag.bytes),
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

async function readIndex(bag: PackageBag, document: CaseDocument): Promise<IndexLine[]> {
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

/** The annotations of a package. @throws Refusal `damaged` */
export const packageOperations = (bag: PackageBag): AsyncGenerator<Operation> =>
  packageValues(bag, documentNames.operations, operationLine, MOST_OPERATION_LINE)

async function checkOperations(bag: PackageBag): Promise<number> {
  const ids = new Set<string>()
  for await (const { id, type, body } of packageOperations(bag)) {
    if (ids.has(id)) throw refused('an annotation comes twice')
    if (type === 'case.set' && !isHeaderChange(body))
      throw refused('a change of the case data is not as this program writes it')
    ids.add(id)
  }
  return ids.size
}

/** Case data is read without further looks once it is in the case, so it must be right here. Other annotations are checked when they are read. */
function isHeaderChange(body: unknown): boolean {
  const parsed = headerChangeBody.safeParse(body)
  return parsed.success && (parsed.data.after.zone === undefined || isZone(parsed.data.after.zone))
}

function isZone(zone: string): boolean {
  try {
    return zone === '' || new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone !== ''
  } catch {
    return false
  }
}

/** The signers of a package in one line, as the custody log names them. */
export const signersText = (signatures: readonly Signer[]): string =>
  signatures.length === 0
    ? 'unsigned'
    : signatures.map((s) => (s.state === 'broken' ? s.state : `${s.state} key ${s.fingerprint ?? s.number}`)).join(', ')
