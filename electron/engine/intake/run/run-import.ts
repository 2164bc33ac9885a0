import { stat } from 'node:fs/promises'
import { formatUtc, utcMs } from '#shared/base/time.ts'
import type { ImportProgress, ImportResult } from '#shared/contract/sources.ts'
import { parseDigestKey, parseLogKey } from '../../integrity/key-path.ts'
import { judgeAfterImport } from '../../integrity/case-integrity.ts'
import { HeldDigests } from '../../integrity/held-digests.ts'
import type { OpenCase } from '../../open-case.ts'
import { Refusal } from '../../refusal.ts'
import { storeTimeOrder } from '../../vectors/event-index.ts'
import { defaultLimits } from '../limits.ts'
import { importSources } from './import-run.ts'

export type ImportWish = {
  readonly paths: readonly string[]
  readonly mode: 'copy' | 'reference'
  /** A reason to leave an entry out by its path, or nothing. */
  readonly leaveOut?: (path: string) => string | undefined
}

/**
 * The whole of an import: reads and stores the sources, sorts all events by time, judges the digests. Also when it is
 * stopped or the disk is full, what was stored before is sorted and can be searched.
 * @throws Refusal `no-examiner`, `not-found`, `cancelled`, `disk-full`.
 */
export async function runImport(
  open: OpenCase,
  wish: ImportWish,
  progress: (p: ImportProgress) => void,
  signal: AbortSignal,
): Promise<ImportResult> {
  const examiner = open.actor
  if (open.importing)
    throw new Refusal('locked', 'An import is running in this case already. Wait for it, or cancel it.')
  for (const path of wish.paths)
    if (!(await stat(path).catch(() => undefined)))
      throw new Refusal('not-found', `${path} cannot be found. Check the path, or connect the medium it lies on.`)
  open.importing = true
  const { now, workerPath, workers } = open.setting
  const started = now()
  let last: ImportProgress = { phase: 'reading', files: 0, events: 0, bytes: 0, elapsedMs: 0 }
  const tell = ({ filesTotal, ...p }: Parameters<Parameters<typeof importSources>[2]>[0]) => {
    last = filesTotal === undefined ? p : { ...p, filesTotal }
    progress(last)
  }
  try {
    const held = new HeldDigests()
    const totals = await importSources(
      open.file,
      {
        paths: wish.paths,
        mode: wish.mode,
        examiner,
        limits: defaultLimits,
        workerPath,
        ...(workers === undefined ? {} : { workers }),
        leaveOut: wish.leaveOut ?? (() => undefined),
        now,
        held,
      },
      tell,
      signal,
    )
    progress({ ...last, phase: 'finishing', elapsedMs: now() - started })
    // Sorting waits for SQLite most of the time and judging for the processor, so they share it.
    const sorted = storeTimeOrder(open.file)
    sorted.catch(() => undefined)
    const integrity = await judgeAfterImport(open, signal, sorted, held)
    await open.file.checkpoint()
    return { case: open.file.path, ...totals, seconds: (now() - started) / 1000, integrity }
  } finally {
    open.importing = false
  }
}

/** Hours by which a log file may be delivered after its last event: AWS delivers within minutes, but redelivers for up to a day in practice. */
const DELIVERY_MARGIN_MS = 24 * 3_600_000

/**
 * A rule that leaves out files of other accounts, regions or days by their object key, before they are read. A file's name
 * tells when it was delivered, not when its events happened, so the range is widened by a day at its end; files whose
 * path says nothing are always read.
 */
export function selection(wish: {
  accounts: readonly string[]
  regions: readonly string[]
  from?: number | undefined
  to?: number | undefined
}): (path: string) => string | undefined {
  return (path) => {
    const log = parseLogKey(path)
    const digest = log ? undefined : parseDigestKey(path)
    const key = log ?? digest
    if (!key) return undefined
    if (wish.accounts.length > 0 && !wish.accounts.includes(key.account))
      return `outside the selection: account ${key.account}`
    if (wish.regions.length > 0 && !wish.regions.includes(key.region))
      return `outside the selection: region ${key.region}`
    const delivered = log ? log.delivered : digest?.end
    if (delivered === undefined) return undefined
    const outside =
      (wish.from !== undefined && delivered < wish.from) ||
      (wish.to !== undefined && delivered > wish.to + DELIVERY_MARGIN_MS)
    return outside ? `outside the selection: delivered ${formatUtc(utcMs(delivered))}` : undefined
  }
}
