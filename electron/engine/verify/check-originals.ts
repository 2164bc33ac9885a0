import { visible } from '#shared/base/visible.ts'
import type { Connection } from '../storage/sqlite.ts'
import { rehashOriginals } from './rehash-originals.ts'
import { Findings, type Check } from './findings.ts'

/** Hashes every original again and compares with the hash taken when it was handed over. */
export async function checkOriginals(
  reader: Connection,
  progress: (done: number, total: number) => void,
  signal: AbortSignal,
): Promise<Check> {
  const found = new Findings('originals')
  for await (const original of rehashOriginals(reader, progress, signal)) {
    if (original.kind === 'match') found.passed()
    else {
      const now = original.kind === 'differs' ? original.found : original.problem
      found.failed(`${visible(original.path)}: expected SHA-256 ${original.expected}, found ${now}`)
    }
  }
  return found.result
}
