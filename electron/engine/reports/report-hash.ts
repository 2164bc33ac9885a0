import { createHash } from 'node:crypto'
import { canonicalJson } from '#shared/base/canonical-json.ts'
import type { ReportModel } from '#shared/domain/report.ts'

/** A model does not change, and its hash is asked for several times. */
const known = new WeakMap<ReportModel, string>()

/**
 * SHA-256 over the model's content as canonical JSON, lower-case hex. Printed on the cover, its first 8 digits on every page:
 * two prints with the same id say the same.
 */
export function reportHash(model: ReportModel): string {
  const hash = known.get(model) ?? hashOf(model)
  known.set(model, hash)
  return hash
}

function hashOf(model: ReportModel): string {
  const hash = createHash('sha256')
  for (const piece of jsonPieces(model, 3)) hash.update(piece)
  return hash.digest('hex')
}

/** What `canonicalJson` gives, row by row and record by record: the text of a whole model would be tens of megabytes. */
function* jsonPieces(value: unknown, depth: number): Generator<string> {
  if (depth === 0 || typeof value !== 'object' || value === null) yield canonicalJson(value)
  else if (Array.isArray(value)) {
    yield '['
    for (const [n, one] of value.entries()) {
      if (n > 0) yield ','
      yield* jsonPieces(one, depth - 1)
    }
    yield ']'
  } else {
    yield '{'
    const members = Object.entries(value).filter(([, inner]) => inner !== undefined)
    for (const [n, [key, inner]] of members.sort(([a], [b]) => (a < b ? -1 : 1)).entries()) {
      yield `${n > 0 ? ',' : ''}${JSON.stringify(key)}:`
      yield* jsonPieces(inner, depth - 1)
    }
    yield '}'
  }
}
