import { createHash } from 'node:crypto'
import { visible } from '#shared/base/visible.ts'
import { readOriginal } from '../queries/read-original.ts'
import { Refusal, stopIfCancelled } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { Findings, type Check } from './verify-case.ts'

/** Hashes every original again and compares with the hash taken when it was handed over. */
export async function checkOriginals(
  reader: Connection,
  progress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Check> {
  const found = new Findings('originals')
  const originals = await reader.all<{ id: number; sha: string; path: string | null }>(
    'select o.id, lower(hex(o.sha256)) as sha, (select path from entry where original = o.id limit 1) as path from original o order by o.id',
  )
  for (const [n, original] of originals.entries()) {
    stopIfCancelled(signal)
    if (n % 200 === 0) progress(n, originals.length)
    const sha = await readOriginal(reader, original.id).then(
      (bytes) => createHash('sha256').update(bytes).digest('hex'),
      (error: unknown) => (error instanceof Refusal ? error.message : Promise.reject(error as Error)),
    )
    if (sha === original.sha) found.passed()
    else
      found.failed(
        `${visible(original.path ?? `original ${original.id}`)}: expected SHA-256 ${original.sha}, found ${sha}`,
      )
  }
  return found.result
}
