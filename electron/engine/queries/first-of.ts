/**
 * The first `most` numbers below `size` in the order of `compare`, of those that pass: without sorting hundreds of
 * thousands of values to show ten. Most are turned away by one comparison with the last one kept.
 */
export function firstOf(
  size: number,
  most: number,
  compare: (a: number, b: number) => number,
  passes: (n: number) => boolean,
): number[] {
  const kept: number[] = []
  for (let n = 0; n < size; n++) {
    if (!passes(n)) continue
    if (kept.length === most && (most === 0 || compare(n, kept[most - 1]!) >= 0)) continue
    kept.splice(placeOf(kept, n, compare), 0, n)
    if (kept.length > most) kept.pop()
  }
  return kept
}

/** Behind all that come before it or are its equals. */
function placeOf(kept: readonly number[], n: number, compare: (a: number, b: number) => number): number {
  let [low, high] = [0, kept.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compare(kept[middle]!, n) <= 0) low = middle + 1
    else high = middle
  }
  return low
}
