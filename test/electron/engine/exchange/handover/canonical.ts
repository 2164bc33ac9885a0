import { createHash } from 'node:crypto'
import { canonicalJson } from '#shared/base/canonical-json.ts'
import { query, type TestCase } from '../../annotations/annotated-case.ts'

/** Rows asked for at once; the contract allows no more. */
const PAGE = 1000

/**
 * A case in one form, whoever holds it: records, columns, verdicts, the ledger, tags and bookmarks as sorted lines, without the numbers
 * that one database gives. Equal lines are equal cases.
 */
export async function canonicalLines({ ask }: Pick<TestCase, 'ask'>): Promise<string[]> {
  const lines: string[] = []
  const { events } = await ask('cases.info', {})
  for (let offset = 0; offset < events; offset += PAGE) {
    const page = { query: query(''), offset, limit: PAGE }
    const { rows } = await ask('events.find', { ...page, fields: [] })
    lines.push(...rows.map((row) => plain(row, ['id', 'position'])))
    for (const line of (await ask('events.records', page)).lines) {
      const { _id, ...record } = JSON.parse(line) as Record<string, unknown>
      lines.push(canonicalJson(record))
    }
  }
  const { files } = await ask('sources.files', { limit: 10_000 })
  lines.push(...files.map((file) => plain(file, ['id'])))
  const state = await ask('annotations.state', {})
  lines.push(...state.bookmarks.map((bookmark) => plain(bookmark, ['eventId', 'events'])), canonicalJson(state.tags))
  return lines.sort()
}

/** The SHA-256 of the canonical form: one value to compare. */
export const canonicalHash = async (test: Pick<TestCase, 'ask'>): Promise<string> =>
  createHash('sha256')
    .update((await canonicalLines(test)).join('\n'))
    .digest('hex')

const plain = (value: object, leave: readonly string[]): string =>
  canonicalJson(Object.fromEntries(Object.entries(value).filter(([key]) => !leave.includes(key))))
