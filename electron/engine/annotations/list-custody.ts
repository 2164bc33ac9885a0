import type { Connection } from '../storage/sqlite.ts'
import { describeCustody } from './describe-custody.ts'

export type CustodyWish = {
  readonly text: string
  readonly action?: string | undefined
  readonly examiner?: string | undefined
  readonly order: 'oldest' | 'newest'
  readonly offset: number
  readonly limit: number
}
export type CustodyShown = {
  readonly seq: number
  readonly timeMs: number
  readonly examiner: string
  readonly action: string
  readonly detail: string
  readonly body: string
  readonly hash: string
}
type Row = Omit<CustodyShown, 'detail'>

/** Entries of the custody log that fit, with how many fit and how many there are. */
export async function listCustody(
  reader: Connection,
  wish: CustodyWish,
): Promise<{ total: number; all: number; entries: CustodyShown[] }> {
  const where = `(?1 = '' or instr(lower(action || ' ' || examiner || ' ' || body), lower(?1)) > 0)
    and (?2 is null or action = ?2) and (?3 is null or examiner = ?3)`
  const params = [wish.text, wish.action ?? null, wish.examiner ?? null]
  const counts = await reader.get<{ total: number; all: number }>(
    `select (select count(*) from custody where ${where}) as total, (select count(*) from custody) as "all"`,
    params,
  )
  const rows = await reader.all<Row>(
    `select seq, time_ms as timeMs, examiner, action, body, lower(hex(hash)) as hash from custody
     where ${where} order by seq ${wish.order === 'newest' ? 'desc' : ''} limit ?4 offset ?5`,
    [...params, wish.limit, wish.offset],
  )
  return { total: counts?.total ?? 0, all: counts?.all ?? 0, entries: rows.map(toShown) }
}

const toShown = (row: Row): CustodyShown => ({ ...row, detail: describeCustody(row.action, parsedBody(row.body)) })

function parsedBody(body: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** What the log can be filtered by. */
export async function custodyNames(reader: Connection): Promise<{ actions: string[]; examiners: string[] }> {
  const names = async (column: 'action' | 'examiner') =>
    (await reader.all<{ name: string }>(`select distinct ${column} as name from custody order by 1`)).map(
      (row) => row.name,
    )
  return { actions: await names('action'), examiners: await names('examiner') }
}

/** How many entries the log has, and the hash of the last. */
export async function custodyHead(reader: Pick<Connection, 'get'>): Promise<CustodyHead> {
  const row = await reader.get<CustodyHead>(
    'select seq as entries, lower(hex(hash)) as hash from custody order by seq desc limit 1',
  )
  return row ?? NO_ENTRIES
}

export type CustodyHead = { readonly entries: number; readonly hash: string }
const NO_ENTRIES: CustodyHead = { entries: 0, hash: '0'.repeat(64) }

/**
 * The head at the last act that changed the case. Opening, checking, looking, exporting, printing, proving and merging what is here already are on the log too but change nothing, so
 * that a report of the same case says the same, however often it is printed.
 */
export async function lastChange(reader: Pick<Connection, 'get'>): Promise<CustodyHead> {
  const row = await reader.get<CustodyHead>(
    `select seq as entries, lower(hex(hash)) as hash from custody
     where action not in ('session.open', 'report.make', 'case.verify', 'events.export', 'package.pack', 'package.form', 'proof.save') and action not like 'view.%'
       and (action <> 'package.merge' or json_extract(body, '$.nothingNew') is not 1) order by seq desc limit 1`,
  )
  return row ?? NO_ENTRIES
}

/** What became of a head that somebody noted outside the case: a cut tail or a rewritten log shows only there. */
export async function compareHead(
  reader: Pick<Connection, 'get'>,
  noted: { readonly entries: number; readonly hash: string },
): Promise<'same' | 'rewritten' | 'cut'> {
  const row = await reader.get<{ hash: string }>('select lower(hex(hash)) as hash from custody where seq = ?', [
    noted.entries,
  ])
  if (!row) return 'cut'
  return row.hash === noted.hash.toLowerCase() ? 'same' : 'rewritten'
}
