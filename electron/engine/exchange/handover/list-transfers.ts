import { z } from 'zod'
import type { TransferShown } from '#shared/contract/exchange.ts'
import type { Connection } from '../../storage/sqlite.ts'

const kinds = {
  'package.pack': 'packed',
  'package.unpack': 'unpacked',
  'package.merge': 'merged',
} as const satisfies Record<string, TransferShown['kind']>

/** What those entries note, as far as it is there: entries of other versions say less. */
const noted = z.object({
  file: z.string().catch(''),
  bytes: z.number().catch(0),
  sha256: z.string().catch(''),
  from: z.string().catch(''),
  encrypted: z.boolean().nullable().catch(null),
  signedBy: z.string().catch('unsigned'),
  parts: z.array(z.object({ name: z.string(), bytes: z.number(), sha256: z.string() })).catch([]),
  custody: z.object({ entries: z.int(), hash: z.string() }).nullable().catch(null),
  transfer: z
    .object({ to: z.string().catch(''), why: z.string().catch(''), medium: z.string().catch('') })
    .catch({ to: '', why: '', medium: '' }),
})

type Row = {
  seq: number
  timeMs: number
  examiner: string
  action: keyof typeof kinds
  body: string
  hash: string
  previous: string
}

/**
 * Each time the case changed hands, oldest first, from its custody log. `before` is the sender's log when the package was
 * made: for one that was packed here, the entry before.
 */
export async function listTransfers(reader: Connection): Promise<TransferShown[]> {
  const rows = await reader.all<Row>(
    `select seq, time_ms as timeMs, examiner, action, body, lower(hex(hash)) as hash, lower(hex(previous)) as previous
     from custody where action in (${Object.keys(kinds)
       .map((action) => `'${action}'`)
       .join(', ')}) and json_valid(body) order by seq`,
  )
  return rows.map(({ seq, timeMs, examiner, action, body, hash, previous }) => {
    const { transfer, custody, from, ...rest } = noted.parse(JSON.parse(body))
    const kind = kinds[action]
    return {
      ...rest,
      ...transfer,
      seq,
      atMs: timeMs,
      examiner,
      kind,
      from: kind === 'packed' ? examiner : from,
      before: kind === 'packed' ? { entries: seq - 1, hash: previous } : custody,
      after: { entries: seq, hash },
    }
  })
}
