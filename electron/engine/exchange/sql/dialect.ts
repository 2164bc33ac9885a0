import { ipv4NetworkRegex } from './network-regex.ts'
import { sqlLiteral } from './sql-literal.ts'
import { Untranslatable } from './untranslatable.ts'

/** Gives the condition on one text, named by an SQL expression. */
export type TextCondition = (text: string) => string

/** All that differs between the engines; everything else is written once in SQL that they share. */
export type Dialect = {
  readonly name: 'athena' | 'trino' | 'duckdb'
  readonly table: string
  /** Whether a regular expression, given as an SQL expression, is found in the text. */
  readonly finds: (text: string, regex: string) => string
  /** Whether the condition holds for an element of an array; unknown or false when it does for none. */
  readonly anyOf: (array: string, condition: TextCondition) => string
  /** The JSON text of a list of texts, or of a list of lists of texts, as an array. */
  readonly texts: (column: string) => string
  readonly pairs: (column: string) => string
  /** Whether a text is an address in the network or the network itself; `network` is canonical CIDR. @throws Untranslatable */
  readonly inNetwork: (text: string, network: string) => string
}

/** Trino, and Athena engine version 3, which is Trino. */
const trino: Dialect = {
  name: 'trino',
  table: 'hive.default.trailcase_events',
  finds: (text, regex) => `regexp_like(${text}, ${regex})`,
  anyOf: (array, condition) => `any_match(${array}, e -> ${condition('e')})`,
  texts: (column) => `CAST(json_parse(${column}) AS ARRAY(VARCHAR))`,
  pairs: (column) => `CAST(json_parse(${column}) AS ARRAY(ARRAY(VARCHAR)))`,
  inNetwork: trinoNetwork,
}

const duckdb: Dialect = {
  name: 'duckdb',
  table: 'trailcase_events',
  finds: (text, regex) => `regexp_matches(${text}, ${regex})`,
  anyOf: (array, condition) => `list_bool_or(list_transform(${array}, lambda e: ${condition('e')}))`,
  texts: (column) => `CAST(CAST(${column} AS JSON) AS VARCHAR[])`,
  pairs: (column) => `CAST(CAST(${column} AS JSON) AS VARCHAR[][])`,
  inNetwork: duckdbNetwork,
}

export const dialects: readonly Dialect[] = [{ ...trino, name: 'athena', table: 'trailcase_events' }, trino, duckdb]

const isIPv6 = (network: string): boolean => network.includes(':')

/**
 * Trino's `contains(network, address)`; an address that is written as IPv6 but is IPv4 (RFC 4291, 2.5.5.2) is in an IPv4 network there as
 * here. Which texts are addresses is said by the expression in front, since engines differ on zones and leading zeros.
 */
function trinoNetwork(text: string, network: string): string {
  if (isIPv6(network) && network.startsWith('::'))
    throw new Untranslatable('engines differ on networks around the IPv4 addresses that are written as IPv6')
  const bits = network.slice(network.indexOf('/'))
  const own = isIPv6(network) ? '([0-9a-fA-F]*:[0-9a-fA-F:.]*)' : '([0-9.]+)'
  return (
    `(regexp_like(${text}, '\\A[0-9a-fA-F:.]{2,45}(?:${bits})?\\z') AND ` +
    `contains('${network}', try_cast(regexp_replace(${text}, '\\A${own}${bits}\\z', '$1') AS ipaddress)))`
  )
}

/**
 * DuckDB knows addresses only with an extension that must be downloaded, so an IPv4 network is a regular expression. An IPv4 address that
 * is written as IPv6 stops the query with an error: better no number than another one.
 */
function duckdbNetwork(text: string, network: string): string {
  if (isIPv6(network))
    throw new Untranslatable('DuckDB compares IPv6 addresses only with an extension that is not part of it')
  return (
    `(CASE WHEN regexp_matches(${text}, '\\A[0-9a-fA-F:.]*:[fF]{4}:[0-9a-fA-F:.]+\\z') ` +
    `THEN error('DuckDB cannot compare this address; Trino and Athena can: ' || ${text}) ` +
    `ELSE regexp_matches(${text}, ${sqlLiteral(ipv4NetworkRegex(network))}) END)`
  )
}
