import { mkdtemp, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { Refusal } from '../../refusal.ts'
import { checkPayload, closeBag } from '../package/bag-reader.ts'
import {
  bagRefusals,
  followLog,
  openPackage,
  readTransfers,
  signersOf,
  type Secrets,
  type Signer,
} from './open-package.ts'
import { sweepLeftovers } from './leftovers.ts'
import { documentNames, type CaseDocument, type TransferLine } from './documents.ts'

export type InspectWish = {
  readonly path: string
  readonly secrets: Secrets
  /** Public keys (text of `.pub` files) that the receiver knows. */
  readonly keys: readonly string[]
  /** Where an encrypted or split package is opened for the time of looking. */
  readonly temporaryFolder: string
  readonly now: () => number
}
export type Inspected = {
  readonly name: string
  readonly bytes: number
  readonly sha256: string
  /** Every hash, the custody logs and the signatures agree. */
  readonly whole: boolean
  readonly problems: readonly string[]
  readonly encrypted: boolean
  /** Empty when nobody signed it. */
  readonly signatures: readonly Signer[]
  readonly document: CaseDocument
  readonly transfers: readonly TransferLine[]
}

/** What was opened there is a stranger's or a client's data: a run that was killed leaves it for the next to take away. */
const STAGING = 'trailcase-inspect-'

/**
 * What a package holds, who signed it and whether it is whole, before anything is imported. Reads all of it once.
 * @throws Refusal where it is no package at all, or cannot be opened
 */
export async function inspectPackage(
  wish: InspectWish,
  progress: (p: { done: number; total: number }) => void,
  signal: AbortSignal,
): Promise<Inspected> {
  await sweepLeftovers(wish.temporaryFolder, (name) => name.startsWith(STAGING), wish.now())
  const staging = await mkdtemp(join(wish.temporaryFolder, STAGING))
  try {
    const { bag, document, encrypted, sha256, bytes } = await openPackage(wish.path, wish.secrets, staging, signal)
    try {
      const signatures = await signersOf(bag, wish.keys)
      const problems = signatures.flatMap((s) => (s.state === 'broken' ? [`The signature is broken: ${s.why}.`] : []))
      const payload = await checkPayload(bag, { signal, onProgress: (done) => progress({ done, total: bag.bytes }) })
      if (!payload.ok && (payload.code === 'CANCELLED' || payload.code === 'UNREADABLE'))
        throw new Refusal(bagRefusals[payload.code], payload.message)
      if (!payload.ok) problems.push(payload.message)
      const transfers: TransferLine[] = []
      if (payload.ok) {
        const logs = [{ name: documentNames.audit as string, ...document.custody }, ...document.logs]
        for (const { name, entries, hash } of logs) {
          const log = await followLog(bag, name)
          if (log.problem !== null) problems.push(`${name}: ${log.problem}`)
          else if (log.hash !== hash || log.entries !== entries)
            problems.push(`${name} is not the custody log that case.json names.`)
        }
        transfers.push(...(await readTransfers(bag)))
      }
      return {
        name: basename(wish.path),
        bytes,
        sha256,
        whole: problems.length === 0,
        problems,
        encrypted,
        signatures,
        document,
        transfers,
      }
    } finally {
      await closeBag(bag)
    }
  } finally {
    await rm(staging, { recursive: true, force: true })
  }
}
