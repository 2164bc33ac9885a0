import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { Refusal } from '../refusal.ts'

/**
 * What an acquisition writes beside the objects:
 *
 *     DIR/BUCKET/AWSLogs/…                        the objects, byte for byte
 *     DIR/acquisition/manifest.json               who, when, with what, of what; hashes of the lists below
 *     DIR/acquisition/objects.jsonl               a line per object: metadata, file, SHA-256
 *     DIR/acquisition/digest-head-object.jsonl    the signatures of digests, in the form of `aws s3api head-object`
 *     DIR/acquisition/not-fetched.jsonl           objects that were seen and not fetched, and why
 *     DIR/acquisition/versions.jsonl              versions that were replaced or deleted, and delete markers
 */
export const RECORDS = 'acquisition'
export const MANIFEST = 'manifest.json'
export const OBJECTS = 'objects.jsonl'
export const HEADS = 'digest-head-object.jsonl'
export const NOT_FETCHED = 'not-fetched.jsonl'
export const VERSIONS = 'versions.jsonl'

/** An object that was fetched: what S3 said of it, and what was written. Names as in `head-object`. */
export const fetchedLine = z.object({
  Key: z.string(),
  VersionId: z.string().nullable(),
  /** Whether it is what the bucket shows, not a version that was replaced or deleted. */
  IsLatest: z.boolean(),
  /** Below the folder of the acquisition, with `/`. */
  File: z.string(),
  SHA256: z.string().regex(/^[0-9a-f]{64}$/),
  ContentLength: z.int().min(0),
  ETag: z.string(),
  LastModified: z.string(),
  StorageClass: z.string(),
  /** How the bytes were checked besides their length: `md5` against the ETag, a checksum that S3 keeps, or nothing there to check. */
  Checked: z.array(z.string()),
  FetchedAt: z.string(),
  /** Everything else that S3 said: content type, encryption, object lock, checksums. */
  Headers: z.record(z.string(), z.string()),
  UserMetadata: z.record(z.string(), z.string()),
})
export type FetchedLine = z.output<typeof fetchedLine>

export const manifest = z.object({
  format: z.literal('trailcase-acquisition'),
  version: z.literal(1),
  tool: z.object({ name: z.string(), version: z.string(), commit: z.string() }),
  examiner: z.string().nullable(),
  /** Account of the operating system and name of the machine. */
  operator: z.object({ user: z.string(), host: z.string() }),
  source: z.object({
    bucket: z.string(),
    prefix: z.string(),
    endpoint: z.string().nullable(),
    bucketRegion: z.string(),
    accessKeyId: z.string(),
    profile: z.string().nullable(),
  }),
  selection: z.object({
    accounts: z.array(z.string()),
    regions: z.array(z.string()),
    kinds: z.array(z.string()),
    from: z.string().nullable(),
    to: z.string().nullable(),
    olderVersions: z.boolean(),
  }),
  startedAt: z.string(),
  finishedAt: z.string(),
  /** `running` while it runs, and for ever when it was killed. */
  ending: z.enum(['running', 'complete', 'stopped', 'failed']),
  /** Runs before this one into the same folder, oldest first. */
  earlierRuns: z.array(
    z.object({ startedAt: z.string(), finishedAt: z.string(), examiner: z.string().nullable(), ending: z.string() }),
  ),
  objects: z.int(),
  bytes: z.number(),
  notFetched: z.int(),
  versioning: z.string(),
  olderVersions: z.int(),
  deleteMarkers: z.int(),
  lists: z.array(z.object({ file: z.string(), lines: z.int(), sha256: z.string() })),
})
export type Manifest = z.output<typeof manifest>
export type ListFacts = Manifest['lists'][number]

/** The folder of an acquisition that is new or was begun before. */
export class AcquisitionFolder {
  readonly path: string
  /** The manifest of the run before, if there was one. */
  readonly before: Manifest | undefined
  #journal: FileHandle | undefined
  #written: Promise<unknown> = Promise.resolve()

  private constructor(path: string, before: Manifest | undefined) {
    this.path = path
    this.before = before
  }

