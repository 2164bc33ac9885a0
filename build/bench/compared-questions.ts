import { facetVector } from '#engine/queries/facet-vector.ts'
import { countValues } from '#engine/queries/count-events.ts'
import type { QueryWorld } from '#engine/queries/evaluate.ts'
import { columnOf } from './duckdb-table.ts'

/** One question in both languages. `sql` is a condition on the table of `duckdbTable`. */
export type Question = { readonly text: string; readonly sql: string }
/** Questions of one kind, each with values of its own, so that every answer is a first answer. */
export type Kind = { readonly what: string; readonly questions: readonly Question[] }

const ASKED = 7

/** Questions about what is in this case: frequent values, as people filter by what they see. */
export async function comparedQuestions(world: QueryWorld): Promise<Kind[]> {
  const names = await frequent(world, 'eventName')
  const regions = await frequent(world, 'awsRegion')
  const addresses = (await frequent(world, 'sourceIPAddress')).filter((text) => /^\d+\.\d+\.\d+\.\d+$/.test(text))
  const networks = distinct(addresses.map((text) => text.split('.').slice(0, 3).join('.')))
  const starts = distinct(names.map((name) => name.slice(0, 5)))
  const e = columnOf
  const kind = (what: string, questions: readonly Question[]): Kind => ({ what, questions: questions.slice(0, ASKED) })
  return [
    kind(
      'equals',
      names.map((name) => ({ text: `eventName:"${name}"`, sql: `${e('eventName')} = '${name}'` })),
    ),
    kind(
      'wildcard',
      starts.map((start) => ({ text: `eventName:${start}*`, sql: `${e('eventName')} like '${start}%'` })),
    ),
    kind(
      'network',
      networks.map((net) => ({ text: `sourceIPAddress:${net}.0/24`, sql: `${e('sourceIPAddress')} like '${net}.%'` })),
    ),
    kind(
      'two filters',
      regions.map((region) => ({
        text: `access:denied -awsRegion:${region}`,
        sql: `${e('access')} = 'denied' and ${e('awsRegion')} is distinct from '${region}'`,
      })),
    ),
    kind(
      'combination',
      names.map((name, n) => ({
        text: `(eventName:"${name}" OR eventName:${names[n + 1] ?? 'None'}) readOnly:true -errorCode:*`,
        sql: `(${e('eventName')} = '${name}' or ${e('eventName')} = '${names[n + 1] ?? 'None'}') and ${e('readOnly')} = 'true' and ${e('errorCode')} is null`,
      })),
    ),
    kind(
      'present',
      ['errorCode', 'userIdentity.accessKeyId', 'sourceIPAddress', 'resource', 'userAgent'].map((field) => ({
        text: `${field}:*`,
        sql: `${e(field)} is not null`,
      })),
    ),
  ]
}

/** The most frequent values of a field, plain ones only: they stand in statements as they are. */
async function frequent(world: QueryWorld, field: string): Promise<string[]> {
  const facet = await facetVector(world, field)
  const counts = countValues(world.index, world.index.visible, facet)
  const ids = [...counts.keys()].sort((a, b) => counts[b]! - counts[a]!).slice(0, 200)
  return ids.flatMap((id) => facet.texts[id] ?? []).filter((text) => /^[\w.:-]+$/.test(text))
}

const distinct = (texts: readonly string[]): string[] => [...new Set(texts)]
