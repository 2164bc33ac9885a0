import type { Conflict } from '#shared/domain/annotation.ts'
import { inOrder, type Ordered } from './effective.ts'

/**
 * An operation that sets fields of one object. `replaces` names, per field, the operations whose values were in sight
 * when it was written: what it knowingly overwrites.
 */
export type FieldOperation = Ordered & {
  readonly target: string
  readonly after: Readonly<Record<string, unknown>>
  readonly replaces: Readonly<Record<string, readonly string[]>>
}

export type FieldValue = {
  readonly value: unknown
  readonly by: string
  readonly atMs: number
  readonly operation: string
}

/** An object with the values of each field that nobody has knowingly overwritten, latest first. More than one is a conflict. */
export type FoldedObject = {
  readonly target: string
  readonly fields: ReadonlyMap<string, readonly FieldValue[]>
  /** All effective operations on it, oldest first. */
  readonly operations: readonly Ordered[]
}

/**
 * What all effective operations add up to, per object. A value stands until an effective operation that saw it replaces it;
 * of several that stand, the latest is shown and all are kept. The result does not depend on the order of the input.
 */
export function foldFields(operations: readonly FieldOperation[]): ReadonlyMap<string, FoldedObject> {
  const sorted = [...operations].sort(inOrder)
  const replaced = new Set<string>()
  for (const operation of sorted)
    for (const [field, ids] of Object.entries(operation.replaces))
      for (const id of ids) replaced.add(`${operation.target}\0${field}\0${id}`)
  const objects = new Map<string, { operations: Ordered[]; fields: Map<string, FieldValue[]> }>()
  for (const operation of sorted) {
    const object = objects.get(operation.target) ?? { operations: [], fields: new Map<string, FieldValue[]>() }
    objects.set(operation.target, object)
    object.operations.push(operation)
    for (const [field, value] of Object.entries(operation.after)) {
      if (replaced.has(`${operation.target}\0${field}\0${operation.id}`)) continue
      const values = object.fields.get(field) ?? []
      object.fields.set(field, values)
      values.unshift({ value, by: operation.examiner, atMs: operation.timeMs, operation: operation.id })
    }
  }
  return new Map([...objects].map(([target, object]) => [target, { target, ...object }]))
}

/** The value shown for a field: the latest that stands. */
export const shownValue = (object: FoldedObject | undefined, field: string): unknown =>
  object?.fields.get(field)?.[0]?.value

/** Fields with more than one value; equal values written twice are no conflict. */
export function conflictsOf(objects: Iterable<FoldedObject>): Conflict[] {
  const out: Conflict[] = []
  for (const { target, fields } of objects)
    for (const [field, values] of fields)
      if (new Set(values.map((v) => JSON.stringify(v.value))).size > 1) out.push({ target, field, values })
  return out
}

/** What an edit must say of the values it overwrites. */
export function replacesOf(object: FoldedObject | undefined, fields: readonly string[]): Record<string, string[]> {
  return Object.fromEntries(
    fields.flatMap((field) => {
      const values = object?.fields.get(field) ?? []
      return values.length === 0 ? [] : [[field, values.map((v) => v.operation)]]
    }),
  )
}

/** A removal names the operations on the object that it saw; an edit that it did not see brings the object back. */
export type Removal = Ordered & { readonly target: string; readonly observed: readonly string[] }

/** The objects that are there: those with an operation that no effective removal has seen. */
export function presentObjects(
  objects: ReadonlyMap<string, FoldedObject>,
  removals: readonly Removal[],
): FoldedObject[] {
  const seen = new Set<string>()
  for (const { target, observed } of removals) for (const id of observed) seen.add(`${target}\0${id}`)
  return [...objects.values()].filter(({ target, operations }) =>
    operations.some(({ id }) => !seen.has(`${target}\0${id}`)),
  )
}