  /** @throws Refusal `already-exists` when something else lies there, or the acquisition of another bucket. */
  static async open(path: string, bucket: string): Promise<AcquisitionFolder> {
    await mkdir(join(path, RECORDS), { recursive: true })
    const before = await readManifest(path).catch(() => undefined)
    const others = (await readdir(path)).filter((name) => name !== RECORDS)
    if (before ? before.source.bucket !== bucket : others.length > 0)
      throw new Refusal(
        'already-exists',
        before
          ? `${path} holds an acquisition of the bucket ${before.source.bucket}. Choose another folder for this one.`
          : `${path} is not empty and holds no acquisition that could be continued. Choose a new or empty folder.`,
      )
    return new AcquisitionFolder(path, before)
  }

  record(name: string): string {
    return join(this.path, RECORDS, name)
  }

  /** What runs before have fetched, by key and version; a line that a crash cut off is not there. */
  async fetched(): Promise<Map<string, FetchedLine>> {
    const lines = new Map<string, FetchedLine>()
    for await (const value of readJsonLines(this.record(OBJECTS))) {
      const line = fetchedLine.safeParse(value)
      if (line.success) lines.set(objectId(line.data.Key, line.data.IsLatest ? null : line.data.VersionId), line.data)
    }
    return lines
  }

  /** Notes an object as soon as it lies under its name, so that a run that is killed goes on from there. */
  async note(line: FetchedLine): Promise<void> {
    // One after the other; a blank line first: whatever was cut off before ends there.
    this.#written = this.#written.then(async () => {
      this.#journal ??= await open(this.record(OBJECTS), 'a')
      await this.#journal.appendFile(`\n${JSON.stringify(line)}\n`)
    })
    await this.#written
  }

  async writeList(name: string, values: Iterable<unknown>): Promise<ListFacts> {
    if (name === OBJECTS) await this.close()
    const hash = createHash('sha256')
    let [lines, piece] = [0, '']
    const partial = `${this.record(name)}.partial`
    const file = await open(partial, 'w')
    const flush = async (): Promise<void> => {
      hash.update(piece)
      await file.appendFile(piece)
      piece = ''
    }
    try {
      for (const value of values) {
        piece += `${JSON.stringify(value)}\n`
        lines++
        if (piece.length > 1_000_000) await flush()
      }
      await flush()
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(partial, this.record(name))
    return { file: name, lines, sha256: hash.digest('hex') }
  }

  /** Writes the manifest and gives its SHA-256. */
  async writeManifest(value: Manifest): Promise<string> {
    const text = `${JSON.stringify(value, null, 2)}\n`
    const partial = `${this.record(MANIFEST)}.partial`
    const file = await open(partial, 'w')
    try {
      await file.writeFile(text)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(partial, this.record(MANIFEST))
    return createHash('sha256').update(text).digest('hex')
  }

  async close(): Promise<void> {
    await this.#written.catch(() => undefined)
    await this.#journal?.close()
    this.#journal = undefined
  }
}

/** Names an object among those of a bucket; `versionId` is null for what the bucket shows now. */
export const objectId = (key: string, versionId: string | null): string => `${versionId ?? ''}/${key}`

export async function readManifest(folder: string): Promise<Manifest> {
  return manifest.parse(JSON.parse(await readFile(join(folder, RECORDS, MANIFEST), 'utf8')))
}

/** The values of a file of JSON lines; lines that are no JSON are left out, and so is a file that is not there. */
export async function* readJsonLines(path: string): AsyncGenerator {
  const input = createReadStream(path)
  const failure = new Promise<undefined>((resolve) => input.once('error', () => resolve(undefined)))
  const opened = new Promise<true>((resolve) => input.once('open', () => resolve(true)))
  if ((await Promise.race([opened, failure])) === undefined) return
  for await (const line of createInterface({ input, crlfDelay: Infinity })) {
    const value = parsed(line)
    if (value !== undefined) yield value
  }
}

function parsed(line: string): unknown {
  if (line === '') return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** SHA-256 of a file, or `undefined` when it cannot be read. */
export async function hashFile(path: string): Promise<string | undefined> {
  const hash = createHash('sha256')
  try {
    for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer)
  } catch {
    return undefined
  }
  return hash.digest('hex')
}
