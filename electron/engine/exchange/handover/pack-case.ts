import { randomBytes, randomUUID } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { formatUtc, utcMs } from '#shared/base/time.ts'
import { visible } from '#shared/base/visible.ts'
import { listForeignLogs } from '../../annotations/foreign-logs.ts'
import { custodyHead } from '../../annotations/list-custody.ts'
import type { OpenCase } from '../../open-case.ts'
import { Refusal, STOPPED, type RefusalCode } from '../../refusal.ts'
import { SCHEMA_VERSION } from '../../storage/schema.ts'
import { sqliteVersion } from '../../storage/sqlite.ts'
import { checkCustody } from '../../verify/check-custody.ts'
import { diskTrouble } from '../disk-trouble.ts'
import { parseRecipient, type AgeRecipients } from '../package/age-recipients.ts'
import { baseNameFor } from '../package/bag-names.ts'
import type { BagPlan, PayloadInput } from '../package/bag-writer.ts'
import { fingerprint, keyNumber, parseSigningKey, verifyingKeyText, type SigningKey } from '../package/minisign.ts'
import { writePackage, type PackageFailure, type PackageWritten } from '../package/write-package.ts'
import { documentNames, foreignLogName, PACKAGE_VERSION, type CaseDocument, type TransferLine } from './documents.ts'
import * as gather from './gather-case.ts'
import { sweepLeftovers } from './leftovers.ts'
import { isPartial, partsExist, splitFile, wholeName, type Part } from './split.ts'

export type PackWish = {
  /** The package to make; must not exist. */
  readonly path: string
  readonly scope: 'all' | 'annotated'
  /** The text of a minisign secret key file, and what opens it. */
  readonly sign?: { readonly key: string; readonly passphrase: string } | undefined
  /** age X25519 recipients (`age1…`), or a passphrase; not both. */
  readonly recipients: readonly string[]
  readonly passphrase?: string | undefined
  /** Bytes of a part, for media whose files must be small. */
  readonly splitBytes?: number | undefined
  readonly transfer: { readonly to: string; readonly why: string; readonly medium: string }
}
export type PackProgress = { readonly step: 'writing' | 'checking'; readonly done: number; readonly total: number }
export type Packed = {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  readonly parts: readonly Part[]
  readonly originals: number
  readonly operations: number
  readonly signedBy: { readonly fingerprint: string; readonly number: string } | null
  readonly encrypted: boolean
  readonly transferId: string
}

/**
 * Packs a case: gathers, writes, reads back, then notes the transfer with the package's hash in the custody log.
 * @throws Refusal `no-examiner`, `bad-input` (keys, recipients), `damaged`, `already-exists`, `disk-full`, `unreadable`, `cancelled`
 */
export async function packCase(
  open: OpenCase,
  wish: PackWish,
  progress: (p: PackProgress) => void,
  signal: AbortSignal,
): Promise<Packed> {
  open.requireExaminer()
  if (open.importing) throw new Refusal('locked', 'Evidence is being imported into this case. Wait for it, then pack.')
  const encryptTo = recipientsOf(wish)
  const key = wish.sign === undefined ? undefined : await signingKey(wish.sign)
  const log = await checkCustody(open.file.reader, signal)
  if (log.failed > 0)
    throw new Refusal(
      'damaged',
      'The custody log of this case does not hang together, so nobody could check a package of it. Run verify.',
    )
  await sweepLeftovers(dirname(wish.path), (name) => isPartial(wish.path, name), open.setting.now())
  const made = await plan(open, wish, key, progress)
  const whole = wish.splitBytes === undefined ? wish.path : wholeName(wish.path, randomBytes(6).toString('hex'))
  if (wish.splitBytes !== undefined && (await partsExist(wish.path)))
    throw new Refusal(
      'already-exists',
      `Parts of ${basename(wish.path)} exist already. Choose another name, or remove them first.`,
    )
  const written = await writePackage({
    path: whole,
    plan: made.plan,
    ...(encryptTo && { encryptTo }),
    expectedBytes: made.expectedBytes * (wish.splitBytes === undefined ? 1 : 2),
    signal,
    onReadBack: (done, total) => progress({ step: 'checking', done, total }),
  })
  if (!written.ok) throw new Refusal(refusals[written.code], written.message)
  const parts = wish.splitBytes === undefined ? [] : await intoParts(whole, wish.path, wish.splitBytes, signal)
  const signedBy = key === undefined ? null : { fingerprint: fingerprint(key), number: keyNumber(key) }
  const packed: Packed = {
    name: basename(wish.path),
    ...written.value,
    parts,
    originals: made.document.counts.originals,
    operations: made.document.counts.operations,
    signedBy,
    encrypted: encryptTo !== undefined,
    transferId: made.transfer.id,
  }
  await open.change('package.pack', [], custodyBody(wish, packed, written.value))
  return packed
}

