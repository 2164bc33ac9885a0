import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { placePins, type Pin, type PinRoom } from '#renderer/features/timeline/pin-layout.ts'

const room: PinRoom = { left: 0, right: 1000, rows: 4, gap: 4 }
const pin = (id: string, x: number, width = 60, rank = 0, least = width): Pin => ({ id, x, width, least, rank })

const pins = fc
  .array(
    fc.record({
      x: fc.integer({ min: 0, max: 1000 }),
      width: fc.integer({ min: 1, max: 220 }),
      least: fc.integer({ min: 1, max: 80 }),
      rank: fc.integer({ min: 0, max: 2 }),
    }),
    {
      maxLength: 60,
    },
  )
  .map((list) => list.map((one, n) => ({ ...one, id: `p${n}` })))

describe('placePins', () => {
  it('never lets a label cover another, nor a stem run through a label', () => {
    fc.assert(
      fc.property(pins, fc.integer({ min: 1, max: 6 }), (list, rows) => {
        const { placed } = placePins(list, { ...room, rows })
        for (const a of placed)
          for (const b of placed) {
            if (a === b) continue
            const covers = a.row === b.row && a.left < b.left + b.width && b.left < a.left + a.width
            const crosses = a.row > b.row && a.x > b.left && a.x < b.left + b.width
            expect(covers || crosses).toBe(false)
          }
      }),
      { numRuns: 150 },
    )
  })

  it('keeps every label inside the room, at its pin, and loses no pin', () => {
    fc.assert(
      fc.property(pins, (list) => {
        const { placed, unlabelled } = placePins(list, room)
        expect([...placed.map((p) => p.id), ...unlabelled].sort()).toEqual(list.map((p) => p.id).sort())
        for (const p of placed) {
          expect(p.left >= room.left && p.left + p.width <= room.right).toBe(true)
          expect(p.left === p.x || p.left + p.width === p.x).toBe(true)
          expect(p.row >= 0 && p.row < room.rows).toBe(true)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('lets the label that matters less give way', () => {
    const { placed, unlabelled } = placePins([pin('b', 10, 60, 1), pin('a', 12, 60, 0)], { ...room, rows: 1 })
    expect([placed.map((p) => p.id), unlabelled]).toEqual([['a'], ['b']])
  })

  it('names every pin of a crowd by its number before any takes room for its title', () => {
    const crowd = [100, 130, 160, 200].map((x) => pin(`x${x}`, x, 200, 1, 60))
    const { placed, unlabelled } = placePins(crowd, room)
    expect(unlabelled).toEqual([])
    const widths = new Map(placed.map((one) => [one.id, one.width]))
    expect([widths.get('x200'), widths.get('x100')]).toEqual([200, 200])
  })

  it('stops a label that grows before the stem of a higher one', () => {
    const { placed } = placePins([pin('low', 100, 300, 0, 60), pin('high', 240, 700, 1, 690)], room)
    const [low, high] = [placed.find((one) => one.id === 'low')!, placed.find((one) => one.id === 'high')!]
    expect(low.left + low.width).toBeLessThan(high.x)
    expect(high.width).toBe(700)
  })

  it('hangs labels of one moment at one pole', () => {
    const { placed } = placePins([pin('a', 50), pin('b', 50), pin('c', 50)], room)
    expect(placed.map((one) => [one.left, one.row])).toEqual([
      [50, 0],
      [50, 1],
      [50, 2],
    ])
  })

  it('moves a label to the left of its pin where the room ends, high up so that the pins beneath keep theirs', () => {
    expect(placePins([pin('a', 990)], room).placed[0]).toMatchObject({ left: 930, row: 3 })
  })
})
