import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { drawTimeline, placePins } from '#engine/reports/visual-timeline.ts'
import { exhibit, sampleModel } from './sample-model.ts'

const WIDTH = 770
const labelEnd = (pin: { x: number; label: string }): number => pin.x + 5 + pin.label.length * 4.8

describe('the pins of the visual timeline', () => {
  it('never cover each other, and no stem crosses a label', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 44, max: 706, noNaN: true }), { maxLength: 60 }), (places) => {
        const { placed, unlabelled } = placePins(
          places.map((x, n) => ({ x, exhibit: exhibit(n) })),
          WIDTH,
        )
        for (const one of placed) {
          for (const other of placed) {
            if (one === other || other.x < one.x || other.x > labelEnd(one)) continue
            // `other` rises within the label of `one`: it must stay below it.
            expect(other.lane).toBeLessThan(one.lane)
          }
          expect(labelEnd(one)).toBeLessThanOrEqual(WIDTH)
        }
        expect(placed.reduce((sum, one) => sum + one.pins, 0) + unlabelled).toBe(places.length)
      }),
      { numRuns: 100 },
    )
  })
})

describe('the drawing', () => {
  it('stays inside its frame and says how many exhibits it shows', () => {
    const { shapes, width, height } = drawTimeline(sampleModel(50).chart!, WIDTH)
    for (const shape of shapes) {
      if (shape.kind !== 'rect') continue
      expect(shape.x).toBeGreaterThanOrEqual(0)
      expect(shape.x + shape.w).toBeLessThanOrEqual(width)
      expect(shape.y + shape.h).toBeLessThanOrEqual(height)
    }
    expect(shapes.some((shape) => shape.kind === 'text' && shape.text.startsWith('17 exhibits: 17 labelled'))).toBe(
      true,
    )
  })

  it('shows a slice with one event among very many', () => {
    const chart = { ...sampleModel(2).chart!, density: [1, 1_000_000], pins: [], coverage: [] }
    const bars = drawTimeline(chart, WIDTH).shapes.filter((shape) => shape.kind === 'rect' && shape.fill === '#8A8A8A')
    expect(bars.length).toBe(2)
  })
})
