import {
  documentFields,
  documentNumber,
  identifierFields,
  identifierNumber,
  termFields,
} from '#shared/domain/fields.ts'
import { zeroed16, zeroed32, zeroed8 } from './zeroed.ts'

/** Vectors that are no event field, under numbers of their own (fields: see `#shared/domain/fields.ts`). */
export const entryVector = 300
export const secondsVector = 301
export const millisecondsVector = 302
/** Event numbers in time order; derived at the end of an import. */
export const orderVector = 400

/** Every vector that grows with each stored batch, in the order the columns of a batch are kept. */
export const batchVectors: readonly number[] = [
  ...termFields.map((_, n) => n),
  ...documentFields.map((f) => documentNumber(f)),
  ...identifierFields.map((f) => identifierNumber(f)),
  entryVector,
  secondsVector,
  millisecondsVector,
]

export type Width = 0 | 1 | 2 | 4

/** The least number of bytes per value that holds every value; 0 when all are zero. */
export function widthOf(values: Uint32Array): Width {
  let all = 0
  for (const value of values) all |= value
  if (all === 0) return 0
  const bits = all >>> 0
  return bits < 0x100 ? 1 : bits < 0x10000 ? 2 : 4
}

/** Values as little-endian bytes of the given width. */
export function packSegment(values: Uint32Array, width: Width): Uint8Array {
  switch (width) {
    case 0:
      return new Uint8Array(0)
    case 1:
      return Uint8Array.from(values)
    case 2:
      return new Uint8Array(Uint16Array.from(values).buffer)
    case 4:
      return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice()
  }
}

export type SegmentRow = {
  readonly first: number
  readonly count: number
  readonly width: Width
  readonly bytes: Uint8Array | null
}
export type Vector = Uint8Array | Uint16Array | Uint32Array

/** A vector of zeros, wide enough for values of so many bytes. */
export function emptyVector(width: number, count: number): Vector {
  return width <= 1 ? zeroed8(count) : width === 2 ? zeroed16(count) : zeroed32(count)
}

/** Puts the values of a segment where they belong, event 1 at index 0. */
export function copySegment(row: SegmentRow, out: Vector): void {
  const values = segmentValues(row)
  if (values) out.set(values, row.first - 1)
}

/** The values of a segment, event by event; `undefined` when all are 0. */
export const segmentValues = (row: SegmentRow): Vector | undefined =>
  row.width === 0 || row.bytes === null ? undefined : unpack(row.bytes, row.width)

/** Puts segments together into one vector of `count` values in event-number order. */
export function joinSegments(rows: readonly SegmentRow[], count: number): Vector {
  const out = emptyVector(
    rows.reduce((width, row) => Math.max(width, row.width), 0),
    count,
  )
  for (const row of rows) copySegment(row, out)
  return out
}

function unpack(bytes: Uint8Array, width: Width): Vector {
  if (width === 1) return bytes
  // A blob may start anywhere; typed arrays need an aligned start.
  const aligned = bytes.byteOffset % width === 0 ? bytes : new Uint8Array(bytes)
  return width === 2
    ? new Uint16Array(aligned.buffer, aligned.byteOffset, aligned.length / 2)
    : new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length / 4)
}
