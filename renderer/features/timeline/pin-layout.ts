/** A pin: where it stands, how wide its label is (both px), and how much its label matters (lower first). */
export type Pin = { readonly id: string; readonly x: number; readonly width: number; readonly rank: number }

/** A label that found a place: row 0 is nearest to the lanes; `left` is where its box begins. */
export type PlacedPin = {
  readonly id: string
  readonly x: number
  readonly row: number
  readonly left: number
  readonly width: number
}

export type PinLayout = { readonly placed: readonly PlacedPin[]; readonly unlabelled: readonly string[] }
export type PinRoom = { readonly left: number; readonly right: number; readonly rows: number; readonly gap: number }

/**
 * Gives each label a row, so that no label covers another and no stem runs through a label:
 *
 *     row 1   |AR-0003      |AR-0007
 *     row 0   |  |AR-0001   |   |AR-0002
 *             |  |          |   |
 *     --------+--+----------+---+-------- the lanes
 *
 * A label stands to the right of its stem, or to the left where the room ends. Labels give way by rank, then from right to left;
 * those that find no row keep their pin and lose only the label.
 */
export function placePins(pins: readonly Pin[], room: PinRoom): PinLayout {
  const placed: PlacedPin[] = []
  const unlabelled: string[] = []
  for (const pin of [...pins].sort((a, b) => a.rank - b.rank || b.x - a.x || (a.id < b.id ? -1 : 1))) {
    const found = candidates(pin, room).find((one) => fits(one, placed, room.gap))
    if (found) placed.push(found)
    else unlabelled.push(pin.id)
  }
  return { placed, unlabelled }
}

function candidates(pin: Pin, { left, right, rows }: PinRoom): PlacedPin[] {
  const sides = [pin.x, pin.x - pin.width].filter((at) => at >= left && at + pin.width <= right)
  return Array.from({ length: rows }, (_, row) => row).flatMap((row) => sides.map((at) => ({ ...pin, row, left: at })))
}

function fits(one: PlacedPin, placed: readonly PlacedPin[], gap: number): boolean {
  return placed.every((other) => {
    if (one.row === other.row)
      return one.left >= other.left + other.width + gap || other.left >= one.left + one.width + gap
    const [low, high] = one.row < other.row ? [one, other] : [other, one]
    // The stem of the higher label passes the row of the lower one.
    return high.x < low.left - gap || high.x > low.left + low.width + gap
  })
}
