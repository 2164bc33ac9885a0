import { describe, expect, it } from 'vitest'
import { createRowPages, PAGE_ROWS } from '#renderer/ui/grid/row-pages.ts'

const soon = () => new Promise((resolve) => setTimeout(resolve, 0))

/** A source whose answers come when the test says so. */
function source(count: number) {
  const asked: { first: number; count: number; signal: AbortSignal; answer: () => void; fail: () => void }[] = []
  let changes = 0
  const pages = createRowPages<number>(
    count,
    (first, n, signal) =>
      new Promise((resolve, reject) => {
        asked.push({
          first,
          count: n,
          signal,
          answer: () => resolve(Array.from({ length: n }, (_, i) => first + i)),
          fail: () => reject(new Error('the disk is gone')),
        })
      }),
    () => changes++,
  )
  return { pages, asked, changes: () => changes }
}

describe('the rows of a grid', () => {
  it('come by page, what is in sight first and one page around it after', async () => {
    const { pages, asked } = source(10_000)
    pages.want(300, 340)
    expect(asked.map((one) => one.first)).toEqual([2 * PAGE_ROWS, 3 * PAGE_ROWS, PAGE_ROWS])
    asked[0]!.answer()
    await soon()
    expect(pages.row(300)).toBe(300)
    expect(pages.row(5)).toBeUndefined()
  })

  it('are given up when one has scrolled on, all but the oldest: the latest wish wins, and something comes all the way', async () => {
    const { pages, asked } = source(1_000_000)
    pages.want(0, 40)
    pages.want(500_000, 500_040)
    pages.want(900_000, 900_040)
    const of = (row: number) => asked.find((one) => one.first === Math.floor(row / PAGE_ROWS) * PAGE_ROWS)!
    expect([of(0), of(500_000), of(900_000)].map((one) => one.signal.aborted)).toEqual([false, true, false])
    for (const row of [0, 500_000, 900_000]) of(row).answer()
    await soon()
    expect([0, 500_000, 900_000].map((row) => pages.row(row))).toEqual([0, undefined, 900_000])
  })

  it('are asked for further ahead the way that is gone', async () => {
    const { pages, asked } = source(1_000_000)
    pages.want(5000, 5040)
    asked.splice(0).forEach((one) => one.answer())
    await soon()
    asked.splice(0).forEach((one) => one.answer())
    await soon()
    pages.want(4900, 4940)
    expect(asked.map((one) => one.first / PAGE_ROWS)).toEqual([37, 36])
  })

  it('ask for no more than there are', () => {
    const { pages, asked } = source(130)
    pages.want(100, 129)
    expect(asked.map((one) => one.count)).toEqual([128, 2])
  })

  it('say why they did not come, and come when asked again', async () => {
    const { pages, asked } = source(50)
    pages.want(0, 40)
    asked[0]!.fail()
    await soon()
    expect(pages.failure(3)).toBe('the disk is gone')
    pages.retry()
    asked[1]!.answer()
    await soon()
    expect(pages.failure(3)).toBeUndefined()
    expect(pages.row(3)).toBe(3)
  })

  it('start anew after a stop', async () => {
    const { pages, asked } = source(50)
    pages.want(0, 40)
    pages.stop()
    expect(asked[0]!.signal.aborted).toBe(true)
    pages.want(0, 40)
    asked[1]!.answer()
    await soon()
    expect(pages.row(0)).toBe(0)
  })
})
