import { eventFlags } from '#shared/domain/fields.ts'
import { JsonScanner } from './json-scanner.ts'

/** A JSON value that an export wrote as a string, and what parsing it hides (bits of `eventFlags`). */
export type EmbeddedJson = { readonly value: unknown; readonly flags: number }

/** Reads JSON from a string of a wrapper (`CloudTrailEvent`, `message`, `_raw`); `undefined` when it is not valid. */
export function parseEmbedded(text: string, depthLimit: number): EmbeddedJson | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return undefined
  }
  return { value, flags: hiddenFacts(Buffer.from(text, 'utf8'), depthLimit) }
}

function hiddenFacts(bytes: Buffer, depthLimit: number): number {
  let flags = 0
  const scanner = new JsonScanner(
    {
      item: (_window, item) => {
        if (item.duplicateKey) flags |= eventFlags.duplicateKey
        if (item.tooDeep) flags |= eventFlags.tooDeep
      },
      envelope: () => undefined,
      broken: () => undefined,
    },
    depthLimit,
  )
  scanner.push(bytes)
  scanner.end()
  return flags
}
