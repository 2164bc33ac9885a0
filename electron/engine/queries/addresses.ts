import { ipv4Bits, ipv4Range } from '#shared/domain/query/network.ts'

/** What a dictionary holds of addresses: IPv4 as numbers by id (-1 for anything else), and the ids that need a closer look. */
type Addresses = { readonly ipv4: Float64Array; readonly others: readonly number[] }

const known = new WeakMap<readonly string[], Addresses>()

/**
 * The ids of the texts that lie in a network. Addresses are read once for a dictionary; a network is then a comparison of numbers.
 * @param network canonical, as `toNetwork` gives it
 * @param test whether one text lies in it: asked of IPv6 and of networks written out
 */
export function idsInNetwork(texts: readonly string[], network: string, test: (text: string) => boolean): number[] {
  const { ipv4, others } = addressesOf(texts)
  const ids = others.filter((id) => test(texts[id]!))
  const range = ipv4Range(network)
  if (range) for (let id = 1; id < ipv4.length; id++) if (ipv4[id]! >= range.from && ipv4[id]! < range.to) ids.push(id)
  return ids
}

function addressesOf(texts: readonly string[]): Addresses {
  const made = known.get(texts)
  if (made) return made
  const ipv4 = new Float64Array(texts.length).fill(-1)
  const others: number[] = []
  for (let id = 1; id < texts.length; id++) {
    const text = texts[id]!
    ipv4[id] = ipv4Bits(text)
    // Only an address of IPv6 has a colon, and only a network a slash; names have neither.
    if (ipv4[id] === -1 && (text.includes(':') || text.includes('/'))) others.push(id)
  }
  const addresses = { ipv4, others }
  known.set(texts, addresses)
  return addresses
}
