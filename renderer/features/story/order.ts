import type { StoryBlock } from '#shared/domain/annotation.ts'

/** The blocks with the one at `from` moved by one place; the same list where it cannot move. */
export function moved<T>(blocks: readonly T[], from: number, by: -1 | 1): readonly T[] {
  const to = from + by
  const [one, other] = [blocks[from], blocks[to]]
  if (one === undefined || other === undefined) return blocks
  return blocks.map((block, n) => (n === from ? other : n === to ? one : block))
}

/** The same list with one block changed. */
export const withBlock = (blocks: readonly StoryBlock[], block: StoryBlock): readonly StoryBlock[] =>
  blocks.map((one) => (one.id === block.id ? block : one))

/** An id for a new block. */
export const newBlockId = (): string => crypto.randomUUID()
