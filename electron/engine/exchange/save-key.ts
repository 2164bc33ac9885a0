import { open, rm } from 'node:fs/promises'
import { basename } from 'node:path'
import { failed, ok, type Result } from '#shared/base/result.ts'
import { diskTrouble, errorCode } from './disk-trouble.ts'
import { fingerprint, keyNumber, newSigningKey, signingKeyText, verifyingKeyText } from './package/minisign.ts'

export type SavedKey = {
  readonly name: string
  readonly publicName: string
  /** The text of the public key file. */
  readonly publicKey: string
  /** To compare by voice. */
  readonly fingerprint: string
  readonly number: string
}
export type KeyFileFailure = 'EXISTS' | 'NO_SPACE' | 'NOT_WRITABLE'

/**
 * Makes a signing key: `path` gets the secret key, encrypted with the passphrase and readable by its owner only, `path.pub`
 * the public one, both as the minisign tool reads them. Writes over nothing.
 */
export async function saveNewKey(path: string, passphrase: string): Promise<Result<SavedKey, KeyFileFailure>> {
  const key = newSigningKey()
  const publicKey = verifyingKeyText(key)
  const secret = await writeNew(path, await signingKeyText(key, passphrase), 0o600)
  if (!secret.ok) return secret
  const other = await writeNew(`${path}.pub`, publicKey, 0o644)
  if (!other.ok) {
    await rm(path, { force: true })
    return other
  }
  const names = { name: basename(path), publicName: basename(`${path}.pub`) }
  return ok({ ...names, publicKey, fingerprint: fingerprint(key), number: keyNumber(key) })
}

async function writeNew(path: string, text: string, mode: number): Promise<Result<undefined, KeyFileFailure>> {
  try {
    const file = await open(path, 'wx', mode)
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    return ok(undefined)
  } catch (problem) {
    if (errorCode(problem) === 'EEXIST')
      return failed('EXISTS', `${basename(path)} exists already. Choose another name: a key is never written over.`)
    const trouble = diskTrouble(problem)
    if (trouble === undefined) throw problem
    await rm(path, { force: true })
    return trouble
  }
}
