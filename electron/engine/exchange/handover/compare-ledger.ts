import type { Connection } from '../../storage/sqlite.ts'
import type { IndexLine } from './documents.ts'

/** Entries that were read otherwise here than where the package was made: how many, and the first of them by name. */
export type LedgerDifferences = {
  readonly differences: readonly { readonly path: string; readonly what: string }[]
  readonly differing: number
}

/** Differences that are named; the others are counted. */
const MOST_NAMED = 100
const PAGE = 1000

type Row = { path: string; outcome: string; kind: string; read: number; rejected: number; inflated: string }

/**
 * Lines of the ledger against those of the index of the package that they were made from.
 * @param lines in the order in which they were stored
 * @param after number of the last entry before them
 */
export async function compareLedger(
  reader: Pick<Connection, 'all'>,
  lines: readonly IndexLine[],
  after: number,
): Promise<LedgerDifferences> {
  const differences: { path: string; what: string }[] = []
  let differing = 0
  for (let first = 0; first < lines.length; first += PAGE) {
    const rows = await reader.all<Row>(
      `select path, outcome, kind, records_read as read, records_rejected as rejected, lower(hex(inflated_sha256)) as inflated from entry
       where id > ? order by id limit ? offset ?`,
      [after, PAGE, first],
    )
    for (const [n, row] of rows.entries()) {
      const line = lines[first + n]
      const what = line && difference(row, line)
      if (what === undefined) continue
      differing++
      if (differences.length < MOST_NAMED) differences.push({ path: row.path, what })
    }
  }
  return { differences, differing }
}

function difference(row: Row, line: IndexLine): string | undefined {
  if (!line.packed) return undefined
  if (row.outcome !== line.outcome) return `${line.outcome} there, ${row.outcome} here`
  // A duplicate was not read at all: what there is to say stands with the first of these bytes.
  if (row.outcome === 'duplicate') return undefined
  if (row.kind !== line.kind) return `${line.kind} there, ${row.kind} here`
  if (row.read !== line.records.read) return `${line.records.read} records there, ${row.read} here`
  if (row.rejected !== line.records.rejected)
    return `${line.records.rejected} records rejected there, ${row.rejected} here`
  return line.inflatedSha256 !== null && row.inflated !== '' && row.inflated !== line.inflatedSha256
    ? 'inflates to other bytes here'
    : undefined
}
