/** One line of a bucket's listing. */
export type ListedObject = {
  readonly key: string
  readonly size: number
  /** Without its quotes; empty when the store gives none. */
  readonly etag: string
  readonly storageClass: string
  /** ISO 8601, or empty. */
  readonly lastModified: string
  /** Where the bucket keeps versions. */
  readonly versionId: string | null
  /** False for a version that was replaced or deleted. */
  readonly isLatest: boolean
  /** A marker that hides older versions: the object was deleted. */
  readonly isDeleteMarker: boolean
}

/** The lists of a bucket, as discovery needs them; each call may be several requests. */
export type BucketLists = {
  /** The next folders below a prefix (with their `/`), and whether objects lie directly in it. */
  folders(prefix: string): Promise<{ readonly folders: readonly string[]; readonly hasObjects: boolean }>
  /** Whether any object has this prefix. */
  hasAny(prefix: string): Promise<boolean>
  /** Objects (and versions, when asked for at the start) in the order of their keys, page by page. */
  pages(prefix: string, startAfter: string | undefined): AsyncIterable<readonly ListedObject[]>
}
