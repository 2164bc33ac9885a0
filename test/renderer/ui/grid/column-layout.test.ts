import { describe, expect, it } from 'vitest'
import {
  drawnWidths,
  fitLayout,
  moveColumn,
  resizeColumn,
  shiftColumn,
  toggleColumn,
} from '#renderer/ui/grid/column-layout.ts'

const columns = [
  { id: 'time', width: 160 },
  { id: 'who', width: 200 },
  { id: 'raw', width: 300, hidden: true },
]
const ids = (layout: readonly { readonly id: string }[]) => layout.map((place) => place.id)

describe('the layout of columns', () => {
  it('keeps what was saved, drops columns that are gone and adds new ones at the end', () => {
    const saved = [
      { id: 'who', width: 90, hidden: false },
      { id: 'gone', width: 50, hidden: false },
      { id: 'who', width: 1, hidden: true },
    ]
    expect(fitLayout(columns, saved)).toEqual([
      { id: 'who', width: 90, hidden: false },
      { id: 'time', width: 160, hidden: false },
      { id: 'raw', width: 300, hidden: true },
    ])
  })

  it('never gets narrower than can be grabbed, whatever was saved', () => {
    expect(resizeColumn(fitLayout(columns), 'time', 3)[0]!.width).toBe(40)
    expect(fitLayout(columns, [{ id: 'time', width: Number.NaN, hidden: false }])[0]!.width).toBe(120)
  })

  it('moves by drag and by one step', () => {
    const layout = fitLayout(columns)
    expect(ids(moveColumn(layout, 'raw', 'time'))).toEqual(['raw', 'time', 'who'])
    expect(ids(shiftColumn(layout, 'time', 1))).toEqual(['who', 'time', 'raw'])
    expect(shiftColumn(layout, 'time', -1)).toBe(layout)
  })

  it('never hides the last column in sight', () => {
    const one = toggleColumn(fitLayout(columns), 'who')
    expect(toggleColumn(one, 'time')).toBe(one)
  })

  it('gives spare room to the columns that may grow, to each the same part of what it wants, and no more', () => {
    const shown = [
      { width: 100, default: 100 },
      { width: 100, default: 100, growTo: 300 },
      { width: 200, default: 200, growTo: 300 },
    ]
    expect(drawnWidths(shown, 400)).toEqual([100, 100, 200])
    expect(drawnWidths(shown, 550)).toEqual([100, 200, 250])
    expect(drawnWidths(shown, 5000)).toEqual([100, 300, 300])
  })

  it('leaves the width that somebody gave a column, and every width where room is short', () => {
    expect(drawnWidths([{ width: 90, default: 100, growTo: 300 }], 1000)).toEqual([90])
    expect(drawnWidths([{ width: 100, default: 100, growTo: 300 }], 20)).toEqual([100])
  })
})
