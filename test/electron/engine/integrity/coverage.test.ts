import { describe, expect, it } from 'vitest'
import { parseUtc, utcMs } from '#shared/base/time.ts'
import { coverage, type CoverageCell } from '#engine/integrity/coverage.ts'
import { judge } from '#engine/integrity/judge.ts'
import { editDigest, inventoryOf, merged, signedTree, type Tree } from '#test/fixtures/digest-chain.ts'

// Windows run from 00:11:31 to 01:11:31 and so on.
const midnight = parseUtc('2024-05-01')!
const HOUR = 3_600_000
const cellsOf = (tree: Tree, unit: 'day' | 'hour' | 'minute' = 'hour'): readonly CoverageCell[] =>
  coverage(judge(inventoryOf(tree)), [], unit).lanes[0]!.cells
const states = (cells: readonly CoverageCell[]): string[] => cells.map((c) => `${(c.at - midnight) / HOUR} ${c.state}`)

describe('the coverage map', () => {
  it('shows the UTC hours of the digest windows, covered in part at both ends', () => {
    const cells = cellsOf(signedTree({ hours: [1, 0, 1] }))
    expect(states(cells)).toEqual(['0 proven', '1 proven', '2 proven', '3 proven'])
    expect(cells.map((c) => c.seconds.proven)).toEqual([3600 - 691, 3600, 3600, 691])
  })

  it('shows broken hours where a digest is missing or altered, and names the gap', () => {
    const tree = signedTree({ hours: [1, 1, 1, 1, 1] })
    tree.files.delete(tree.digests[1]!.key)
    editDigest(tree, tree.digests[3]!.key, (json) => void (json['logFiles'] = []))
    expect(states(cellsOf(tree))).toEqual(['0 proven', '1 broken', '2 broken', '3 broken', '4 broken', '5 proven'])
    const gaps = coverage(judge(inventoryOf(tree)), []).lanes[0]!.gaps
    expect(gaps).toMatchObject([
      { reason: 'DIGEST_MISSING', key: tree.digests[1]!.key, trail: 'ir-trail' },
      { reason: 'DIGEST_ALTERED', key: tree.digests[3]!.key },
    ])
  })

  it('shows unproven digests as listed, and hours in which validation was off as none', () => {
    const tree = signedTree({ hours: [1, null, null, 1] })
    expect(states(cellsOf(tree))).toEqual(['0 proven', '1 proven', '3 proven', '4 proven'])
    const listed = coverage(judge(inventoryOf(tree, { keys: [] })), []).lanes[0]!
    expect(new Set(listed.cells.map((c) => c.state))).toEqual(new Set(['listed']))
    expect(listed.gaps).toMatchObject([{ reason: 'RESTART' }])
  })

  it('calls an hour broken when one of two trails is, though the other proves it', () => {
    const two = signedTree({ hours: [1, 1, 1], trail: 'two', unique: 'TWO' })
    two.files.delete(two.digests[1]!.key)
    expect(states(cellsOf(merged(signedTree({ hours: [1, 1, 1], trail: 'one' }), two)))).toEqual([
      '0 proven',
      '1 broken',
      '2 broken',
      '3 proven',
    ])
  })

  it('zooms out to days and in to the minutes of a range', () => {
    const tree = signedTree({ hours: [1, 1] })
    expect(cellsOf(tree, 'day')).toMatchObject([{ at: midnight, state: 'proven', seconds: { proven: 7200 } }])
    const range = { from: utcMs(midnight + 10 * 60_000), to: utcMs(midnight + 14 * 60_000) }
    const minutes = coverage(judge(inventoryOf(tree)), [], 'minute', range).lanes[0]!.cells
    expect(minutes.map((c) => [(c.at - midnight) / 60_000, c.seconds.proven])).toEqual([
      [11, 29],
      [12, 60],
      [13, 60],
    ])
  })

  it('counts log files in their hour of delivery and gives first and last event and delivery, digests or none', () => {
    const at = (hours: number) => utcMs(midnight + hours * HOUR)
    const file = (region: string, delivered: number) => ({
      account: '1',
      region,
      delivered: at(delivered),
      firstEvent: at(delivered - 0.2),
      state: 'sound' as const,
      lastEvent: at(delivered - 0.1),
    })
    const { lanes } = coverage({ chains: [] }, [file('a', 3.5), file('a', 3.9), file('a', 9), file('b', 1)])
    expect(lanes).toMatchObject([
      { region: 'a', firstEvent: at(3.3), lastEvent: at(8.9), firstDelivery: at(3.5), lastDelivery: at(9), gaps: [] },
      { region: 'b' },
    ])
    expect(lanes[0]?.cells).toMatchObject([
      { at: at(3), state: 'none', files: 2 },
      { at: at(9), state: 'none', files: 1 },
    ])
  })
})
