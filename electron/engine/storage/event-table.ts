import { documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'

/**
 * The columns of an event that are numbers, in the order in which its row keeps them: where its record stands, then the number of
 * its text in the dictionary of each term field (t0, t1, …) and the number of its document in each document field (d0, …), 0 when absent.
 */
export const eventNumbers: readonly string[] = [
  'entry',
  'ordinal',
  'offset',
  'length',
  'time_ms',
  'flags',
  ...termFields.map((_, n) => `t${n}`),
  ...documentFields.map((_, n) => `d${n}`),
]

/**
 * The bytes of an event's row:
 *
 *   record hash (16)   a kind for each identifier (3)   the identifiers (3 x 16)
 */
const RECORD_HASH = 16
const IDENTIFIER = 16
const identifiersAt = RECORD_HASH + identifierFields.length
export const rowBytes = {
  recordHash: RECORD_HASH,
  kindsAt: RECORD_HASH,
  identifiersAt,
  identifier: IDENTIFIER,
  all: identifiersAt + identifierFields.length * IDENTIFIER,
} as const

/** How an identifier is kept: a UUID as its 16 bytes, any other text in `identifier_text`. */
export const identifierKind = { absent: 0, uuid: 1, text: 2 } as const

/** A piece of a row's bytes, as SQL counts them: from 1. */
const piece = (at: number, length: number): string => `substr(bytes, ${at + 1}, ${length})`

const identifierSql = (n: number): string =>
  `case ${piece(rowBytes.kindsAt + n, 1)} when x'01' then ${piece(identifiersAt + n * IDENTIFIER, IDENTIFIER)} ` +
  `when x'02' then (select text from identifier_text where event = id and identifier = ${n}) end`

/**
 * A row per event with two values instead of one per column: SQLite takes a seventh of the time to store it. `numbers` is an array in SQLite's
 * binary JSON (https://sqlite.org/jsonb.html), so the view `event` gives each column its name in plain SQL; it is what questions are asked of.
 */
export const eventTableSql = `
create table event_row (id integer primary key, numbers blob not null, bytes blob not null) strict;
create table identifier_text (event integer not null, identifier integer not null, text text not null, primary key (event, identifier)) strict, without rowid;
create view event as select id,
  ${eventNumbers.map((name, n) => `numbers ->> ${n} as ${name}`).join(', ')},
  ${piece(0, RECORD_HASH)} as record_hash,
  ${identifierFields.map((_, n) => `${identifierSql(n)} as i${n}`).join(',\n  ')}
from event_row;
`
