import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open as openFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { ensure } from '#shared/base/assert.ts'
import { visible } from '#shared/base/visible.ts'
import { Refusal, STOPPED, type RefusalCode } from '../../refusal.ts'
import { diskTrouble, errorCode } from '../disk-trouble.ts'
import { textLines } from '../formats/text-lines.ts'
import { parseIdentity, type AgeIdentity } from '../package/age-recipients.ts'
import { decryptAge } from '../package/age.ts'
import { entryBytes, type BagFailure } from '../package/bag-archive.ts'
import { closeBag, openBag, readDocument, signatureVerdicts, type Bag } from '../package/bag-reader.ts'
import { fingerprint, keyNumber, parseVerifyingKey, verifyingKeyText, type VerifyingKey } from '../package/minisign.ts'
import {
  caseDocument,
  documentNames,
  packageFormat,
  PACKAGE_VERSION,
  transferLine,
  type CaseDocument,
  type TransferLine,
} from './documents.ts'
import { isSplit, joinParts } from './split.ts'
import { upgraded } from './upgrade-document.ts'

/** What opens an encrypted package: identities as `AGE-SECRET-KEY-1…`, or a passphrase. */
export type Secrets = { readonly identities: readonly string[]; readonly passphrase?: string | undefined }
/** A bag with the version that its documents were written in. */
export type PackageBag = Bag & { readonly version: number }
export type OpenedPackage = {
  readonly bag: PackageBag
  readonly document: CaseDocument
  readonly encrypted: boolean
  /** SHA-256 and bytes of the file as it was handed over (of all parts together). */
  readonly sha256: string
  readonly bytes: number
}

/** What a failure of the bag means at the contract. */
export const bagRefusals: Readonly<Record<BagFailure, RefusalCode>> = {
  NOT_A_PACKAGE: 'bad-input',
  REFUSED: 'bad-input',
  DAMAGED: 'damaged',
  TOO_LARGE: 'bad-input',
  UNREADABLE: 'unreadable',
  CANCELLED: 'cancelled',
}

const AGE = 'age-encryption.org/v1\n'

/**
 * Opens a package, in parts or encrypted too, as far as its tag files and `case.json`. Parts are joined and ciphertext is opened inside
 * `staging`, a folder of the caller's, and nowhere else. The caller closes the bag.
 * @throws Refusal `bad-input`, `damaged`, `newer-version`, `not-found`, `unreadable`, `disk-full`, `cancelled`
 */
export async function openPackage(
  path: string,
  secrets: Secrets,
  staging: string,
  signal: AbortSignal,
): Promise<OpenedPackage> {
  try {
    const whole = isSplit(path) ? await joined(path, staging, signal) : path
    const { sha256, bytes, isAge } = await hashed(whole, signal)
    const plain = isAge ? await decrypted(whole, secrets, staging) : whole
    const bag = await openBag(plain)
    if (!bag.ok) throw new Refusal(bagRefusals[bag.code], bag.message)
    try {
      const { document, version } = await readCase(bag.value)
      return { bag: { ...bag.value, version }, document, encrypted: isAge, sha256, bytes }
    } catch (problem) {
      await closeBag(bag.value)
      throw problem
    }
  } catch (problem) {
    throw refusalOf(problem, signal)
  }
}

function refusalOf(problem: unknown, signal: AbortSignal): unknown {
  if (problem instanceof Refusal) return problem
  if (signal.aborted) return new Refusal('cancelled', STOPPED)
  if (diskTrouble(problem)?.code === 'NO_SPACE')
    return new Refusal(
      'disk-full',
      'The disk is full, so the package could not be opened; nothing was kept. Free space, or open it on another disk.',
    )
  const code = errorCode(problem)
  if (code === 'ENOENT')
    return new Refusal('not-found', 'The package cannot be found. Check the path, or connect the medium it lies on.')
  return /^E[A-Z]+$/.test(code)
    ? new Refusal('unreadable', `The package could not be read (${code}). Check the medium and the permissions.`)
    : problem
}

