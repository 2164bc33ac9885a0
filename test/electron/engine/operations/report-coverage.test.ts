import { describe, expect, it } from 'vitest'
import { utcMs } from '#shared/base/time.ts'
import { coverageSpans } from '#engine/operations/report-coverage.ts'
import type { CoveredChain } from '#engine/integrity/coverage.ts'

const at = (clock: string) => utcMs(Date.parse(`2026-02-10T${clock}Z`))
const chain = (region: string, over: Partial<CoveredChain> = {}): CoveredChain => ({
  account: '111122223333',
  region,
  trail: 'audit',
  backfill: false,
  windows: [{ from: at('08:00:00'), to: at('12:00:00'), state: 'proven' }],
  gaps: [],
  ...over,
})
const gap = (reason: 'RESTART' | 'DIGEST_MISSING') => ({
  from: at('09:36:04'),
  to: at('11:02:19'),
  reason,
  key: 'a digest',
})
const words = (chains: readonly CoveredChain[]) =>
  coverageSpans(chains, at('08:30:00'), at('11:30:00')).map(({ from, to, state }) =>
    [new Date(from).toISOString().slice(11, 19), new Date(to).toISOString().slice(11, 19), state].join(' '),
  )

describe('the printed band of digest coverage', () => {
  it('is one proven stretch, cut to the period, where all digests are proven', () => {
    expect(words([chain('eu-west-1'), chain('us-east-1')])).toEqual(['08:30:00 11:30:00 proven'])
  })

  it('leaves a gap of one region empty to the second, although another region is proven then', () => {
    const windows: CoveredChain['windows'] = [
      { from: at('08:00:00'), to: at('09:36:04'), state: 'proven' },
      { from: at('11:02:19'), to: at('12:00:00'), state: 'proven' },
    ]
    expect(words([chain('eu-west-1'), chain('us-east-1', { windows, gaps: [gap('RESTART')] })])).toEqual([
      '08:30:00 09:36:04 proven',
      '11:02:19 11:30:00 proven',
    ])
  })

  it('shows hours whose digest is missing as broken, not as a gap', () => {
    expect(words([chain('eu-west-1'), chain('us-east-1', { gaps: [gap('DIGEST_MISSING')] })])).toEqual([
      '08:30:00 09:00:00 proven',
      '09:00:00 11:30:00 broken',
    ])
  })
})
