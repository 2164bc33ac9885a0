import ipaddr from 'ipaddr.js'

const DECIMAL_PREFIX = /\/(?:0|[1-9]\d{0,2})$/
const ADDRESS_CHARACTERS = /^[0-9a-f:.]{2,45}$/i

type Address = ipaddr.IPv4 | ipaddr.IPv6

/** IPv4 in four decimal parts without leading zeros (other spellings are text), or IPv6 without a zone. */
function parseAddress(text: string): Address | undefined {
  if (!ADDRESS_CHARACTERS.test(text)) return undefined
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  if (!text.includes(':') || !ipaddr.IPv6.isValid(text)) return undefined
  return ipaddr.IPv6.parse(text)
}

/** An IPv4 address written as IPv6 (`::ffff:203.0.113.5`) is that IPv4 address (RFC 4291, 2.5.5.2). */
const unmapped = (address: Address): Address =>
  address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address

export const isIPv6Address = (text: string): boolean => text.includes(':') && parseAddress(text) !== undefined

/** Whether the text is an address or network by itself, so that its colons and slash belong to it. */
export const isAddressOrNetwork = (text: string): boolean =>
  parseAddress(text) !== undefined || toNetwork(text) !== undefined

/**
 * The canonical form of a network in CIDR notation: `203.0.113.7/24` as `203.0.113.0/24`. `undefined` for other texts.
 */
export function toNetwork(text: string): string | undefined {
  if (!DECIMAL_PREFIX.test(text)) return undefined
  const slash = text.lastIndexOf('/')
  const address = parseAddress(text.slice(0, slash))
  const bits = Number(text.slice(slash + 1))
  if (address === undefined || bits > (address instanceof ipaddr.IPv4 ? 32 : 128)) return undefined
  const canonical = `${address.toString()}/${bits}`
  const network =
    address instanceof ipaddr.IPv4
      ? ipaddr.IPv4.networkAddressFromCIDR(canonical)
      : ipaddr.IPv6.networkAddressFromCIDR(canonical)
  return `${network.toString()}/${bits}`
}

/** Whether the network holds every address of its family. */
export const isWholeInternet = (network: string): boolean => network.endsWith('/0')

/**
 * Tests whether a text is an address inside the network, or the same network written out. A smaller network is not
 * inside: `cidrIp:0.0.0.0/0` must find the rule that opens everything, not every rule.
 * `network` is canonical, as `toNetwork` gives it.
 */
export function networkTest(network: string): (text: string) => boolean {
  const [address, bits] = ipaddr.parseCIDR(network)
  const base = unmapped(address)
  const prefix = base.kind() === address.kind() ? bits : bits - 96
  return (text) => {
    if (text.includes('/')) return toNetwork(text) === network
    const parsed = parseAddress(text)
    if (parsed === undefined) return false
    const candidate = prefix < 0 ? parsed : unmapped(parsed)
    const [against, length] = prefix < 0 ? [address, bits] : [base, prefix]
    return candidate.kind() === against.kind() && candidate.match(against, length)
  }
}
