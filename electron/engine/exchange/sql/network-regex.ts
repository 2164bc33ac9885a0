const OCTET = '(?:25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])'

/**
 * A regular expression for the IPv4 addresses in a canonical network (four decimal parts without leading zeros), or the
 * network written out: `203.0.112.0/23` gives `\A203\.0\.(?:112|113)\.OCTET(?:/23)?\z`.
 */
export function ipv4NetworkRegex(network: string): string {
  const [address = '', length = ''] = network.split('/')
  const bits = Number(length)
  const parts = address.split('.').map((part, n) => {
    const fixed = Math.min(8, Math.max(0, bits - 8 * n))
    if (fixed === 8) return part
    if (fixed === 0) return OCTET
    return `(?:${Array.from({ length: 2 ** (8 - fixed) }, (_, add) => Number(part) + add).join('|')})`
  })
  return `\\A${parts.join('\\.')}(?:/${bits})?\\z`
}
