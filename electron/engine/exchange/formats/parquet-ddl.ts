import { assertNever } from '#shared/base/assert.ts'
import { parquetColumns, partitionColumns, type ParquetType } from './parquet-columns.ts'

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`

/** SQL type names of Athena and Trino for the same three types. */
function sqlType(type: ParquetType, engine: 'athena' | 'trino'): string {
  switch (type) {
    case 'STRING':
      return engine === 'athena' ? 'string' : 'varchar'
    case 'TIMESTAMP':
      return engine === 'athena' ? 'timestamp' : 'timestamp(3)'
    case 'INT64':
      return 'bigint'
    default:
      return assertNever(type)
  }
}

/** The DDL for Athena: a table over the uploaded directory, then its partitions. `location`: `s3://bucket/prefix/`. */
export const athenaDdl = (
  location: string,
  table = 'trailcase_events',
): string => `CREATE EXTERNAL TABLE IF NOT EXISTS ${table} (
${parquetColumns.map((column) => `  \`${column.name}\` ${sqlType(column.type, 'athena')}`).join(',\n')}
)
PARTITIONED BY (${partitionColumns.map((name) => `\`${name}\` string`).join(', ')})
STORED AS PARQUET
LOCATION ${quoted(location)};

MSCK REPAIR TABLE ${table};
`

/** The DDL for Trino's Hive connector, catalog `hive`, schema `default`. `location`: `s3://bucket/prefix/`. */
export const trinoDdl = (
  location: string,
  table = 'trailcase_events',
): string => `CREATE TABLE IF NOT EXISTS hive.default.${table} (
${[
  ...parquetColumns.map((column) => `  "${column.name}" ${sqlType(column.type, 'trino')}`),
  ...partitionColumns.map((name) => `  "${name}" varchar`),
].join(',\n')}
)
WITH (
  format = 'PARQUET',
  external_location = ${quoted(location)},
  partitioned_by = ARRAY[${partitionColumns.map(quoted).join(', ')}]
);

CALL hive.system.sync_partition_metadata('default', ${quoted(table)}, 'ADD');
`

/** The view for DuckDB over the directory where the files lie. */
export const duckdbView = (directory: string, view = 'trailcase_events'): string => `CREATE OR REPLACE VIEW ${view} AS
SELECT * FROM read_parquet(${quoted(`${directory}/**/*.parquet`)}, hive_partitioning = true,
  hive_types = {${partitionColumns.map((name) => `'${name}': VARCHAR`).join(', ')}});
`
