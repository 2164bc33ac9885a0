import { Bitmap } from '../vectors/bitmap.ts'

/**
 * Puts a tag on events, or takes it off. Events are numbers of this case (from 1). A removal names the additions it saw: one that
 * it did not see, made on another laptop at the same time, stands (observed-remove set).
 */
export type TagOperation = {
  readonly id: string
  readonly kind: 'add' | 'remove'
  readonly tag: string
  readonly events: Uint32Array
  readonly observed: readonly string[]
}

/**
 * The events that carry one tag, as bits by event number - 1. All operations given are effective and about that tag; their order
 * does not matter.
 */
export function foldTag(operations: readonly TagOperation[], length: number): Bitmap {
  const removals = new Map<string, Uint32Array[]>()
  for (const operation of operations) {
    if (operation.kind === 'add') continue
    for (const id of new Set(operation.observed)) {
      const known = removals.get(id)
      if (known) known.push(operation.events)
      else removals.set(id, [operation.events])
    }
  }
  const tagged = new Bitmap(length)
  for (const operation of operations) {
    if (operation.kind === 'remove') continue
    const removed = removals.get(operation.id)
    if (!removed) addAll(tagged, operation.events)
    else {
      const left = new Bitmap(length)
      addAll(left, operation.events)
      for (const events of removed) for (const event of events) if (event <= length) left.remove(event - 1)
      for (let i = 0; i < left.words.length; i++) tagged.words[i]! |= left.words[i]!
    }
  }
  return tagged
}

function addAll(map: Bitmap, events: Uint32Array): void {
  for (const event of events) if (event <= map.length) map.add(event - 1)
}
