import { describe, expect, it } from 'vitest'
import { networkTest, toNetwork } from '#shared/domain/query/network.ts'
import { idsInNetwork } from '#engine/queries/addresses.ts'

const texts = [
  '',
  '203.0.113.7',
  '203.0.114.7',
  's3.amazonaws.com',
  '::ffff:203.0.113.9',
  '2001:db8::1',
  '203.0.113.0/24',
  '0203.0.113.7',
  '255.255.255.255',
  '0.0.0.0',
]

describe('idsInNetwork', () => {
  it('finds the texts that the meaning of a network finds, one by one', () => {
    for (const written of [
      '203.0.113.0/24',
      '203.0.113.7/32',
      '0.0.0.0/0',
      '2001:db8::/32',
      '::ffff:203.0.113.0/120',
    ]) {
      const network = toNetwork(written)!
      const test = networkTest(network)
      const wanted = [...texts.keys()].filter((id) => id > 0 && test(texts[id]!))
      expect(idsInNetwork(texts, network, test).sort((a, b) => a - b)).toEqual(wanted)
      expect(wanted).not.toEqual([])
    }
  })

  it('finds nothing where no text is in the network', () => {
    expect(idsInNetwork(texts, '198.51.100.0/24', networkTest('198.51.100.0/24'))).toEqual([])
  })
})
