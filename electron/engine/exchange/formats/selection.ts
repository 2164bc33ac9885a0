import { formatUtc, type UtcMs } from '#shared/base/time.ts'
import { selectionLines, type ConfirmedIndicator, type SelectionStatement } from '#shared/domain/export.ts'

/** The statement as a JSON value: times as ISO 8601, and the lines that a person reads. */
export const selectionDocument = (statement: SelectionStatement): Readonly<Record<string, unknown>> => ({
  shown: statement.shown,
  total: statement.total,
  query: statement.queryText,
  understoodAs: statement.echo,
  from: isoOrNull(statement.from),
  to: isoOrNull(statement.to),
  sort: statement.sort,
  zone: statement.zone,
  case: statement.case,
  tlp: statement.tlp ?? null,
  tool: statement.toolVersion,
  madeAt: formatUtc(statement.madeAt),
  examiner: statement.examiner,
  text: selectionLines(statement).map(([label, value]) => `${label}: ${value}`),
})

const isoOrNull = (time: UtcMs | undefined): string | null => (time === undefined ? null : formatUtc(time))

/** One file of an export, as it was written. */
export type WrittenFile = { readonly name: string; readonly bytes: number; readonly sha256: string }

/** The text of `NAME.selection.json`, which lies beside every export: the selection, the format's limits, the files, the indicators. */
export const selectionSidecar = (
  statement: SelectionStatement,
  format: { readonly name: string; readonly limits: readonly string[] },
  rows: number,
  files: readonly WrittenFile[],
  indicators: readonly ConfirmedIndicator[] = [],
): string => {
  const made = { format: format.name, limits: format.limits, rowsWritten: rows, files }
  const named = indicators.length === 0 ? {} : { indicators: indicators.map(indicatorDocument) }
  return `${JSON.stringify({ ...selectionDocument(statement), ...made, ...named }, null, 2)}\n`
}

const indicatorDocument = ({
  kind,
  value,
  events,
  exhibits,
  firstSeen,
  lastSeen,
  confirmedBy,
}: ConfirmedIndicator) => ({
  kind,
  value,
  events,
  firstSeen: formatUtc(firstSeen),
  lastSeen: formatUtc(lastSeen),
  exhibits,
  confirmedBy,
})
