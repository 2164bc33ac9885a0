import { createHash } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { GetObjectCommandOutput } from '@aws-sdk/client-s3'
import type { FetchedLine } from '#engine/acquire/acquisition-folder.ts'
import type { WantedObject } from '#engine/acquire/list-objects.ts'
import { bare, type S3Store } from './s3-store.ts'
import { DamagedTransfer } from './s3-trouble.ts'

/**
 * Fetches one object into `folder/file`: exact bytes, written beside and renamed when length, MD5 and checksum fit.
 * @throws GaveUp; AcquireFailure `cancelled`; errors of the file system
 */
export async function fetchObject(
  store: S3Store,
  object: WantedObject,
  folder: string,
  file: string,
  now: () => number,
  received: (bytes: number) => void,
): Promise<FetchedLine> {
  const path = join(folder, file)
  const partial = `${path}.partial`
  await mkdir(dirname(path), { recursive: true })
  try {
    const { answer, sha256, checked } = await store.attempt(async () => {
      let came = 0
      const count = (n: number): void => {
        came += n
        received(n)
      }
      try {
        const answer = await store.get(object.key, object.isLatest ? null : object.versionId)
        return { answer, ...(await writeBody(answer, partial, count)) }
      } catch (error) {
        received(-came)
        throw error
      }
    })
    await rename(partial, path)
    return toLine(object, answer, { file, sha256, checked, now: now() })
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

/** Streams the body to disk and compares it with everything that S3 says about it. @throws DamagedTransfer */
async function writeBody(
  answer: GetObjectCommandOutput,
  partial: string,
  received: (bytes: number) => void,
): Promise<{ sha256: string; checked: string[] }> {
  const [sha256, md5] = [createHash('sha256'), createHash('md5')]
  let length = 0
  const file = await open(partial, 'w')
  try {
    for await (const chunk of (answer.Body ?? []) as AsyncIterable<Uint8Array>) {
      sha256.update(chunk)
      md5.update(chunk)
      length += chunk.length
      await file.writeFile(chunk)
      received(chunk.length)
    }
  } finally {
    await file.close()
  }
  if (answer.ContentLength !== undefined && length !== answer.ContentLength)
    throw new DamagedTransfer(`${length} of ${answer.ContentLength} bytes came.`)
  const checked = checksumsOf(answer).map(([name]) => name)
  const etag = bare(answer.ETag)
  if (isMd5(answer, etag)) {
    const found = md5.digest('hex')
    if (found !== etag) throw new DamagedTransfer(`The MD5 of what came is ${found}, S3 says ${etag}.`)
    checked.push('md5')
  }
  return { sha256: sha256.digest('hex'), checked }
}

/** An ETag is the MD5 of the bytes when the object was put in one part and is not encrypted with a key of KMS or of the customer (API reference, "Object"). */
const isMd5 = (answer: GetObjectCommandOutput, etag: string): boolean =>
  /^[0-9a-f]{32}$/.test(etag) &&
  answer.SSECustomerAlgorithm === undefined &&
  (answer.ServerSideEncryption === undefined || answer.ServerSideEncryption === 'AES256')

/** Checksums of the whole object, which the SDK compares while the body is read; one of parts has `-N` behind. */
const checksumsOf = (answer: GetObjectCommandOutput): (readonly [string, string])[] =>
  (
    [
      ['sha256', answer.ChecksumSHA256],
      ['sha1', answer.ChecksumSHA1],
      ['crc64nvme', answer.ChecksumCRC64NVME],
      ['crc32c', answer.ChecksumCRC32C],
      ['crc32', answer.ChecksumCRC32],
    ] as const
  ).flatMap(([name, value]) => (value === undefined || value.includes('-') ? [] : [[name, value] as const]))

function toLine(
  object: WantedObject,
  answer: GetObjectCommandOutput,
  made: { readonly file: string; readonly sha256: string; readonly checked: readonly string[]; readonly now: number },
): FetchedLine {
  return {
    Key: object.key,
    VersionId: answer.VersionId ?? object.versionId,
    IsLatest: object.isLatest,
    File: made.file,
    SHA256: made.sha256,
    ContentLength: answer.ContentLength ?? object.size,
    ETag: bare(answer.ETag),
    LastModified: answer.LastModified?.toISOString() ?? object.lastModified,
    StorageClass: answer.StorageClass ?? object.storageClass,
    Checked: [...made.checked],
    FetchedAt: new Date(made.now).toISOString(),
    Headers: Object.fromEntries(
      Object.entries({
        ContentType: answer.ContentType,
        ContentEncoding: answer.ContentEncoding,
        ServerSideEncryption: answer.ServerSideEncryption,
        SSEKMSKeyId: answer.SSEKMSKeyId,
        ObjectLockMode: answer.ObjectLockMode,
        ObjectLockRetainUntilDate: answer.ObjectLockRetainUntilDate?.toISOString(),
        ObjectLockLegalHoldStatus: answer.ObjectLockLegalHoldStatus,
        ReplicationStatus: answer.ReplicationStatus,
        Restore: answer.Restore,
        ...Object.fromEntries(checksumsOf(answer)),
      }).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
    ),
    UserMetadata: { ...answer.Metadata },
  }
}
