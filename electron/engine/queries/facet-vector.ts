import { termFields, termNumber, type TermField } from '#shared/domain/fields.ts'
import { eventVerdicts } from '#shared/domain/integrity.ts'
import { Refusal } from '../refusal.ts'
import type { Connection } from '../storage/sqlite.ts'
import { bitsWhere, type Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import type { Vector } from '../vectors/segments.ts'
import type { QueryWorld } from './evaluate.ts'

/** Values to count: an id per event and the text of each id; `null` where the field is absent. */
export type FacetVector = {
  readonly vector: Vector
  readonly texts: readonly (string | null)[]
  /** The events with one of the values, by their ids. The set is shared: not to be changed. */
  eventsOf(ids: readonly number[]): Promise<Bitmap>
}

/** The short names that people count by. */
const shortNames: Readonly<Record<string, TermField>> = {
  event: 'eventName',
  call: 'eventName',
  service: 'eventSource',
  region: 'awsRegion',
  ip: 'sourceIPAddress',
  agent: 'userAgent',
  error: 'errorCode',
  key: 'userIdentity.accessKeyId',
  accesskeyid: 'userIdentity.accessKeyId',
  user: 'userIdentity.userName',
  username: 'userIdentity.userName',
  type: 'userIdentity.type',
  category: 'eventCategory',
  arn: 'userIdentity.arn',
  role: 'userIdentity.sessionContext.sessionIssuer.arn',
}

/** The term field a name stands for, in any case, or `undefined`. */
export function termFieldOf(name: string): TermField | undefined {
  const lower = name.toLowerCase()
  return (
    termFields.find((field) => field.toLowerCase() === lower) ??
    (Object.hasOwn(shortNames, lower) ? shortNames[lower] : undefined)
  )
}

/** Tags are no column: an event has any number of them. */
export const isTagField = (name: string): boolean => name.toLowerCase() === 'tag'

/** What a field can be counted by. @throws Refusal `bad-input` for a field that has no short values (documents, identifiers). */
export async function facetVector(world: QueryWorld, name: string): Promise<FacetVector> {
  if (name.toLowerCase() === 'integrity') return walked(await world.verdicts(), eventVerdicts)
  if (name.toLowerCase() === '_source') return walked(await world.index.entry(), await sourcePaths(world))
  const field = termFieldOf(name)
  if (!field)
    throw new Refusal(
      'bad-input',
      `Events cannot be counted by ${name}. Count by a field with short values, such as eventName, sourceIPAddress or principal; for paths in documents use SQL.`,
    )
  const [vector, texts] = await Promise.all([world.index.term(field), world.index.terms(field)])
  const eventsOf = async (ids: readonly number[]): Promise<Bitmap> => {
    const wanted = ids.filter((id) => id !== 0)
    const absent = ids.includes(0) ? (await world.index.present(termNumber(field))).not() : undefined
    if (absent && wanted.length === 0) return absent
    const events = (await world.index.termSets(field)).union(wanted)
    return absent ? events.or(absent) : events
  }
  return { vector, texts: withNull(texts), eventsOf }
}

/** Of a column without sets of its values. */
const walked = (vector: Vector, texts: FacetVector['texts']): FacetVector => ({
  vector,
  texts,
  eventsOf: (ids) => {
    const wanted = new Uint8Array(texts.length)
    for (const id of ids) wanted[id] = 1
    return Promise.resolve(bitsWhere(vector, (id) => wanted[id] === 1))
  },
})

const nulled = new WeakMap<readonly string[], readonly (string | null)[]>()

/** The texts of a dictionary with `null` for "absent", made once for each. */
export function withNull(texts: readonly string[]): readonly (string | null)[] {
  const known = nulled.get(texts) ?? [null, ...texts.slice(1)]
  nulled.set(texts, known)
  return known
}

const paths = new WeakMap<EventIndex, Promise<readonly (string | null)[]>>()

/** The path of each file by its number in the ledger, read once for an index. */
function sourcePaths({ index, reader }: QueryWorld): Promise<readonly (string | null)[]> {
  const known = paths.get(index) ?? readPaths(reader)
  paths.set(index, known)
  return known
}

async function readPaths(reader: Connection): Promise<readonly (string | null)[]> {
  const rows = await reader.all<{ id: number; path: string }>('select id, path from entry')
  const byId: (string | null)[] = Array<string | null>(rows.reduce((most, { id }) => Math.max(most, id), 0) + 1).fill(
    null,
  )
  for (const { id, path } of rows) byId[id] = path
  return byId
}
