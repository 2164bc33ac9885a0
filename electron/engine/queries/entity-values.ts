import { BUCKET_SOURCE, bucketOf, entityFields, isSessionArn, type EntityKind } from '#shared/domain/entity.ts'
import type { EventIndex } from '../vectors/event-index.ts'
import type { Values } from './entity-counts.ts'

/** The values of a kind: those of its column, or, for sessions and buckets, what the values of columns say. */
export async function entityValues(index: EventIndex, kind: EntityKind): Promise<Values> {
  if (kind === 'bucket') return bucketValues(index)
  const field = entityFields[kind]
  const [vector, terms] = await Promise.all([index.term(field), index.terms(field)])
  if (kind !== 'session') return { texts: terms.map((text, id) => (id === 0 ? null : text)), idAt: (p) => vector[p]! }
  const groups = grouped(terms, (arn) => (isSessionArn(arn) ? arn : undefined))
  return { texts: groups.texts, idAt: (p) => groups.of[vector[p]!]! }
}

/** Of calls to S3 only: a bare name is a bucket's there, elsewhere it may be anything. */
async function bucketValues(index: EventIndex): Promise<Values> {
  const [vector, terms, sources, sourceTerms] = await Promise.all([
    index.term('resource'),
    index.terms('resource'),
    index.term('eventSource'),
    index.terms('eventSource'),
  ])
  const s3 = sourceTerms.indexOf(BUCKET_SOURCE)
  const groups = grouped(terms, bucketOf)
  return { texts: groups.texts, idAt: (p) => (s3 > 0 && sources[p] === s3 ? groups.of[vector[p]!]! : 0) }
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
