import { ensure } from '#shared/base/assert.ts'
import type { OpenCase } from '../open-case.ts'
import { checkCustody } from '../verify/check-custody.ts'
import { checkOriginals } from '../verify/check-originals.ts'
import type { SqlValue } from '../storage/sqlite.ts'
import type { KnownAnswerCheck } from './check.ts'
import { awkwardLog } from './vectors.ts'

type Statement = readonly [sql: string, params?: readonly SqlValue[]]

/** What an attacker with the case file and a database tool would do must be noticed. */
export const tamperingChecks: readonly KnownAnswerCheck[] = [
  {
    id: 'V-20',
    requirement: 'Custody log: untouched; entry edited; one removed; two swapped',
    expected: 'sound, broken, broken, broken',
    find: async (bench) => {
      const { open } = await bench.import('custody', [{ path: 'log.json', bytes: awkwardLog }])
      const verdict = async (): Promise<string> =>
        (await checkCustody(open.file.reader, bench.signal)).failed === 0 ? 'sound' : 'broken'
      const [one, two] = await open.file.reader.all<{ action: string; body: string }>(
        'select action, body from custody order by seq limit 2',
      )
      const first = ensure(one, 'making a case is on the log')
      const second = ensure(two, 'an import is on the log')
      const put = 'update custody set action = ?, body = ? where seq = ?'
      const seen = [await verdict()]
      await write(open, [put, [second.action, `${second.body} `, 2]])
      seen.push(await verdict())
      await write(open, [put, [second.action, second.body, 2]], ['update custody set seq = -2 where seq = 2'])
      seen.push(await verdict())
      await write(
        open,
        ['update custody set seq = 2 where seq = -2'],
        [put, [second.action, second.body, 1]],
        [put, [first.action, first.body, 2]],
      )
      seen.push(await verdict())
      return seen.join(', ')
    },
  },
  {
    id: 'V-21',
    requirement: 'One changed byte in a kept original: noticed, its file named',
    expected: '1, yes',
    find: async (bench) => {
      const { open } = await bench.import('flipped', [
        { path: 'first.json', bytes: awkwardLog },
        { path: 'second.json', bytes: Buffer.from('{"Records":[]}') },
      ])
      const row = await open.file.reader.get<{ id: number; bytes: Buffer }>(
        `select p.id, p.bytes from original_piece p join entry n on n.original = p.id / 65536 where n.path like '%first.json'`,
      )
      const { id, bytes } = ensure(row, 'the file is kept')
      const flipped = Buffer.from(bytes)
      flipped[100] = (flipped[100] ?? 0) ^ 1
      await write(open, ['update original_piece set bytes = ? where id = ?', [flipped, id]])
      const { failed, failures } = await checkOriginals(open.file.reader, () => undefined, bench.signal)
      return `${failed}, ${failures.every((text) => text.includes('first.json')) ? 'yes' : 'no'}`
    },
  },
]

const write = (open: OpenCase, ...statements: readonly Statement[]): Promise<void> =>
  open.file.transaction(async (tx) => {
    for (const [sql, params = []] of statements) await tx.run(sql, params)
  })
