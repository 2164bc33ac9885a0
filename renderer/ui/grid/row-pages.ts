/** Fetches rows `first` to `first + count - 1`; the last page may be short. `signal` says that nobody waits any more. */
export type GetRows<Row> = (first: number, count: number, signal: AbortSignal) => Promise<readonly Row[]>

export type RowPages<Row> = {
  /**
   * Says which rows are in sight. Pages out of sight that are still on their way are given up, all but the oldest: who scrolls on and on
   * would else never see a row.
   */
  readonly want: (first: number, last: number) => void
  readonly row: (index: number) => Row | undefined
  /** Why the page of this row could not be had, if so. */
  readonly failure: (index: number) => string | undefined
  /** Forgets the failures and asks again for what is in sight. */
  readonly retry: () => void
  /** Whether any page of this result has come. */
  readonly started: () => boolean
  /** Gives up what is on its way; asking for rows again starts it anew. */
  readonly stop: () => void
}

export const PAGE_ROWS = 128
const KEPT_PAGES = 96
const AT_ONCE = 3

/**
 * Rows by page for one result of `count` rows: asks only for what is in sight and one page around it (two the way that is gone), three pages at a time, and keeps the
 * last 96 pages. `changed` is called when a page came or failed.
 */
export function createRowPages<Row>(count: number, getRows: GetRows<Row>, changed: () => void): RowPages<Row> {
  const pages = new Map<number, readonly Row[]>()
  const failures = new Map<number, string>()
  const underway = new Map<number, AbortController>()
  let wanted: readonly number[] = []
  /** The first page in sight before, which tells the way that is gone. */
  let before = 0

  const lastPage = Math.floor(Math.max(0, count - 1) / PAGE_ROWS)

  function pump(): void {
    for (const page of wanted) {
      if ([...underway.keys()].filter((one) => wanted.includes(one)).length >= AT_ONCE) return
      if (!pages.has(page) && !failures.has(page) && !underway.has(page)) void load(page)
    }
  }

  async function load(page: number): Promise<void> {
    const stop = new AbortController()
    underway.set(page, stop)
    try {
      const first = page * PAGE_ROWS
      const rows = await getRows(first, Math.min(PAGE_ROWS, count - first), stop.signal)
      if (stop.signal.aborted) return
      keep(page, rows)
    } catch (cause) {
      if (stop.signal.aborted) return
      failures.set(page, cause instanceof Error ? cause.message : String(cause))
    } finally {
      if (underway.get(page) === stop) underway.delete(page)
    }
    changed()
    pump()
  }

  function keep(page: number, rows: readonly Row[]): void {
    pages.set(page, rows)
    for (const old of pages.keys()) {
      if (pages.size <= KEPT_PAGES) break
      if (!wanted.includes(old)) pages.delete(old)
    }
  }

  return {
    want: (first, last) => {
      if (count === 0) return
      const from = Math.max(0, Math.floor(first / PAGE_ROWS))
      const to = Math.min(lastPage, Math.floor(last / PAGE_ROWS))
      const seen = Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => from + i)
      const ahead = from < before ? [from - 1, to + 1, from - 2] : [to + 1, from - 1, to + 2]
      before = from
      wanted = [...seen, ...ahead.filter((page) => page >= 0 && page <= lastPage)]
      const passed = [...underway].filter(([page]) => !wanted.includes(page))
      for (const [page, stop] of passed.slice(1)) {
        stop.abort()
        underway.delete(page)
      }
      pump()
    },
    row: (index) => pages.get(Math.floor(index / PAGE_ROWS))?.[index % PAGE_ROWS],
    failure: (index) => failures.get(Math.floor(index / PAGE_ROWS)),
    retry: () => {
      failures.clear()
      pump()
      changed()
    },
    started: () => pages.size > 0 || failures.size > 0,
    stop: () => {
      for (const stop of underway.values()) stop.abort()
      underway.clear()
    },
  }
}
