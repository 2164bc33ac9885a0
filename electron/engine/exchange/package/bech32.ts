import { failed, ok, type Result } from '#shared/base/result.ts'

const ALPHABET = 'qpzry9x8gf2tvdw0s3jn54khce6mua7l'
const GENERATOR = [0x3b6a57b2, 0x26508e6d, 0x1ea119fa, 0x3d4233dd, 0x2a1462b3] as const

function polymod(values: readonly number[]): number {
  let check = 1
  for (const value of values) {
    const top = check >>> 25
    check = ((check & 0x1ffffff) << 5) ^ value
    GENERATOR.forEach((term, bit) => {
      if (((top >>> bit) & 1) === 1) check ^= term
    })
  }
  return check >>> 0
}

const expanded = (prefix: string): number[] => {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0))
  return [...codes.map((code) => code >> 5), 0, ...codes.map((code) => code & 31)]
}

/** Regroups bits; undefined when what is left over is not zero padding shorter than a group. */
function regroup(values: Iterable<number>, from: number, to: number, pad: boolean): number[] | undefined {
  const out: number[] = []
  let held = 0
  let bits = 0
  for (const value of values) {
    held = ((held << from) | value) & 0xfff
    bits += from
    while (bits >= to) {
      bits -= to
      out.push((held >> bits) & ((1 << to) - 1))
    }
  }
  const rest = (held << (to - bits)) & ((1 << to) - 1)
  if (pad) return bits === 0 ? out : [...out, rest]
  return bits >= from || rest !== 0 ? undefined : out
}

/** Bech32 (BIP 173) without its length limit, as age uses it. `prefix` in lower case; the result is lower case too. */
export function bech32(prefix: string, bytes: Uint8Array): string {
  const data = regroup(bytes, 8, 5, true) ?? []
  const sum = polymod([...expanded(prefix), ...data, 0, 0, 0, 0, 0, 0]) ^ 1
  const check = Array.from({ length: 6 }, (_, index) => (sum >>> (5 * (5 - index))) & 31)
  return `${prefix}1${[...data, ...check].map((value) => ALPHABET[value]).join('')}`
}

/** The bytes of a Bech32 text with this prefix. Mixed case, a wrong letter or a wrong checksum is a failure. */
export function fromBech32(prefix: string, text: string): Result<Uint8Array, 'NOT_BECH32'> {
  const lower = text.toLowerCase()
  const values = Array.from(lower.slice(prefix.length + 1), (character) => ALPHABET.indexOf(character))
  const mixed = text !== lower && text !== text.toUpperCase()
  const shaped =
    text.length <= 1000 && !mixed && lower.startsWith(`${prefix}1`) && values.length >= 6 && !values.includes(-1)
  const data =
    shaped && polymod([...expanded(prefix), ...values]) === 1 ? regroup(values.slice(0, -6), 5, 8, false) : undefined
  return data === undefined
    ? failed('NOT_BECH32', `This is not a whole ${prefix}1… text; check that nothing was cut or mistyped.`)
    : ok(Uint8Array.from(data))
}
