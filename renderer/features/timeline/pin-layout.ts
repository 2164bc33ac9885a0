/**
 * A pin: where it stands, how wide its label would like to be and how narrow it may become (all px), and how much it matters
 * (lower first).
 */
export type Pin = {
  readonly id: string
  readonly x: number
  readonly width: number
  readonly least: number
  readonly rank: number
}

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

type Flag = { -readonly [key in keyof PlacedPin]: PlacedPin[key] } & { readonly wish: number }

/**
 * Gives each label a row, so that no label covers another and no stem runs through a label; labels of one moment hang at one pole:
 *
 *     row 1   |AR-0003 Trail deleted   |AR-0007
 *     row 0   |  |AR-0001              |   |AR-0002 Key made
 *             |  |                     |   |
 *     --------+--+---------------------+---+------------------ the lanes
 *
 * First every label asks for its least width, so that as many as possible are named; then each takes what room is left beside it. A
 * label stands to the right of its stem, or to the left where that has no room. Labels give way by rank, then from right to
 * left; those that find no row keep their pin and lose only the label.
 */
export function placePins(pins: readonly Pin[], room: PinRoom): PinLayout {
  const placed: Flag[] = []
  const unlabelled: string[] = []
  for (const pin of [...pins].sort((a, b) => a.rank - b.rank || b.x - a.x || (a.id < b.id ? -1 : 1))) {
    const found = candidates(pin, room).find((one) => placed.every((other) => areApart(one, other, room.gap)))
    if (found) placed.push(found)
    else unlabelled.push(pin.id)
  }
  for (const flag of placed) grow(flag, placed, room)
  return { placed: placed.map(({ id, x, row, left, width }) => ({ id, x, row, left, width })), unlabelled }
}

/** To the right from the lowest row up, then to the left from the highest down: a low label there would bar all pins beneath it. */
function candidates(pin: Pin, { left, right, rows }: PinRoom): Flag[] {
  const width = Math.min(pin.least, pin.width)
  const at = (row: number, from: number): Flag[] =>
    from >= left && from + width <= right ? [{ id: pin.id, x: pin.x, row, left: from, width, wish: pin.width }] : []
  const all = Array.from({ length: rows }, (_, row) => row)
  return [...all.flatMap((row) => at(row, pin.x)), ...all.reverse().flatMap((row) => at(row, pin.x - width))]
}

function areApart(one: PlacedPin, other: PlacedPin, gap: number): boolean {
  if (one.row === other.row)
    return one.left >= other.left + other.width + gap || other.left >= one.left + one.width + gap
  const [low, high] = one.row < other.row ? [one, other] : [other, one]
  // The stem of the higher label passes the row of the lower one: beside it, or along its own stem.
  if (isRight(low)) return high.x <= low.left || high.x > low.left + low.width + gap
  return high.x >= low.left + low.width || high.x < low.left - gap
}

const isRight = (one: PlacedPin): boolean => one.left === one.x

/** Widens a label away from its stem, up to the next label of its row or the next stem that passes it. */
function grow(flag: Flag, all: readonly Flag[], room: PinRoom): void {
  const stems = all.filter((one) => one.row > flag.row).map((one) => one.x)
  const mates = all.filter((one) => one.row === flag.row && one !== flag)
  if (isRight(flag)) {
    const walls = [...stems, ...mates.map((one) => one.left)].filter((x) => x > flag.left)
    const end = walls.reduce((near, x) => Math.min(near, x - room.gap - 1), room.right)
    flag.width = Math.max(flag.width, Math.min(flag.wish, end - flag.left))
    return
  }
  const walls = [...stems, ...mates.map((one) => one.left + one.width)].filter((x) => x < flag.x)
  const start = walls.reduce((near, x) => Math.max(near, x + room.gap + 1), room.left)
  flag.width = Math.max(flag.width, Math.min(flag.wish, flag.x - start))
  flag.left = flag.x - flag.width
}
