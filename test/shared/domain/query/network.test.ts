import fc from 'fast-check'
import ipaddr from 'ipaddr.js'
import { describe, expect, it } from 'vitest'
import { isAddressOrNetwork, networkTest, toNetwork } from '#shared/domain/query/network.ts'

const inside = (network: string, text: string): boolean => networkTest(toNetwork(network) ?? '')(text)

describe('toNetwork', () => {
  it.each([
    ['203.0.113.77/24', '203.0.113.0/24'],
    ['203.0.113.7/32', '203.0.113.7/32'],
    ['0.0.0.0/0', '0.0.0.0/0'],
    ['2001:DB8::ffff/32', '2001:db8::/32'],
  ])('writes %s as %s', (text, expected) => {
    expect(toNetwork(text)).toBe(expected)
  })

  it.each([
    '203.0.113.0',
    '203.0.113.0/33',
    '203.0.113.0/08',
    '203.0.113/24',
    '010.0.0.0/8',
    '::1/129',
    'fe80::1%eth0/64',
    '/24',
    'x/24',
    '1/8',
  ])('takes %s for a text', (text) => {
    expect(toNetwork(text)).toBeUndefined()
  })
})

describe('networkTest', () => {
  it.each([
    ['203.0.113.0/24', '203.0.113.255'],
    ['203.0.113.0/24', '::ffff:203.0.113.5'],
    ['203.0.113.0/24', '203.0.113.9/24'],
    ['255.255.255.255/32', '255.255.255.255'],
    ['0.0.0.0/0', '255.0.0.1'],
    ['::ffff:203.0.113.0/120', '203.0.113.5'],
    ['2001:db8::/32', '2001:DB8:1::7'],
    ['::/0', '2001:db8::1'],
  ])('%s holds %s', (network, text) => {
    expect(inside(network, text)).toBe(true)
  })

  it.each([
    ['203.0.113.0/24', '203.0.114.0'],
    ['203.0.113.0/24', '203.0.113.07'],
    ['203.0.113.0/24', '203.0.113.0/25'],
    ['203.0.113.0/24', '203.0.113.5 '],
    ['0.0.0.0/0', '2001:db8::1'],
    ['0.0.0.0/0', '10.0.0.0/8'],
    ['0.0.0.0/0', 'cloudtrail.amazonaws.com'],
    ['0.0.0.0/0', ''],
    ['::/0', '203.0.113.5'],
    ['2001:db8::/32', '2001:db9::1'],
  ])('%s does not hold %s', (network, text) => {
    expect(inside(network, text)).toBe(false)
  })

  it('agrees with the library on every IPv4 address and network', () => {
    const octets = fc.array(fc.nat(255), { minLength: 4, maxLength: 4 })
    fc.assert(
      fc.property(octets, fc.nat(32), octets, fc.boolean(), (base, bits, other, near) => {
        const candidate = (near ? [...base.slice(0, 3), other[3]] : other).join('.')
        const expected = ipaddr.IPv4.parse(candidate).match(ipaddr.IPv4.parse(base.join('.')), bits)
        expect(inside(`${base.join('.')}/${bits}`, candidate)).toBe(expected)
      }),
    )
  })

  it('knows what is an address by itself', () => {
    expect(['203.0.113.7', '2001:db8::1', '::1', '10.0.0.0/8'].every(isAddressOrNetwork)).toBe(true)
    expect(['7', '1.2.3', 'role:', 'fe80::1%eth0', ''].some(isAddressOrNetwork)).toBe(false)
  })
})
