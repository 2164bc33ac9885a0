import { canonicalJson } from '#shared/base/canonical-json.ts'
import type { Grant } from '#shared/contract/common.ts'
import type { OutputOf } from '#shared/contract/contract.ts'
import { asker, query, testEngine, type TestCase } from '../../annotations/annotated-case.ts'
import { place } from './packing.ts'

type Examiner = { readonly name: string; readonly organisation: string; readonly identifier: string }

/** A copy of a case on another laptop: packed, and unpacked by somebody. */
export async function copyFor(
  test: Pick<TestCase, 'ask'>,
  examiner: Examiner,
  now?: () => number,
  scope: 'all' | 'annotated' = 'all',
): Promise<TestCase> {
  const engine = testEngine(now)
  const target = place('copy.trailcase')
  const { info } = await asker(engine, '' as never)('packages.unpack', {
    grant: await packed(test, scope),
    target,
    examiner,
  })
  return { engine, open: engine.case(info.caseId), path: target, ask: asker(engine, info.caseId) }
}

export async function packed(test: Pick<TestCase, 'ask'>, scope: 'all' | 'annotated' = 'all'): Promise<Grant> {
  const grant = place('handed-over.zip')
  await test.ask('packages.pack', { grant, scope })
  return grant
}

/** Takes what another copy of the case has. */
export const take = async (
  test: Pick<TestCase, 'ask'>,
  other: Pick<TestCase, 'ask'>,
  scope: 'all' | 'annotated' = 'all',
): Promise<OutputOf<'packages.merge'>> => test.ask('packages.merge', { grant: await packed(other, scope) })

/**
 * What a case says, as sorted lines that are the same in every copy: each record with all places it was found in, the files and where they lay, and
 * everything people said. Not in it: numbers of rows, the custody log (each copy has its own), and which of two equal files came first.
 */
export async function canonicalExport({ ask, open }: Pick<TestCase, 'ask' | 'open'>): Promise<string[]> {
  const { reader } = open.file
  const plain = (value: object, leave: readonly string[]) =>
    canonicalJson(Object.fromEntries(Object.entries(value).filter(([key]) => !leave.includes(key))))
  const places = await reader.all<{ event: number; sha: string; ordinal: number }>(
    `select p.event, lower(hex(n.sha256)) as sha, p.ordinal from
       (select id as event, entry, ordinal from event union select event, entry, ordinal from occurrence) p
     join entry n on n.id = p.entry where not exists (select 1 from hidden_event h where h.event = p.event)`,
  )
  const byEvent = new Map<number, string[]>()
  for (const { event, sha, ordinal } of places)
    byEvent.set(event, [...(byEvent.get(event) ?? []), `${sha}:${ordinal}`].sort())
  const { rows } = await ask('events.find', {
    query: query(''),
    offset: 0,
    limit: 1000,
    fields: ['eventID', 'eventName'],
  })
  const files = await reader.all<{ path: string; source: string; sha: string; held: number; reason: string | null }>(
    `select n.path, s.path as source, lower(hex(n.sha256)) as sha, n.original is not null as held,
            case when n.outcome in ('stored', 'duplicate') then null else n.reason end as reason from entry n join source s on s.id = n.source`,
  )
  const { undo: _, redo: __, ...state } = await ask('annotations.state', {})
  const operations = await reader.all<{ id: string; body: string }>(
    'select id, time_ms, examiner, type, target, body from operation',
  )
  return [
    ...rows.map((row) => `event ${canonicalJson([row.values, row.tags, row.exhibit, byEvent.get(row.id) ?? []])}`),
    ...files.map((file) => `file ${canonicalJson(file)}`),
    ...operations.map((operation) => `operation ${canonicalJson(operation)}`),
    ...state.bookmarks.map((bookmark) => `bookmark ${plain(bookmark, ['event'])}`),
    `header ${canonicalJson((await ask('cases.info', {})).header)}`,
    `said ${plain(state, ['bookmarks'])}`,
  ].sort()
}
