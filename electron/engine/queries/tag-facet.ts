import type { Bitmap } from '../vectors/bitmap.ts'

export type TagFacet = {
  field: string
  distinct: number
  absent: number
  values: { value: string; count: number }[]
}

/** Tags among the events of a set, with counts. `absent`: events without any tag. `wanted` is in lower case. */
export function tagFacet(
  tags: ReadonlyMap<string, Bitmap>,
  events: Bitmap,
  how: { readonly wanted: string; readonly rareFirst: boolean; readonly top: number },
): TagFacet {
  let untagged = events
  const values: { value: string; count: number }[] = []
  for (const [value, tagged] of tags) {
    const count = events.and(tagged).count()
    untagged = untagged.andNot(tagged)
    if (count > 0 && value.toLowerCase().includes(how.wanted)) values.push({ value, count })
  }
  values.sort((a, b) => (how.rareFirst ? a.count - b.count : b.count - a.count) || (a.value < b.value ? -1 : 1))
  return { field: 'tag', distinct: values.length, absent: untagged.count(), values: values.slice(0, how.top) }
}