async function joined(path: string, staging: string, signal: AbortSignal): Promise<string> {
  const into = join(staging, 'joined')
  const done = await joinParts(path, into, signal)
  if (!done.ok) throw new Refusal(done.code === 'DAMAGED' ? 'damaged' : 'not-found', done.message)
  return into
}

async function hashed(path: string, signal: AbortSignal): Promise<{ sha256: string; bytes: number; isAge: boolean }> {
  const hash = createHash('sha256')
  let bytes = 0
  let isAge = false
  for await (const chunk of createReadStream(path, { highWaterMark: 1_048_576, signal }) as AsyncIterable<Buffer>) {
    if (bytes === 0) isAge = chunk.toString('latin1', 0, AGE.length) === AGE
    hash.update(chunk)
    bytes += chunk.length
  }
  return { sha256: hash.digest('hex'), bytes, isAge }
}

async function decrypted(path: string, secrets: Secrets, staging: string): Promise<string> {
  const identities = identitiesOf(secrets)
  if (identities.length === 0)
    throw new Refusal(
      'bad-input',
      'This package is encrypted. Give the passphrase, or the age identity it was encrypted to.',
    )
  const into = join(staging, 'opened')
  const file = await openFile(into, 'wx', 0o600)
  try {
    const done = await decryptAge(createReadStream(path) as AsyncIterable<Buffer>, identities, (chunk) =>
      file.writeFile(chunk),
    )
    if (!done.ok)
      throw new Refusal(done.code === 'DAMAGED' || done.code === 'CUT_OFF' ? 'damaged' : 'bad-input', done.message)
    return into
  } finally {
    await file.close()
  }
}

function identitiesOf({ identities, passphrase }: Secrets): AgeIdentity[] {
  const keys = identities.map((text) => {
    const parsed = parseIdentity(text)
    if (!parsed.ok) throw new Refusal('bad-input', parsed.message)
    return parsed.value
  })
  return passphrase === undefined ? keys : [...keys, { kind: 'passphrase', passphrase }]
}

const MOST_CASE = 33_554_432

