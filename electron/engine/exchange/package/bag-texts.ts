import { visible } from '#shared/base/visible.ts'
import { bagPart } from './bag-names.ts'

/** The declaration of RFC 8493 section 2.1.1, letter for letter. */
export const bagitText = 'BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n'

/** A line as `sha256sum -c` reads it. */
export const manifestLine = (sha256: string, name: string): string => `${sha256}  ${name}\n`

/**
 * The hashes of a manifest by name. Undefined when a line is not `hash, two blanks, a name that may be in a bag`, or a name
 * comes twice: nothing is guessed.
 */
export function parseManifest(text: string): Map<string, string> | undefined {
  const hashes = new Map<string, string>()
  if (text !== '' && !text.endsWith('\n')) return undefined
  for (let from = 0; from < text.length;) {
    const end = text.indexOf('\n', from)
    const name = text.slice(from + 66, end)
    const hash = text.slice(from, from + 64)
    if (end - from < 67 || text.slice(from + 64, from + 66) !== '  ' || !/^[0-9a-f]{64}$/.test(hash)) return undefined
    if (bagPart(name) === undefined || hashes.has(name)) return undefined
    hashes.set(name, hash)
    from = end + 1
  }
  return hashes
}

export type BagInfo = readonly (readonly [label: string, value: string])[]

/** bag-info.txt: one `Label: value` per line; a value from people is brought to one visible line. */
export const bagInfoText = (info: BagInfo): string =>
  info.map(([label, value]) => `${label}: ${visible(value)}\n`).join('')

/** The labels and values of a bag-info.txt; undefined when a line is neither a label nor the continuation of one. */
export function parseBagInfo(text: string): BagInfo | undefined {
  const info: [string, string][] = []
  for (const line of text.split(/\r\n|\r|\n/)) {
    const last = info.at(-1)
    if (line === '') continue
    if (/^[ \t]/.test(line) && last !== undefined) last[1] += ` ${line.trim()}`
    else {
      const colon = line.indexOf(':')
      if (colon < 1 || colon > 80) return undefined
      info.push([line.slice(0, colon).trim(), line.slice(colon + 1).trim()])
    }
  }
  return info
}

export const infoValue = (info: BagInfo, label: string): string | undefined =>
  info.find(([each]) => each.toLowerCase() === label.toLowerCase())?.[1]

/** `Payload-Oxum: bytes.entries` (RFC 8493 section 2.2.2). */
export const oxum = (bytes: number, entries: number): string => `${bytes}.${entries}`
