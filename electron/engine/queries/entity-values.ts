import { BUCKET_SOURCE, bucketOf, entityFields, isSessionArn, type EntityKind } from '#shared/domain/entity.ts'
import { Bitmap } from '../vectors/bitmap.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import type { Values } from './entity-counts.ts'
import { withNull } from './facet-vector.ts'

/** The values of a kind: those of its column, or, for sessions and buckets, what the values of columns say. */
export async function entityValues(index: EventIndex, kind: EntityKind): Promise<Values> {
  if (kind === 'bucket') return bucketValues(index)
  const field = entityFields[kind]
  const [vector, terms] = await Promise.all([index.term(field), index.terms(field)])
  const texts = withNull(terms)
  if (kind !== 'session') return { texts, vector }
  return { texts, vector, groups: grouped(terms, (arn) => (isSessionArn(arn) ? arn : undefined)) }
}

/** Of calls to S3 only: a bare name is a bucket's there, elsewhere it may be anything. */
async function bucketValues(index: EventIndex): Promise<Values> {
  const [vector, terms, sources] = await Promise.all([
    index.term('resource'),
    index.terms('resource'),
    index.terms('eventSource'),
  ])
  const s3 = sources.indexOf(BUCKET_SOURCE, 1)
  const only = s3 < 0 ? new Bitmap(index.length) : (await index.termSets('eventSource')).union([s3])
  return { texts: withNull(terms), vector, groups: grouped(terms, bucketOf), only }
}

/** Terms that say the same get one id; 0 is for those that say nothing. */
function grouped(
  terms: readonly string[],
  nameOf: (text: string) => string | undefined,
): { readonly texts: readonly (string | null)[]; readonly of: Uint32Array } {
  const texts: (string | null)[] = [null]
  const known = new Map<string, number>()
  const of = new Uint32Array(terms.length)
  for (let id = 1; id < terms.length; id++) {
    const name = nameOf(terms[id]!)
    if (name === undefined) continue
    let group = known.get(name)
    if (group === undefined) {
      group = texts.push(name) - 1
      known.set(name, group)
    }
    of[id] = group
  }
  return { texts, of }
}
