import { documentFields, identifierFields, termFields } from '#shared/domain/fields.ts'
import { eventVerdicts } from '#shared/domain/integrity.ts'
import { eventTableSql } from './event-table.ts'

/** `application_id` of a case file: the letters "TrCs". */
export const APPLICATION_ID = 0x54724373
/** `user_version` of a case file. Raise it with every change of the tables below or of the list of event columns. */
export const SCHEMA_VERSION = 1

/**
 * A case file keeps the truth (original bytes, the ledger of entries, operations, custody log) apart from what is
 * derived from it (events, dictionaries, vectors, words, verdicts). Derived tables may be emptied and rebuilt.
 */
const truth = `
create table source (
  id integer primary key, path text not null, kind text not null, mode text not null check (mode in ('copy', 'reference')),
  added_ms integer not null, added_by text not null, finished_ms integer
) strict;
create table original (
  id integer primary key, sha256 blob not null unique, size integer not null, reference_path text
) strict;
-- id = original * 65536 + piece: SQLite's blobs end at 1 GB, so large originals are kept in pieces.
create table original_piece (id integer primary key, bytes blob not null) strict;
create table entry (
  id integer primary key, source integer not null references source, path text not null,
  outcome text not null check (outcome in ('stored', 'duplicate', 'quarantined', 'ignored')), reason text,
  kind text not null, size integer not null, sha256 blob, original integer references original,
  inflated_sha256 blob, inflated_size integer, compression text, trailing_bytes integer, broke_at integer, modified_ms integer,
  records_read integer not null, records_stored integer not null, records_duplicate integer not null,
  records_conflict integer not null, records_rejected integer not null,
  first_event integer, event_count integer, first_event_ms integer, last_event_ms integer, notes text
) strict;
-- Not unique: a file that changed between two imports has a line for each content.
create index entry_path on entry (source, path);
create index entry_original on entry (original);
create table rejected_record (entry integer not null, ordinal integer not null, offset integer not null, reason text not null) strict;
create table operation (
  seq integer primary key, id text not null unique, time_ms integer not null, examiner text not null,
  type text not null, target text not null, body text not null
) strict;
create table custody (
  seq integer primary key, time_ms integer not null, examiner text not null, action text not null, body text not null,
  previous blob not null, hash blob not null
) strict;
`

const derived = `
create table fact (name text primary key, value text not null) strict, without rowid;
create table term (field integer not null, id integer not null, text text not null, primary key (field, id)) strict, without rowid;
create table document (id integer primary key, field integer not null, json text not null) strict;
${eventTableSql.trim()}
create table occurrence (
  event integer not null, entry integer not null, ordinal integer not null, offset integer not null, length integer not null,
  primary key (event, entry, ordinal)
) strict, without rowid;
create index occurrence_entry on occurrence (entry);
-- An event that a fuller record of the same eventID replaced; it stays as an occurrence and is not counted.
create table hidden_event (event integer primary key, replaced_by integer not null) strict;
create table conflict (event integer not null, other integer not null, primary key (event, other)) strict, without rowid;
create table segment (id integer primary key, field integer not null, first integer not null, count integer not null, width integer not null, bytes blob) strict;
create index segment_field on segment (field, first);
-- Words of distinct documents (rowid = document id) and distinct terms (rowid = -(field * 2^32 + id)).
create virtual table word using fts5 (words, content = '', detail = none, columnsize = 0, tokenize = "unicode61 remove_diacritics 0");
create table entry_verdict (entry integer primary key, verdict text not null, event_verdict text not null, detail text not null) strict;
create table judgement (id integer primary key check (id = 1), json text not null) strict;
`

const uuid = (column: string) =>
  `case typeof(${column}) when 'blob' then lower(substr(hex(${column}),1,8)||'-'||substr(hex(${column}),9,4)||'-'||substr(hex(${column}),13,4)||'-'||substr(hex(${column}),17,4)||'-'||substr(hex(${column}),21)) else ${column} end`

/** `userIdentity.sessionContext.sessionIssuer.arn` is too long to type: views call it `sessionIssuerArn`. */
const viewNames: Readonly<Record<string, string>> = {
  'userIdentity.type': 'userIdentityType',
  'userIdentity.arn': 'userIdentityArn',
  'userIdentity.principalId': 'principalId',
  'userIdentity.accountId': 'userIdentityAccountId',
  'userIdentity.accessKeyId': 'accessKeyId',
  'userIdentity.userName': 'userName',
  'userIdentity.invokedBy': 'invokedBy',
  'userIdentity.identityProvider': 'identityProvider',
  'userIdentity.onBehalfOf.userId': 'onBehalfOfUserId',
  'userIdentity.sessionContext.sessionIssuer.arn': 'sessionIssuerArn',
  'userIdentity.sessionContext.attributes.mfaAuthenticated': 'mfaAuthenticated',
  'userIdentity.sessionContext.sourceIdentity': 'sourceIdentity',
}
export const viewColumnOf = (field: string): string => viewNames[field] ?? field

const utcText = (column: string) =>
  `case when ${column} % 1000 = 0 then strftime('%Y-%m-%dT%H:%M:%SZ', ${column} / 1000, 'unixepoch') else strftime('%Y-%m-%dT%H:%M:%fZ', ${column} / 1000.0, 'unixepoch') end`

/** The word of an event by its occurrences, in the order of `eventVerdicts`; a file that no digest speaks about is `none`. */
const integrityOf = `(select coalesce(v.event_verdict, 'none') from
    (select e.entry as entry union all select o.entry from occurrence o where o.event = e.id) o left join entry_verdict v on v.entry = o.entry
    order by instr('${eventVerdicts.join(' ')}', coalesce(v.event_verdict, 'none')) limit 1)`

/** The documented views of the SQL console: CloudTrail's own names, JSON columns as text. */
const views = `
create view events as select
  ${utcText('e.time_ms')} as eventTime,
  ${termFields.map((f, n) => `(select text from term where field = ${n} and id = e.t${n}) as "${viewColumnOf(f)}"`).join(',\n  ')},
  ${documentFields.map((f, n) => `(select json from document where id = e.d${n}) as "${f}"`).join(',\n  ')},
  ${identifierFields.map((f, n) => `${uuid(`e.i${n}`)} as "${f}"`).join(',\n  ')},
  e.id as _id,
  (select path from entry where id = e.entry) as _source,
  e.ordinal as _record,
  ${integrityOf} as _integrity,
  e.time_ms as _timeMs,
  e.flags as _flags
from event e where not exists (select 1 from hidden_event h where h.event = e.id);
create view files as select
  n.id as _entry, s.path as source, n.path, n.outcome, n.reason, n.kind, n.size, lower(hex(n.sha256)) as sha256,
  lower(hex(n.inflated_sha256)) as inflatedSha256, n.inflated_size as inflatedSize, n.records_read as recordsRead,
  n.records_stored as recordsStored, n.records_duplicate as recordsDuplicate, n.records_conflict as recordsConflict,
  n.records_rejected as recordsRejected, ${utcText('n.first_event_ms')} as firstEvent, ${utcText('n.last_event_ms')} as lastEvent,
  v.verdict as integrity
from entry n join source s on s.id = n.source left join entry_verdict v on v.entry = n.id;
`

/** The views a person may ask with SQL, for the console's completion and help. */
export const documentedViews = ['events', 'files'] as const

/** Every statement that makes an empty case, run in one transaction. */
export const schemaSql = truth + derived + views
