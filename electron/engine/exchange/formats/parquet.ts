import { ByteWriter, ParquetWriter, schemaFromColumnData, type ColumnSource } from 'hyparquet-writer'
import { ensure } from '#shared/base/assert.ts'
import type { ExportEvent, SelectionStatement } from '#shared/domain/export.ts'
import { parquetColumns, partitionPath } from './parquet-columns.ts'
import { selectionDocument } from './selection.ts'

export type ParquetFile = {
  /** `account=…/region=…/day=…/part-00001.parquet`, under the directory of the export. */
  readonly path: string
  readonly bytes: Uint8Array
  readonly rows: number
}

export type ParquetOptions = {
  /** How much text is held before the largest partition is written, in UTF-16 units. Default 64 million. */
  readonly buffered?: number
}

/**
 * The events as Parquet files (Snappy), in directories by account, region and day as Hive, Athena, Trino, Spark and
 * DuckDB expect them. Memory is bounded by `buffered`: when it is reached, the fullest partition becomes a file, so that a
 * busy partition has several. The statement of selection is in each file's metadata under `trailcase.selection`.
 */
export async function* writeParquet(
  events: AsyncIterable<ExportEvent>,
  statement: SelectionStatement,
  options: ParquetOptions = {},
): AsyncGenerator<ParquetFile> {
  const limit = options.buffered ?? 64_000_000
  const open = new Map<string, Partition>()
  const written = new Map<string, number>()
  let buffered = 0
  const toFile = (path: string, partition: Partition): ParquetFile => {
    open.delete(path)
    buffered -= partition.size
    const part = (written.get(path) ?? 0) + 1
    written.set(path, part)
    const name = `part-${String(part).padStart(5, '0')}.parquet`
    return { path: `${path}/${name}`, bytes: encode(partition.rows, statement), rows: partition.rows.length }
  }
  for await (const event of events) {
    const path = partitionPath(event)
    const partition = open.get(path) ?? { rows: [], size: 0 }
    open.set(path, partition)
    const size = sizeOf(event)
    partition.rows.push(event)
    partition.size += size
    buffered += size
    while (buffered > limit) yield toFile(...fullest(open))
  }
  for (const [path, partition] of open) yield toFile(path, partition)
}

type Partition = { readonly rows: ExportEvent[]; size: number }

/** The record's length stands for the row: its columns are parts of it. 1,000 for what surrounds it. */
const sizeOf = (event: ExportEvent): number => event.rawRecord.length * 2 + 1000

function fullest(open: ReadonlyMap<string, Partition>): [string, Partition] {
  let found: [string, Partition] | undefined
  for (const entry of open) if (found === undefined || entry[1].size > found[1].size) found = entry
  return ensure(found, 'text is buffered, so a partition is open')
}

function encode(rows: readonly ExportEvent[], statement: SelectionStatement): Uint8Array {
  const columnData: ColumnSource[] = parquetColumns.map((column) => ({
    name: column.name,
    type: column.type,
    data: rows.map((event) => column.value(event)),
  }))
  const target = new ByteWriter()
  const writer = new ParquetWriter({
    writer: target,
    schema: schemaFromColumnData({ columnData }),
    kvMetadata: [{ key: 'trailcase.selection', value: JSON.stringify(selectionDocument(statement)) }],
    createdBy: statement.toolVersion,
  })
  // Rows per group: small enough that a reader need not hold much, large enough for its statistics to be worth it.
  void writer.write({ columnData, rowGroupSize: 50_000 })
  void writer.finish()
  return target.getBytes()
}