const refusals: Readonly<Record<PackageFailure, RefusalCode>> = {
  EXISTS: 'already-exists',
  CANCELLED: 'cancelled',
  EVIDENCE_CHANGED: 'damaged',
  NOT_READ_BACK: 'unreadable',
  NO_SPACE: 'disk-full',
  NOT_WRITABLE: 'unreadable',
}

function recipientsOf({ recipients, passphrase }: PackWish): AgeRecipients | undefined {
  if (passphrase !== undefined && recipients.length > 0)
    throw new Refusal(
      'bad-input',
      'A package is encrypted to recipients or with a passphrase, not both: whoever knows the passphrase could forge it. Choose one.',
    )
  if (passphrase !== undefined) return { kind: 'passphrase', passphrase }
  if (recipients.length === 0) return undefined
  const keys = recipients.map((text) => {
    const parsed = parseRecipient(text)
    if (!parsed.ok) throw new Refusal('bad-input', `${visible(text.slice(0, 100))}: ${parsed.message}`)
    return parsed.value
  })
  return { kind: 'keys', keys }
}

async function signingKey(sign: NonNullable<PackWish['sign']>): Promise<SigningKey> {
  const key = await parseSigningKey(sign.key, sign.passphrase)
  if (!key.ok) throw new Refusal('bad-input', key.message)
  return key.value
}

async function intoParts(whole: string, path: string, size: number, signal: AbortSignal): Promise<Part[]> {
  try {
    return await splitFile(whole, path, size, signal)
  } catch (problem) {
    if (signal.aborted) throw new Refusal('cancelled', STOPPED)
    const trouble = diskTrouble(problem)
    if (trouble === undefined) throw problem
    throw new Refusal(refusals[trouble.code], trouble.message)
  } finally {
    await rm(whole, { force: true })
  }
}

const custodyBody = (wish: PackWish, packed: Packed, { sha256, bytes }: PackageWritten): Record<string, unknown> => ({
  file: packed.name,
  sha256,
  bytes,
  scope: wish.scope,
  originals: packed.originals,
  annotations: packed.operations,
  encrypted: packed.encrypted,
  ...(packed.signedBy && { signedBy: packed.signedBy.fingerprint }),
  ...(packed.parts.length > 0 && { parts: packed.parts }),
  transfer: { id: packed.transferId, ...wish.transfer },
})

type Made = {
  readonly plan: BagPlan
  readonly document: CaseDocument
  readonly transfer: TransferLine
  readonly expectedBytes: number
}

/** Bytes of a document's line, generously, for the look at the disk before anything is written. */
const LINE = 1500

type Size = { readonly originals: number; readonly bytes: number }

const expectedBytes = (to: gather.Extent, size: Size, logs: readonly { readonly text: string }[]): number =>
  size.bytes +
  LINE * (to.entry + to.operation + to.custody + size.originals) +
  logs.reduce((n, { text }) => n + text.length, 0)

/** How much would be packed now. `expected`: bytes of the package, a little more rather than less. */
export async function estimatePackage(
  open: OpenCase,
  scope: PackWish['scope'],
): Promise<Size & { readonly operations: number; readonly expected: number }> {
  const { reader } = open.file
  const to = await gather.extentOf(reader)
  const wanted = scope === 'all' ? 'all' : await gather.annotatedHashes(reader)
  const size = await gather.sizeOfOriginals(reader, wanted, to)
  const expected = expectedBytes(to, size, await listForeignLogs(reader))
  return { ...size, operations: await gather.countOperations(reader, to), expected }
}

