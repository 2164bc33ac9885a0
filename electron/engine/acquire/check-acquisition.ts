import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isAbsolute, join, normalize, sep } from 'node:path'
import type { AcquisitionRecord } from '#shared/contract/acquire.ts'
import { Refusal, stopIfCancelled } from '../refusal.ts'
import {
  fetchedLine,
  hashFile,
  MANIFEST,
  OBJECTS,
  readJsonLines,
  readManifest,
  RECORDS,
  type Manifest,
} from './acquisition-folder.ts'

export type CheckedAcquisition = {
  readonly manifest: Manifest
  readonly record: AcquisitionRecord
  /** SHA-256 of every object, as it was fetched. */
  readonly sha256: readonly string[]
}

/**
 * Reads what an acquisition says of itself, and compares its lists and objects with the hashes that were written then.
 * @throws Refusal `bad-input` when the folder is none, `cancelled`
 */
export async function checkAcquisition(folder: string, signal: AbortSignal): Promise<CheckedAcquisition> {
  const manifest = await readManifest(folder).catch(() => {
    throw new Refusal(
      'bad-input',
      `${folder} is no acquisition: ${RECORDS}/${MANIFEST} is missing or cannot be read. Import it as ordinary evidence instead.`,
    )
  })
  const changed: string[] = []
  for (const list of manifest.lists)
    if ((await hashFile(join(folder, RECORDS, list.file))) !== list.sha256) changed.push(`${RECORDS}/${list.file}`)
  const sha256: string[] = []
  for await (const value of readJsonLines(join(folder, RECORDS, OBJECTS))) {
    stopIfCancelled(signal)
    const line = fetchedLine.safeParse(value)
    if (!line.success) continue
    const { File, SHA256 } = line.data
    sha256.push(SHA256)
    if (!isInside(File) || (await hashFile(join(folder, File))) !== SHA256) changed.push(File)
  }
  const text = await readFile(join(folder, RECORDS, MANIFEST))
  const record: AcquisitionRecord = {
    bucket: manifest.source.bucket,
    prefix: manifest.source.prefix,
    endpoint: manifest.source.endpoint,
    examiner: manifest.examiner,
    startedAt: manifest.startedAt,
    finishedAt: manifest.finishedAt,
    ending: manifest.ending,
    tool: `${manifest.tool.name} ${manifest.tool.version} (${manifest.tool.commit})`,
    objects: manifest.objects,
    bytes: manifest.bytes,
    notFetched: manifest.notFetched,
    manifestSha256: createHash('sha256').update(text).digest('hex'),
    changed,
  }
  return { manifest, record, sha256 }
}

/** The manifest came with the folder: a path in it may not lead out. */
function isInside(file: string): boolean {
  const path = normalize(file)
  return !isAbsolute(path) && path !== '..' && !path.startsWith(`..${sep}`)
}

/** The records of the acquisition itself are no evidence; its signatures are. */
export const leaveOutRecords = (path: string): string | undefined =>
  /(^|\/)acquisition\/(manifest\.json|(objects|not-fetched|versions)\.jsonl)$/.test(path.replaceAll('\\', '/'))
    ? 'A record of the acquisition, not evidence; its hash stands in the custody log.'
    : undefined