/** `case.json` in the form of the present version, and the version that it was written in. */
async function readCase(bag: Bag): Promise<{ document: CaseDocument; version: number }> {
  const bytes = await readDocument(bag, documentNames.case, MOST_CASE)
  if (!bytes.ok) throw new Refusal(bagRefusals[bytes.code], bytes.message)
  const value = jsonOf(Buffer.from(bytes.value).toString('utf8'))
  const format = packageFormat.safeParse(value)
  if (!format.success) throw malformed(documentNames.case, 'it does not say that it is one of ours')
  if (format.data.version > PACKAGE_VERSION)
    throw new Refusal(
      'newer-version',
      `This package was made by a newer Trailcase (package format ${format.data.version}; this one reads up to ${PACKAGE_VERSION}). Open it with the newer version.`,
    )
  const { version } = format.data
  const parsed = caseDocument.safeParse(upgraded(documentNames.case, value, version))
  if (!parsed.success) throw malformed(documentNames.case, firstIssue(parsed.error))
  return { document: parsed.data, version }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const firstIssue = (error: z.ZodError): string => {
  const issue = error.issues[0]
  return issue === undefined ? 'it is malformed' : visible(`${issue.path.join('.')}: ${issue.message}`.slice(0, 200))
}

const malformed = (name: string, why: string): Refusal =>
  new Refusal(
    'damaged',
    `The package is refused, nothing was imported: ${name} is not as this program writes it (${why}). Ask the sender how it was made.`,
  )

// ---- documents of lines

/** The lines of a document of the bag; none where there is no such document. @throws Refusal `damaged` for one that is no text or too long. */
export async function* packageLines(bag: Bag, name: string, limit: number): AsyncGenerator<string> {
  const entry = bag.archive.entries.get(name)
  if (entry === undefined) return
  for await (const line of textLines(entryBytes(bag.archive, entry), limit)) {
    if (line.kind === 'unreadable') throw malformed(name, `line ${line.number}: ${line.why}`)
    yield line.text
  }
}

/** The lines of a document as values of a schema, brought to the present version first. @throws Refusal `damaged` at the first that does not fit. */
export async function* packageValues<T extends z.ZodType>(
  bag: PackageBag,
  name: string,
  schema: T,
  limit: number,
): AsyncGenerator<z.output<T>> {
  let number = 0
  for await (const line of packageLines(bag, name, limit)) {
    number++
    const parsed = schema.safeParse(upgraded(name, jsonOf(line), bag.version))
    if (!parsed.success) throw malformed(name, `line ${number}: ${firstIssue(parsed.error)}`)
    yield parsed.data
  }
}

const MOST_TRANSFER = 65_536

/** What the senders wrote down about handing the case over, oldest first. @throws Refusal `damaged` */
export async function readTransfers(bag: PackageBag): Promise<TransferLine[]> {
  const transfers: TransferLine[] = []
  for await (const line of packageValues(bag, documentNames.transfers, transferLine, MOST_TRANSFER))
    transfers.push(line)
  return transfers
}

/** An entry of a custody log names every operation of its act, so its line may be long. */
const MOST_LOG_LINE = 67_108_864

/** What a custody log in a package comes to: how many entries, the hash of the last, and where it does not hang together. */
export async function followLog(
  bag: Bag,
  name: string,
): Promise<{ entries: number; hash: string; problem: string | null }> {
  let previous = '0'.repeat(64)
  let entries = 0
  for await (const line of packageLines(bag, name, MOST_LOG_LINE)) {
    entries++
    const value = jsonOf(line) as { seq?: unknown; previous?: unknown } | null | undefined
    if (value?.seq !== entries || value.previous !== previous)
      return { entries, hash: previous, problem: `Entry ${entries} does not follow the entry before it.` }
    previous = createHash('sha256').update(line, 'utf8').digest('hex')
  }
  return { entries, hash: previous, problem: null }
}

// ---- who signed it

export type Signer =
  /** Signed with a key that the receiver named. */
  | { readonly state: 'known'; readonly fingerprint: string; readonly number: string; readonly comment: string }
  /** Signed, with the key that lies in the package (`fingerprint` to compare by voice) or one that is nowhere. */
  | {
      readonly state: 'unknown'
      readonly fingerprint: string | null
      readonly number: string
      readonly comment: string | null
      /** That key as the text of a `.pub` file. */
      readonly publicKey: string | null
    }
  | { readonly state: 'broken'; readonly why: string }

/** What each signature says. A package without any is unsigned. @throws Refusal `bad-input` for a key that is none. */
export async function signersOf(bag: Bag, keyTexts: readonly string[]): Promise<Signer[]> {
  const known = keyTexts.map((text) => {
    const key = parseVerifyingKey(text)
    if (!key.ok) throw new Refusal('bad-input', key.message)
    return key.value
  })
  const enclosed = await enclosedKey(bag)
  const bare = signatureVerdicts(bag, known)
  const all = signatureVerdicts(bag, enclosed === undefined ? [] : [enclosed])
  return bare.map((verdict, n) => {
    const other = ensure(all[n], 'one verdict for each signature')
    if (verdict.kind === 'broken') return { state: 'broken', why: verdict.why }
    if (verdict.kind === 'good')
      return {
        state: 'known',
        fingerprint: fingerprint(verdict.key),
        number: keyNumber(verdict.key),
        comment: verdict.trustedComment,
      }
    if (other.kind === 'broken') return { state: 'broken', why: other.why }
    if (other.kind === 'unknownKey')
      return { state: 'unknown', fingerprint: null, number: other.keyNumber, comment: null, publicKey: null }
    return {
      state: 'unknown',
      fingerprint: fingerprint(other.key),
      number: keyNumber(other.key),
      comment: other.trustedComment,
      publicKey: verifyingKeyText(other.key),
    }
  })
}

async function enclosedKey(bag: Bag): Promise<VerifyingKey | undefined> {
  if (!bag.archive.entries.has(documentNames.signer)) return undefined
  const text = await readDocument(bag, documentNames.signer, 4096)
  const key = text.ok ? parseVerifyingKey(Buffer.from(text.value).toString('utf8')) : text
  return key.ok ? key.value : undefined
}
