/**
 * Bounds against hostile input (H-07, H-09, H-10). Each one gives a quarantine entry or a flag, none stops an import.
 * The ratio: real log files inflate 6 to 13 times, a gzip of zeros 1,029 times.
 */
export type Limits = {
  /** Inflated bytes per stored byte, once more than `ratioFreeBytes` came out. */
  readonly ratio: number
  readonly ratioFreeBytes: number
  /** Inflated bytes of one file. */
  readonly inflatedBytes: number
  /** Bytes of one record; AWS writes at most 256 kB, CloudTrail Lake 1 MB. */
  readonly recordBytes: number
  /** Levels of nesting inside a record. A deeper one keeps its raw bytes, its documents are not indexed. */
  readonly jsonDepth: number
  /** gzip inside gzip. */
  readonly compressionLayers: number
  /** Archives inside archives. */
  readonly archiveDepth: number
  /** Entries of one source. */
  readonly entries: number
  /** Bytes of one archive member: it is read as a whole. */
  readonly entryBytes: number
}

export const defaultLimits: Limits = {
  ratio: 200,
  ratioFreeBytes: 1_000_000,
  inflatedBytes: 2_000_000_000,
  recordBytes: 16 * 1024 * 1024,
  jsonDepth: 64,
  compressionLayers: 4,
  archiveDepth: 2,
  entries: 1_000_000,
  entryBytes: 256 * 1024 * 1024,
}

/** The most bytes that `storedBytes` may inflate to. */
export const inflateAllowance = (storedBytes: number, limits: Limits): number =>
  Math.min(limits.inflatedBytes, Math.max(limits.ratioFreeBytes, storedBytes * limits.ratio))
