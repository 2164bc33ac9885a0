import { constants, createInflateRaw, type InflateRaw } from 'node:zlib'
import type { Inflate, RawInflated } from './inflate.ts'

/** What Node keeps behind a zlib stream. It is not documented; `reusedInflater` looks whether it is there as we know it. */
type Handle = {
  onerror: () => void
  reset(): void
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputLength: number,
    output: Uint8Array,
    outputAt: number,
    outputLength: number,
  ): void
}
type Engine = InflateRaw & { readonly _handle?: Handle; readonly _writeState?: Uint32Array }

const ROOM = 1 << 20
/** A larger room is given back after the file that needed it. */
const MOST_KEPT = 8 << 20

/**
 * Inflates many small files with one engine into one buffer: making both anew for each file costs as much as inflating it, and
 * leaves memory behind that nobody collects in time. What it gives is valid until the next call only. `undefined` where Node does not
 * offer what this needs: use the documented way then.
 */
export function reusedInflater(): Inflate | undefined {
  let engine: Engine = createInflateRaw()
  if (typeof engine._handle?.writeSync !== 'function' || engine._writeState?.length !== 2) return undefined
  let output = Buffer.allocUnsafeSlow(ROOM)
  return (body, allowance): RawInflated | 'too-large' | 'damaged' => {
    if (output.length > MOST_KEPT) output = Buffer.allocUnsafeSlow(ROOM)
    const handle = engine._handle!
    const state = engine._writeState!
    const outcome = { failed: false }
    handle.onerror = () => {
      outcome.failed = true
    }
    let read = 0
    let written = 0
    for (;;) {
      handle.writeSync(constants.Z_SYNC_FLUSH, body, read, body.length - read, output, written, output.length - written)
      if (outcome.failed) {
        engine.close()
        engine = createInflateRaw()
        return 'damaged'
      }
      written = output.length - state[0]!
      read = body.length - state[1]!
      if (written > allowance || written < output.length) break
      const larger = Buffer.allocUnsafeSlow(output.length * 2)
      output.copy(larger)
      output = larger
    }
    handle.reset()
    return written > allowance ? 'too-large' : { bytes: output.subarray(0, written), consumed: read }
  }
}
