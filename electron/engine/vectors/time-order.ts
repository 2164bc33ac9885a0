/**
 * Sorts events by time, stably: events of the same moment stay in the order given by `start`. Radix sort, because ten
 * million events sorted by comparison take seconds and this takes a fraction of one.
 *
 *   seconds  [30, 10, 10, 20]   start [0, 1, 2, 3]   ->   [1, 2, 3, 0]
 */
export function timeOrder(
  seconds: Uint32Array,
  milliseconds: ArrayLike<number> | undefined,
  start: Uint32Array,
): Uint32Array {
  let order: Uint32Array = start
  if (milliseconds) order = pass(order, (i) => milliseconds[i]!, 1024)
  order = pass(order, (i) => seconds[i]! & 0xffff, 65536)
  return pass(order, (i) => seconds[i]! >>> 16, 65536)
}

function pass(order: Uint32Array, digit: (index: number) => number, radix: number): Uint32Array {
  const starts = new Uint32Array(radix + 1)
  for (let n = 0; n < order.length; n++) starts[digit(order[n]!) + 1]!++
  for (let d = 0; d < radix; d++) starts[d + 1]! += starts[d]!
  const out = new Uint32Array(order.length)
  for (let n = 0; n < order.length; n++) {
    const i = order[n]!
    out[starts[digit(i)]!++] = i
  }
  return out
}

export const identityOrder = (count: number): Uint32Array => Uint32Array.from({ length: count }, (_, i) => i)

/** A file of the evidence, and the numbers of the events that came from it: `firstEvent` and the `count - 1` after it. */
export type DeliveredFile = { readonly path: string; readonly firstEvent: number; readonly count: number }

/**
 * The order of events before they are sorted by time: file by file in the order of delivery, then by path, then as they
 * stand in the file. It does not depend on the order in which files were imported, so ties fall the same way every time.
 */
export function deliveryOrder(files: readonly DeliveredFile[], total: number): Uint32Array {
  const keyed = files.map((file) => ({ file, delivered: deliveredOf(file.path), key: keyOf(file.path) }))
  keyed.sort((a, b) => compare(a.delivered, b.delivered) || compare(a.key, b.key))
  const order = new Uint32Array(total)
  let at = 0
  for (const { file } of keyed) for (let n = 0; n < file.count; n++) order[at++] = file.firstEvent - 1 + n
  return order
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const DELIVERED = /_(\d{8}T\d{4})Z_/
const deliveredOf = (path: string): string => DELIVERED.exec(path)?.[1] ?? ''
/** The object key from `AWSLogs/` on, so that the folder somebody copied the bucket to does not matter. */
function keyOf(path: string): string {
  const at = path.indexOf('AWSLogs/')
  return at < 0 ? path : path.slice(at)
}
