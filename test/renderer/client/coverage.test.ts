import { describe, expect, it } from 'vitest'
import type { CoverageCell, CoverageLane } from '#shared/contract/integrity.ts'
import { cellKind, laneSpans, worstSpans } from '#renderer/client/coverage.ts'

const HOUR = 3_600_000

const cell = (hour: number, change: Partial<CoverageCell> = {}): CoverageCell => ({
  atMs: hour * HOUR,
  state: 'proven',
  seconds: { proven: 3600, listed: 0, broken: 0 },
  files: 1,
  damaged: 0,
  missing: 0,
  firstEventMs: null,
  lastEventMs: null,
  firstDeliveryMs: null,
  lastDeliveryMs: null,
  ...change,
})
const gap = (reason: CoverageLane['gaps'][number]['reason'], from: number, to: number) => ({
  fromMs: from * HOUR,
  toMs: to * HOUR,
  reason,
  says: '',
  means: '',
  trail: 'ir-trail',
  key: '',
})
const lane = (cells: CoverageCell[], gaps: CoverageLane['gaps'] = []): CoverageLane => ({
  account: '111122223333',
  region: 'us-east-1',
  firstEventMs: null,
  lastEventMs: null,
  firstDeliveryMs: null,
  lastDeliveryMs: null,
  gaps,
  cells,
})

describe('how an hour of coverage is drawn', () => {
  it('calls an hour with an altered file altered, although its digest is proven', () => {
    expect(cellKind(cell(0, { damaged: 1, missing: 1 }), [], HOUR)).toBe('altered')
  })
  it('calls a proven hour that lacks a listed file missing', () => {
    expect(cellKind(cell(0, { missing: 1 }), [], HOUR)).toBe('missing')
  })
  it('tells a digest that was changed from one that is not there', () => {
    const broken = cell(5, { state: 'broken' })
    expect(cellKind(broken, [gap('DIGEST_ALTERED', 5, 6)], HOUR)).toBe('altered')
    expect(cellKind(broken, [gap('DIGEST_MISSING', 5, 6)], HOUR)).toBe('missing')
    expect(cellKind(broken, [gap('DIGEST_ALTERED', 7, 8), gap('RESTART', 5, 6)], HOUR)).toBe('missing')
  })
  it('leaves an hour without a digest without a verdict, whatever was delivered in it', () => {
    expect(cellKind(cell(0, { state: 'none', files: 3 }), [], HOUR)).toBe('none')
  })

  it('joins neighbouring hours of one kind, and never across hours that nobody speaks about', () => {
    expect(laneSpans(lane([cell(0), cell(1), cell(2, { damaged: 1 }), cell(5), cell(6)]), HOUR)).toEqual([
      { from: 0, to: 2 * HOUR, state: 'proven' },
      { from: 2 * HOUR, to: 3 * HOUR, state: 'altered' },
      { from: 5 * HOUR, to: 7 * HOUR, state: 'proven' },
    ])
  })
  it('shows for all lanes together the worst that is known of any', () => {
    const spans = worstSpans([lane([cell(0), cell(1)]), lane([cell(1, { state: 'listed' }), cell(2)])], HOUR)
    expect(spans.map(({ state }) => state)).toEqual(['proven', 'listed', 'proven'])
  })
})