async function plan(
  open: OpenCase,
  wish: PackWish,
  key: SigningKey | undefined,
  progress: (p: PackProgress) => void,
): Promise<Made> {
  const { reader } = open.file
  const to = await gather.extentOf(reader)
  const wanted = wish.scope === 'all' ? 'all' : await gather.annotatedHashes(reader)
  const size = await gather.sizeOfOriginals(reader, wanted, to)
  const document = await caseDocumentOf(open, wish, to, size)
  const logs = await listForeignLogs(reader)
  const madeAt = utcMs(open.setting.now())
  const transfer: TransferLine = {
    id: randomUUID(),
    atMs: madeAt,
    from: open.actor,
    ...wish.transfer,
    custody: document.custody,
  }
  const { number, title, tlp } = document.header
  const payload = payloadOf(open, { to, wanted, document, logs, transfer, key }, (done) =>
    progress({ step: 'writing', done, total: size.bytes }),
  )
  return {
    document,
    transfer,
    expectedBytes: expectedBytes(to, size, logs),
    plan: {
      base: baseNameFor(number === '' ? title : number),
      info: [
        ...(document.examiner.organisation === ''
          ? []
          : [['Source-Organization', document.examiner.organisation] as const]),
        ['Contact-Name', document.examiner.name],
        ['External-Identifier', number],
        ['Bag-Group-Identifier', document.case.uuid],
        ['Bag-Software-Agent', `Trailcase ${document.tools.trailcase} (${document.tools.commit})`],
        ['X-Package-Kind', document.kind],
        ['X-TLP', tlp],
      ],
      payload,
      madeAt,
      ...(key && {
        sign: {
          key,
          trustedComment: ({ entries }) =>
            visible(
              `timestamp:${formatUtc(madeAt)} file:${basename(wish.path)} case:${number} examiner:${open.actor} entries:${entries} custody:${document.custody.entries}:${document.custody.hash}`,
            ),
        },
      }),
    },
  }
}

async function caseDocumentOf(open: OpenCase, wish: PackWish, to: gather.Extent, size: Size): Promise<CaseDocument> {
  const { reader } = open.file
  const info = await open.info()
  const operations = await gather.countOperations(reader, to)
  const logs = await listForeignLogs(reader)
  return {
    format: 'trailcase-package',
    version: PACKAGE_VERSION,
    kind: wish.scope,
    madeMs: open.setting.now(),
    case: { uuid: info.uuid, createdMs: info.createdMs },
    header: info.header,
    examiner: open.examiner ?? { name: open.actor, organisation: '', identifier: '' },
    tools: {
      trailcase: open.setting.version,
      commit: open.setting.commit,
      node: process.versions.node,
      sqlite: sqliteVersion,
      schema: SCHEMA_VERSION,
    },
    custody: await custodyHead(reader),
    logs: logs.map(({ head, text }) => ({
      name: foreignLogName(head),
      entries: text.split('\n').length - 1,
      hash: head,
    })),
    sources: await gather.listSourcesOf(reader),
    counts: { entries: info.entries.seen, ...size, operations, events: info.events },
  }
}

type Gathered = {
  readonly to: gather.Extent
  readonly wanted: gather.Wanted
  readonly document: CaseDocument
  readonly logs: readonly { readonly head: string; readonly text: string }[]
  readonly transfer: TransferLine
  readonly key: SigningKey | undefined
}

async function* payloadOf(open: OpenCase, from: Gathered, told: (bytes: number) => void): AsyncGenerator<PayloadInput> {
  const { reader } = open.file
  const { to, wanted, document, logs, transfer, key } = from
  yield gather.document(documentNames.case, lines([JSON.stringify(document, undefined, 1)]))
  yield gather.document(documentNames.index, gather.indexLines(reader, wanted, to))
  yield gather.document(documentNames.operations, gather.operationLines(reader, to))
  yield gather.document(documentNames.audit, gather.auditLines(reader, to))
  for (const { head, text } of logs) yield gather.document(foreignLogName(head), lines(text.split('\n').slice(0, -1)))
  yield gather.document(documentNames.transfers, lines([JSON.stringify(transfer)]))
  if (key) yield gather.document(documentNames.signer, lines(verifyingKeyText(key).split('\n').slice(0, -1)))
  let bytes = 0
  for await (const original of gather.originalsOf(reader, wanted, to)) {
    yield { name: original.name, bytes: counted(original.bytes, (n) => (bytes += n)) }
    told(bytes)
  }
}

async function* counted(chunks: AsyncIterable<Uint8Array>, add: (bytes: number) => void): AsyncGenerator<Uint8Array> {
  for await (const chunk of chunks) {
    add(chunk.length)
    yield chunk
  }
}

async function* lines(values: readonly string[]): AsyncGenerator<string> {
  await Promise.resolve()
  yield* values
}
